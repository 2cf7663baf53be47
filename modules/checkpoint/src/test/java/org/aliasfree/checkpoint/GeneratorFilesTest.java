package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generators are rebuilt from files, and stored so that they can be. */
class GeneratorFilesTest {
  private static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens"), "pickles");

  private static StyleGan3Config config(GeneratorNetwork network) {
    return ((StyleGan3Generator) network.generator()).config();
  }

  private static void assertSame(GeneratorNetwork got, GeneratorNetwork expected) {
    assertThat(config(got)).isEqualTo(config(expected));
    assertThat(got.tensors().keySet()).containsExactlyElementsOf(expected.tensors().keySet());
    got.tensors()
        .forEach(
            (name, tensor) ->
                assertThat(
                        tensor
                            .data()
                            .mismatch(expected.tensors().getOrDefault(name, tensor).data()))
                    .as(name)
                    .isEqualTo(-1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sg3t_32.pkl", "sg3r_64_cond3.pkl"})
  void theOfficialGeneratorIsRebuiltWithItsOrderOfTensors(String name) {
    NetworkFile file = NetworkFile.read(GOLDENS.resolve(name));
    GeneratorNetwork network = GeneratorFiles.load(file, "G_ema");
    StoredNetwork stored = file.network("G_ema");
    assertThat(network.tensors().keySet()).containsExactlyElementsOf(stored.tensors().keySet());
    assertThat(stored.buffers())
        .containsExactlyInAnyOrderElementsOf(
            network.generator().variables().stream()
                .filter(v -> !v.trainable())
                .map(v -> v.variable().name())
                .toList());
    assertThat(config(network).magnitudeEmaBeta()).isEqualTo(0.9998613801725043);
    assertThat(config(network).convKernel()).isEqualTo(name.startsWith("sg3r") ? 1 : 3);
  }

  @Test
  void theOfficialGeneratorSurvivesTheOwnLayout(@TempDir Path folder) {
    Path pickle = GOLDENS.resolve("sg3r_64_cond3.pkl");
    Path copy = folder.resolve("copy.safetensors");
    NetworkFile.read(pickle).write(copy);
    assertSame(GeneratorFiles.load(copy, "G"), GeneratorFiles.load(pickle, "G"));
  }

  @Test
  void aGeneratorMadeHereIsStoredAndRebuilt(@TempDir Path folder) {
    StyleGan3Config config =
        StyleGan3Config.stylegan3R(16)
            .with(b -> b.channelBase(64).channelMax(8).wDim(8).zDim(8).cDim(2));
    GeneratorNetwork made = GeneratorNetwork.random(config, 7);
    Path file = folder.resolve("made.safetensors");
    NetworkFile.write(file, Map.of("G_ema", GeneratorFiles.stored(made)), Map.of());
    assertSame(GeneratorFiles.load(file, GeneratorFiles.AVERAGE), made);
  }

  @Test
  void whatIsNotAGeneratorIsRefusedWithTheFilesName(@TempDir Path folder) throws IOException {
    Path pickle = GOLDENS.resolve("sg3t_32.pkl");
    assertThatThrownBy(() -> GeneratorFiles.load(pickle, "D"))
        .isInstanceOf(NetworkFileException.class)
        .hasMessageContainingAll(pickle + ": in D: ", "discriminator");
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
        .hasMessageContaining("StyleGAN2 networks are not supported yet");
  }
}
