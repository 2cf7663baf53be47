package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks are rebuilt from files, and stored so that they can be. */
class GeneratorFilesTest {
  private static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens"), "pickles");

  private static Object config(Generator generator) {
    return generator instanceof StyleGan2Generator second
        ? second.config()
        : ((StyleGan3Generator) generator).config();
  }

  private static void assertSame(GeneratorNetwork got, GeneratorNetwork expected) {
    assertThat(config(got.generator())).isEqualTo(config(expected.generator()));
    assertSame(got.tensors(), expected.tensors());
  }

  private static void assertSame(Map<String, HostTensor> got, Map<String, HostTensor> expected) {
    assertThat(got.keySet()).containsExactlyElementsOf(expected.keySet());
    got.forEach(
        (name, tensor) ->
            assertThat(tensor.data().mismatch(expected.getOrDefault(name, tensor).data()))
                .as(name)
                .isEqualTo(-1));
  }

  private static void assertBuffers(StoredNetwork stored, List<NetworkVariable> variables) {
    assertThat(stored.buffers())
        .containsExactlyInAnyOrderElementsOf(
            variables.stream().filter(v -> !v.trainable()).map(v -> v.variable().name()).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4"})
  void officialNetworksAreRebuiltWithTheirOrderOfTensors(String name) {
    NetworkFile file = NetworkFile.read(GOLDENS.resolve(name + ".pkl"));
    GeneratorNetwork generator = GeneratorFiles.load(file, "G_ema");
    StoredNetwork stored = file.network("G_ema");
    assertThat(generator.tensors().keySet()).containsExactlyElementsOf(stored.tensors().keySet());
    assertBuffers(stored, generator.generator().variables());
    if (generator.generator() instanceof StyleGan3Generator third) {
      assertThat(third.config().magnitudeEmaBeta()).isEqualTo(0.9998613801725043);
      assertThat(third.config().convKernel()).isEqualTo(name.startsWith("sg3r") ? 1 : 3);
    }
    DiscriminatorNetwork discriminator = DiscriminatorFiles.load(file, "D");
    StoredNetwork storedToo = file.network("D");
    assertThat(discriminator.tensors().keySet())
        .containsExactlyElementsOf(storedToo.tensors().keySet());
    assertBuffers(storedToo, discriminator.discriminator().variables());
    assertThat(discriminator.discriminator().config().cDim())
        .isEqualTo(generator.generator().cDim());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3r_64_cond3", "sg2_32_cond4"})
  void officialNetworksSurviveTheOwnLayout(String name, @TempDir Path folder) {
    Path pickle = GOLDENS.resolve(name + ".pkl");
    Path copy = folder.resolve("copy.safetensors");
    NetworkFile.read(pickle).write(copy);
    assertSame(GeneratorFiles.load(copy, "G"), GeneratorFiles.load(pickle, "G"));
    Path rebuilt = folder.resolve("rebuilt.safetensors");
    Map<String, StoredNetwork> networks =
        Map.of(
            "G", GeneratorFiles.stored(GeneratorFiles.load(pickle, "G")),
            "D", DiscriminatorFiles.stored(DiscriminatorFiles.load(pickle, "D")));
    NetworkFile.write(rebuilt, networks, Map.of());
    assertSame(GeneratorFiles.load(rebuilt, "G"), GeneratorFiles.load(pickle, "G"));
    // Classes are those of the official network; only modules without tensors are left out.
    NetworkFile official = NetworkFile.read(pickle);
    networks.forEach(
        (net, stored) ->
            stored
                .modules()
                .forEach(
                    (path, module) ->
                        assertThat(module.className())
                            .as(net + " " + path)
                            .isEqualTo(official.network(net).module(path).className())));
  }

  @Test
  void aStyleGan3GeneratorMadeHereIsStoredAndRebuilt(@TempDir Path folder) {
    StyleGan3Config config =
        StyleGan3Config.stylegan3R(16)
            .with(b -> b.channelBase(64).channelMax(8).wDim(8).zDim(8).cDim(2));
    storedAndRebuilt(GeneratorNetwork.random(config, 7), folder);
  }

  @ParameterizedTest
  @EnumSource(BlockArchitecture.class)
  void aStyleGan2GeneratorMadeHereIsStoredAndRebuilt(
      BlockArchitecture architecture, @TempDir Path folder) {
    StyleGan2Config config =
        StyleGan2Config.stylegan2(16)
            .with(
                b ->
                    b.channelBase(64)
                        .channelMax(8)
                        .wDim(8)
                        .zDim(6)
                        .cDim(architecture == BlockArchitecture.SKIP ? 0 : 2)
                        .useNoise(architecture != BlockArchitecture.ORIG)
                        .mapping(
                            new MappingConfig(
                                2,
                                OptionalInt.of(3),
                                OptionalInt.of(5),
                                Activation.RELU,
                                0.1,
                                architecture == BlockArchitecture.RESNET
                                    ? OptionalDouble.empty()
                                    : OptionalDouble.of(0.9)))
                        .architecture(architecture));
    storedAndRebuilt(GeneratorNetwork.random(new StyleGan2Generator(config), 7), folder);
  }

  private static void storedAndRebuilt(GeneratorNetwork made, Path folder) {
    Path file = folder.resolve("made.safetensors");
    StoredNetwork stored = GeneratorFiles.stored(made);
    assertBuffers(stored, made.generator().variables());
    NetworkFile.write(file, Map.of("G_ema", stored), Map.of());
    assertSame(GeneratorFiles.load(file, GeneratorFiles.AVERAGE), made);
    assertThat(NetworkFile.read(file).network("G_ema").buffers()).isEqualTo(stored.buffers());
  }

  @ParameterizedTest
  @EnumSource(BlockArchitecture.class)
  void aDiscriminatorMadeHereIsStoredAndRebuiltWithFrozenLayersAsBuffers(
      BlockArchitecture architecture, @TempDir Path folder) {
    DiscriminatorConfig config =
        DiscriminatorConfig.ofResolution(16)
            .with(
                b ->
                    b.channelBase(64)
                        .channelMax(8)
                        .cDim(architecture == BlockArchitecture.ORIG ? 0 : 3)
                        .freezeLayers(2)
                        .architecture(architecture));
    DiscriminatorNetwork made = DiscriminatorNetwork.initial(new Discriminator(config), 5);
    StoredNetwork stored = DiscriminatorFiles.stored(made);
    assertThat(stored.buffers())
        .contains("b16.fromrgb.weight", "b16.fromrgb.bias", "b16.conv0.weight", "b16.conv0.bias")
        .doesNotContain("b16.conv1.weight", "b16.conv1.bias");
    Path file = folder.resolve("made.safetensors");
    NetworkFile.write(file, Map.of("D", stored), Map.of());
    DiscriminatorNetwork again = DiscriminatorFiles.load(file, DiscriminatorFiles.NAME);
    assertThat(again.discriminator().config()).isEqualTo(config);
    assertSame(again.tensors(), made.tensors());
  }

  @Test
  void whatIsNotAGeneratorIsRefusedWithTheFilesName(@TempDir Path folder) throws IOException {
    Path pickle = GOLDENS.resolve("sg3t_32.pkl");
    assertThatThrownBy(() -> GeneratorFiles.load(pickle, "D"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContainingAll(pickle + ": in D: ", "discriminator");
    assertThatThrownBy(() -> GeneratorFiles.load(pickle, "augment_pipe"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContainingAll(pickle + ": in augment_pipe: ", "class AugmentPipe");
    assertThatThrownBy(() -> DiscriminatorFiles.load(pickle, "G"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContainingAll(pickle + ": in G: ", "not a discriminator");
    assertThatThrownBy(() -> GeneratorFiles.load(pickle, "Gs"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessage(
            pickle + ": there is no network \"Gs\" in the file; it has G, D, G_ema, augment_pipe.");
    Path tensors = folder.resolve("tensors.safetensors");
    new Safetensors(Map.of()).write(tensors);
    assertThatThrownBy(() -> GeneratorFiles.load(tensors, "G_ema"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("no network");
    byte[] empty = new PickleAssembler().op(PickleOpcode.EMPTY_DICT).bytes();
    byte[] b4 = new PickleAssembler().module("SynthesisBlock", empty).bytes();
    byte[] children = new PickleAssembler().dict(Map.of("b4", b4)).bytes();
    byte[] state = new PickleAssembler().dict(Map.of("_modules", children)).bytes();
    byte[] synthesis = new PickleAssembler().module("SynthesisNetwork", state).bytes();
    byte[] modules = new PickleAssembler().dict(Map.of("synthesis", synthesis)).bytes();
    Path stylegan2 =
        Files.write(
            folder.resolve("sg2.pkl"), PickleAssembler.snapshot(Map.of("_modules", modules)));
    assertThatThrownBy(() -> GeneratorFiles.load(stylegan2, "G_ema"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContaining("lacks synthesis.b4.const");
  }
}
