package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Golden StyleGAN2 networks, and random ones of the other architectures, written as the TensorFlow
 * versions did and read again. {@code -Dtensorflow.keep=FOLDER} keeps the files, and what was read
 * from them as safetensors.
 */
class TensorFlowNetworksTest {
  private static final String KEEP = System.getProperty("tensorflow.keep", "");

  static final Map<String, Object> G_KEYWORDS =
      Map.of(
          "latent_size", 32L,
          "dlatent_size", 32L,
          "resolution", 32L,
          "fmap_base", 256L,
          "fmap_max", 18L,
          "num_fp16_res", 4L,
          "conv_clamp", 256L,
          "w_avg_beta", 0.998,
          "fused_modconv", true);

  static final Map<String, Object> D_KEYWORDS =
      Map.of(
          "resolution", 32L,
          "fmap_base", 256L,
          "fmap_max", 18L,
          "num_fp16_res", 4L,
          "conv_clamp", 256L,
          "mbstd_group_size", 4L);

  static Map<String, @Nullable Object> with(
      Map<String, ? extends @Nullable Object> keywords, @Nullable Object... more) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>(keywords);
    for (int i = 0; i < more.length; i += 2) {
      all.put(String.valueOf(more[i]), more[i + 1]);
    }
    return all;
  }

  private static NetworkFile golden(String name) {
    return NetworkFile.read(
        Path.of(System.getProperty("aliasfree.goldens"), "pickles", name + ".pkl"));
  }

  /** Reads a file and keeps it when wished. */
  private static NetworkFile read(String name, byte[] bytes) throws IOException {
    NetworkFile file =
        NetworkFile.read(new MappedFile(Path.of(name), MemorySegment.ofArray(bytes)));
    if (!KEEP.isEmpty()) {
      Files.write(Path.of(KEEP, name + ".pkl"), bytes);
      file.write(Path.of(KEEP, name + ".safetensors"));
    }
    return file;
  }

  /** Biases of styles are stored less 1, which loses bits. */
  private static Map<String, HostTensor> asStored(Map<String, HostTensor> tensors) {
    Map<String, HostTensor> stored = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          HostTensor same = HostTensor.allocate(tensor.type());
          for (long i = 0; i < tensor.type().elements(); i++) {
            float value = (float) tensor.get(i);
            same.set(i, name.endsWith("affine.bias") ? (value - 1f) + 1f : value);
          }
          stored.put(name, same);
        });
    return stored;
  }

  private static void assertSame(StoredNetwork network, Map<String, HostTensor> expected) {
    assertThat(network.tensors().keySet()).containsExactlyElementsOf(expected.keySet());
    expected.forEach(
        (name, tensor) -> {
          assertThat(network.tensor(name).type()).as(name).isEqualTo(tensor.type());
          assertThat(network.tensor(name).data().mismatch(tensor.data())).as(name).isEqualTo(-1);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg2_32", "sg2_32_cond4"})
  void goldenNetworksComeBackBitForBit(String name) throws IOException {
    NetworkFile golden = golden(name);
    boolean conditional = name.endsWith("cond4");
    Map<String, ?> g =
        conditional
            ? with(
                G_KEYWORDS,
                "latent_size",
                24L,
                "dlatent_size",
                28L,
                "fmap_base",
                128L,
                "fmap_max",
                16L,
                "label_size",
                4L,
                "mapping_layers",
                4L)
            : G_KEYWORDS;
    Map<String, ?> d =
        conditional
            ? with(
                D_KEYWORDS,
                "fmap_base",
                128L,
                "fmap_max",
                16L,
                "label_size",
                4L,
                "mapping_layers",
                8L,
                "mapping_lrmul",
                0.01)
            : D_KEYWORDS;
    NetworkFile read =
        read(
            name,
            TensorFlowFile.triple(
                TensorFlowFile.generator(golden.network("G").tensors(), g),
                TensorFlowFile.discriminator(golden.network("D").tensors(), d),
                TensorFlowFile.generator(golden.network("G_ema").tensors(), g)));
    assertThat(read.names()).containsExactly("G", "D", "G_ema");
    assertThat(read.entries()).isEmpty();
    for (String network : read.names()) {
      StoredNetwork expected = golden.network(network);
      StoredNetwork got = read.network(network);
      assertSame(got, asStored(expected.tensors()));
      assertThat(got.buffers()).containsExactlyElementsOf(expected.buffers());
      assertThat(got.kind()).isEqualTo(expected.kind());
      assertThat(got.modules().keySet()).containsExactlyElementsOf(expected.modules().keySet());
      got.modules().forEach((path, module) -> assertAlike(path, module, expected.module(path)));
    }
    assertWrittenAsAPickle(read);
  }

  /** What PyTorch would hold in their place can be written for PyTorch. */
  private static void assertWrittenAsAPickle(NetworkFile read) throws IOException {
    Path pickle = Files.createTempFile("networks", ".pkl");
    read.write(pickle);
    NetworkFile again = NetworkFile.read(pickle);
    for (String network : read.names()) {
      assertSame(again.network(network), read.network(network).tensors());
    }
    assertThat(GeneratorFiles.load(again, "G").generator().zDim())
        .isEqualTo(GeneratorFiles.load(read, "G").generator().zDim());
    Files.delete(pickle);
  }

  private static void assertAlike(String path, StoredModule got, StoredModule expected) {
    assertThat(got.className()).as(path).isEqualTo(expected.className());
    assertThat(expected.attributes()).as(path).containsAllEntriesOf(got.attributes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"orig", "skip", "resnet"})
  void everyArchitectureComesBack(String architecture) throws IOException {
    Map<String, HostTensor> g = generator(architecture);
    Map<String, HostTensor> d = discriminator(architecture);
    Map<String, ?> keywords = with(G_KEYWORDS, "architecture", architecture);
    byte[] generator = TensorFlowFile.generator(g, keywords);
    NetworkFile read =
        read(
            architecture,
            TensorFlowFile.triple(
                generator,
                TensorFlowFile.discriminator(d, with(D_KEYWORDS, "architecture", architecture)),
                generator));
    assertSame(read.network("G_ema"), g);
    assertSame(read.network("D"), d);
    assertThat(read.network("D").initKwargs()).containsEntry("architecture", architecture);
    assertThat(synthesisArchitecture(read.network("G"))).isEqualTo(architecture);
  }

  private static @Nullable Object synthesisArchitecture(StoredNetwork generator) {
    return generator.initKwargs().get("synthesis_kwargs") instanceof Map<?, ?> keywords
        ? keywords.get("architecture")
        : null;
  }

  @Test
  void namesByLevelOfDetailMeanTheArchitectureWithoutSkips() throws IOException {
    Map<String, HostTensor> g = generator("orig");
    Map<String, HostTensor> d = discriminator("orig");
    byte[] generator = TensorFlowFile.generator(g, G_KEYWORDS, TensorFlowFile.Spelling.USUAL, true);
    NetworkFile read =
        read(
            "lod",
            TensorFlowFile.triple(
                generator,
                TensorFlowFile.discriminator(d, D_KEYWORDS, TensorFlowFile.Spelling.USUAL, true),
                generator));
    assertSame(read.network("G"), g);
    assertSame(read.network("D"), d);
    assertThat(read.network("D").initKwargs()).containsEntry("architecture", "orig");
    assertThat(synthesisArchitecture(read.network("G"))).isEqualTo("orig");
  }

  @Test
  void otherSpellingsGiveTheSame() throws IOException {
    Map<String, HostTensor> g = generator("skip");
    Map<String, HostTensor> d = discriminator("resnet");
    byte[] generator =
        TensorFlowFile.generator(g, G_KEYWORDS, TensorFlowFile.Spelling.OTHER, false);
    NetworkFile read =
        read(
            "spelling",
            TensorFlowFile.triple(
                generator,
                TensorFlowFile.discriminator(d, D_KEYWORDS, TensorFlowFile.Spelling.OTHER, false),
                generator));
    assertSame(read.network("G_ema"), g);
    assertSame(read.network("D"), d);
  }

  @Test
  void tensorsThatAreLaidOutAlikeStayInTheFile() throws IOException {
    byte[] generator = TensorFlowFile.generator(generator("skip"), G_KEYWORDS);
    byte[] bytes =
        TensorFlowFile.triple(
            generator,
            TensorFlowFile.discriminator(discriminator("resnet"), D_KEYWORDS),
            generator);
    StoredNetwork network = read("memory", bytes).network("G_ema");
    for (String name :
        List.of("b4.const", "b8.conv0.bias", "b8.conv1.noise_const", "b32.conv0.noise_strength")) {
      assertThat(network.tensor("synthesis." + name).data().heapBase()).as(name).contains(bytes);
    }
    assertThat(network.tensor("mapping.fc0.weight").data().heapBase()).isEmpty();
  }

  @Test
  void frozenLayersAreListedAsPyTorchListsThem() throws IOException {
    byte[] generator = TensorFlowFile.generator(generator("skip"), G_KEYWORDS);
    byte[] d =
        TensorFlowFile.discriminator(
            discriminator("resnet"), with(D_KEYWORDS, "freeze_layers", 1L));
    StoredNetwork network =
        read("frozen", TensorFlowFile.triple(generator, d, generator)).network("D");
    assertThat(network.tensors().keySet().stream().limit(6))
        .containsExactly(
            "b32.resample_filter",
            "b32.fromrgb.resample_filter",
            "b32.fromrgb.weight",
            "b32.fromrgb.bias",
            "b32.conv0.weight",
            "b32.conv0.bias");
    assertThat(network.buffers())
        .contains("b32.fromrgb.weight", "b32.fromrgb.bias")
        .doesNotContain("b32.conv0.weight");
  }

  /** Random tensors under the names of a golden generator, changed to another architecture. */
  static Map<String, HostTensor> generator(String architecture) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    Random random = new Random(1);
    Map<String, HostTensor> golden = golden("sg2_32").network("G").tensors();
    for (Map.Entry<String, HostTensor> entry : golden.entrySet()) {
      String name = entry.getKey();
      boolean last = name.startsWith("synthesis.b32.");
      if (last || architecture.equals("skip") || !name.contains(".torgb.")) {
        tensors.put(name, random(name, entry.getValue(), random));
      }
      if (architecture.equals("resnet")
          && !name.startsWith("synthesis.b4.")
          && name.endsWith(last ? ".torgb.affine.bias" : ".conv1.affine.bias")) {
        String block = name.substring(0, name.indexOf('.', 11) + 1);
        HostTensor weight = golden.get(block + "conv0.weight");
        long[] sizes = Objects.requireNonNull(weight).shape().toArray();
        tensors.put(block + "skip.weight", random(name, random, sizes[0], sizes[1], 1, 1));
        put(tensors, block + "skip.resample_filter", golden.get(block + "resample_filter"));
      }
    }
    return tensors;
  }

  /** As {@link #generator}, for a discriminator. */
  static Map<String, HostTensor> discriminator(String architecture) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    Random random = new Random(2);
    Map<String, HostTensor> golden = golden("sg2_32").network("D").tensors();
    boolean skip = architecture.equals("skip");
    if (skip && golden.containsKey("b4.fromrgb.weight")) {
      throw new AssertionError("the golden network has the architecture resnet");
    }
    for (Map.Entry<String, HostTensor> entry : golden.entrySet()) {
      String name = entry.getKey();
      String block = name.substring(0, name.indexOf('.') + 1);
      boolean later = skip && !block.equals("b32.");
      HostTensor first = golden.get(block + (block.equals("b4.") ? "conv" : "conv0") + ".weight");
      if (later
          && tensors.keySet().stream().noneMatch(n -> n.startsWith(block + "fromrgb."))
          && name.matches("b\\d+\\.conv0?\\.weight")) {
        long channels = Objects.requireNonNull(first).shape().dim(block.equals("b4.") ? 0 : 1);
        tensors.put(block + "fromrgb.weight", random(name, random, channels, 3, 1, 1));
        tensors.put(block + "fromrgb.bias", random(name, random, channels));
        put(tensors, block + "fromrgb.resample_filter", golden.get("b32.resample_filter"));
      }
      if (architecture.equals("resnet") || !name.contains(".skip.")) {
        tensors.put(name, random(name, entry.getValue(), random));
      }
    }
    return tensors;
  }

  private static void put(
      Map<String, HostTensor> tensors, String name, @Nullable HostTensor tensor) {
    tensors.put(name, Objects.requireNonNull(tensor));
  }

  private static HostTensor random(String name, HostTensor like, Random random) {
    return name.endsWith("resample_filter") ? like : random(name, random, like.shape().toArray());
  }

  /** Biases of styles lie on a grid, so that less 1 and plus 1 leaves them as they are. */
  private static HostTensor random(String name, Random random, long... sizes) {
    HostTensor tensor = HostTensor.allocate(TensorType.f32(sizes));
    boolean grid = name.endsWith("affine.bias");
    for (long i = 0; i < tensor.type().elements(); i++) {
      tensor.set(i, grid ? random.nextInt(4096) / 1024.0 : random.nextGaussian());
    }
    assertThat(Arrays.stream(sizes).allMatch(size -> size > 0)).isTrue();
    return tensor;
  }
}
