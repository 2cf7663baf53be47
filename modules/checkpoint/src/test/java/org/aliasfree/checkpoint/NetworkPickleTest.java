package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Networks are written as pickles and read back. */
class NetworkPickleTest {
  /** Snapshots of networks made here: small, and between them with every kind of module. */
  static Stream<Map<String, StoredNetwork>> snapshots() {
    StyleGan3Config t =
        StyleGan3Config.stylegan3T(16).with(b -> b.channelBase(64).channelMax(8).wDim(8).zDim(8));
    StyleGan3Config r =
        StyleGan3Config.stylegan3R(16)
            .with(b -> b.channelBase(64).channelMax(8).wDim(8).zDim(8).cDim(2))
            .with(b -> b.numFp16Res(0).convClamp(OptionalDouble.empty()));
    List<Map<String, StoredNetwork>> all =
        new ArrayList<>(
            List.of(
                snapshot(GeneratorNetwork.random(t, 7), BlockArchitecture.RESNET, 0, 4),
                snapshot(GeneratorNetwork.random(r, 7), BlockArchitecture.RESNET, 2, 0)));
    for (BlockArchitecture architecture : BlockArchitecture.values()) {
      int labels = architecture == BlockArchitecture.SKIP ? 0 : 3;
      StyleGan2Config config =
          StyleGan2Config.stylegan2(16)
              .with(b -> b.channelBase(64).channelMax(8).wDim(8).zDim(6).cDim(labels))
              .with(b -> b.architecture(architecture).numFp16Res(2));
      GeneratorNetwork generator = GeneratorNetwork.random(new StyleGan2Generator(config), 7);
      all.add(snapshot(generator, architecture, labels, 2));
    }
    return all.stream();
  }

  private static Map<String, StoredNetwork> snapshot(
      GeneratorNetwork generator, BlockArchitecture architecture, int labels, int frozen) {
    DiscriminatorConfig config =
        DiscriminatorConfig.ofResolution(16)
            .with(b -> b.channelBase(64).channelMax(8).cDim(labels).freezeLayers(frozen))
            .with(b -> b.architecture(architecture));
    Map<String, StoredNetwork> networks = new LinkedHashMap<>();
    networks.put("G", GeneratorFiles.stored(generator));
    DiscriminatorNetwork discriminator = DiscriminatorNetwork.initial(new Discriminator(config), 5);
    networks.put("D", DiscriminatorFiles.stored(discriminator));
    networks.put("G_ema", GeneratorFiles.stored(generator));
    return networks;
  }

  private static StoredNetwork pipe(Map<String, @Nullable Object> keywords) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("p", HostTensor.scalar(org.aliasfree.tensor.DType.F32, 0.25));
    tensors.put("Hz_geom", HostTensor.allocate(TensorType.f32(12)));
    tensors.put("Hz_fbank", HostTensor.allocate(TensorType.f32(4, 43)));
    return AugmentPipeFiles.stored(keywords, tensors);
  }

  private static void assertSame(NetworkFile got, Map<String, StoredNetwork> expected) {
    assertThat(got.names()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach(
        (name, network) -> {
          StoredNetwork read = got.network(name);
          assertThat(read.modules()).as(name).isEqualTo(network.modules());
          assertThat(read.buffers()).as(name).isEqualTo(network.buffers());
          assertThat(read.tensors().keySet())
              .as(name)
              .containsExactlyElementsOf(network.tensors().keySet());
          network
              .tensors()
              .forEach(
                  (tensor, data) -> {
                    assertThat(read.tensor(tensor).type()).as(tensor).isEqualTo(data.type());
                    assertThat(read.tensor(tensor).data().mismatch(data.data())).isEqualTo(-1);
                  });
        });
  }

  @ParameterizedTest
  @MethodSource("snapshots")
  void networksMadeHereAreReadBackExactly(Map<String, StoredNetwork> networks, @TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("x.pkl");
    NetworkFile.write(file, networks, Map.of());
    assertSame(NetworkFile.read(file), networks);
    assertThat(NetworkFile.read(file).names()).containsExactly("G", "D", "G_ema");
    OtherUnpicklerTest.assertBothReadersFindTheSame(file);
    Path again = folder.resolve("again.pkl");
    NetworkFile.read(file).write(again);
    assertThat(Files.mismatch(file, again)).isEqualTo(-1);
  }

  @Test
  void settingsOfEveryKindAndThePipeAreReadBackExactly(@TempDir Path folder) throws IOException {
    Map<String, StoredNetwork> networks = new LinkedHashMap<>();
    networks.put(
        AugmentPipeFiles.NAME,
        pipe(Map.of("xflip", 1L, "scale_std", 0.3, "imgfilter_bands", List.of(1L, 0L, 1L, 0.5))));
    networks.putAll(snapshots().findFirst().orElseThrow());
    Map<String, @Nullable Object> settings = new LinkedHashMap<>();
    settings.put("path", "/a/ü 雪.zip");
    settings.put("max_size", null);
    settings.put("use_labels", true);
    settings.put(
        "numbers",
        Arrays.asList(
            0L, 255L, 256L, -1L, 1L << 31, Long.MIN_VALUE, Long.MAX_VALUE, 0.1, -0.0, 1e300));
    settings.put("big", BigInteger.TWO.pow(500).negate());
    settings.put("nothing", Map.of());
    settings.put("nested", Map.of("list", List.of(List.of(), Map.of("a", "b"))));
    for (int i = 0; i < 300; i++) { // more texts than have a short reference
      settings.put("key" + i, List.of("value" + i, "value" + i));
    }
    Map<String, @Nullable Object> entries = new LinkedHashMap<>();
    entries.put("note", "ours");
    entries.put("training_set_kwargs", settings);
    Path file = folder.resolve("x.pkl");
    NetworkFile.write(file, networks, entries);
    NetworkFile read = NetworkFile.read(file);
    assertSame(read, networks);
    assertThat(read.entries()).isEqualTo(entries);
    assertThat(read.names()).containsExactly("G", "D", "G_ema", AugmentPipeFiles.NAME);
    OtherUnpicklerTest.assertBothReadersFindTheSame(file);
  }

  @ParameterizedTest
  @MethodSource("org.aliasfree.checkpoint.GoldenPickleTest#pickles")
  void officialNetworksKeepTheirConfigurationAndTensors(Path pickle, @TempDir Path folder) {
    NetworkFile official = NetworkFile.read(pickle);
    Path file = folder.resolve("x.pkl");
    official.write(file);
    NetworkFile read = NetworkFile.read(file);
    assertThat(read.entries()).isEqualTo(official.entries());
    Map<String, StoredNetwork> rebuilt = new LinkedHashMap<>();
    for (String name : List.of("G", "G_ema")) {
      rebuilt.put(name, GeneratorFiles.stored(GeneratorFiles.load(official, name)));
    }
    rebuilt.put("D", DiscriminatorFiles.stored(DiscriminatorFiles.load(official, "D")));
    rebuilt.put(AugmentPipeFiles.NAME, official.network(AugmentPipeFiles.NAME));
    assertSame(read, rebuilt);
    for (String name : read.names()) {
      Map<String, HostTensor> tensors = official.network(name).tensors();
      assertThat(read.network(name).tensors().keySet()).containsExactlyElementsOf(tensors.keySet());
    }
  }

  @Test
  void whatCannotBeWrittenIsRefusedAndNothingIsTouched(@TempDir Path folder) throws IOException {
    Map<String, StoredNetwork> good = snapshots().findFirst().orElseThrow();
    Path file = Files.writeString(folder.resolve("x.pkl"), "before");
    Map<String, StoredNetwork> bad = new HashMap<>(good);
    bad.remove("D");
    bad.remove("G");
    refused(file, bad, Map.of(), "without G and D", "safetensors");
    refused(file, with(good, "G_ema", good.get("D")), Map.of(), "\"G_ema\"", "discriminator");
    refused(file, with(good, "Gs", good.get("G")), Map.of(), "\"Gs\"", "augment_pipe");
    StoredNetwork g = Objects.requireNonNull(good.get("G"));
    Map<String, @Nullable Object> keywords = new HashMap<>(g.initKwargs());
    keywords.put("wavelets", 3L);
    Map<String, StoredModule> modules = new LinkedHashMap<>(g.modules());
    modules.put("", new StoredModule("Generator", List.of(), keywords, Map.of()));
    StoredNetwork changed = new StoredNetwork(modules, g.tensors(), g.buffers());
    refused(file, with(good, "G", changed), Map.of(), "\"G\"", "wavelets", "changed code");
    StoredNetwork blur = pipe(Map.of("xflip", 1L));
    blur =
        new StoredNetwork(
            Map.of("", new StoredModule("AugmentPipe", List.of(), Map.of("blur", 1L), Map.of())),
            blur.tensors(),
            blur.buffers());
    refused(file, with(good, AugmentPipeFiles.NAME, blur), Map.of(), "blur", "changed code");
    refused(file, with(good, AugmentPipeFiles.NAME, g), Map.of(), "not an augmentation pipe");
    refused(file, good, Map.of("G", 1L), "\"G\"", "named as a network");
    refused(file, good, Map.of("training_set_kwargs", "zip"), "training_set_kwargs", "zip");
    refused(file, good, Map.of("x", Path.of("y")), "Path", "cannot be stored");
    refused(file, good, Map.of("x", BigInteger.TWO.pow(600)), "601 bits", "cannot be stored");
    assertThat(file).hasContent("before");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  private static Map<String, StoredNetwork> with(
      Map<String, StoredNetwork> networks, String name, @Nullable StoredNetwork network) {
    Map<String, StoredNetwork> all = new LinkedHashMap<>(networks);
    all.put(name, Objects.requireNonNull(network));
    return all;
  }

  private static void refused(
      Path file,
      Map<String, StoredNetwork> networks,
      Map<String, @Nullable Object> entries,
      String... words) {
    assertThatThrownBy(() -> NetworkFile.write(file, networks, entries))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContainingAll(words)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void theSourceInAPickleIsThisProjectsOwn() {
    for (NetworkSource source : NetworkSource.values()) {
      assertThat(source.text())
          .contains("SPDX-License-Identifier: Apache-2.0")
          .doesNotContainIgnoringCase("nvidia")
          .matches(text -> text.chars().allMatch(c -> c < 128), "ASCII");
    }
  }
}
