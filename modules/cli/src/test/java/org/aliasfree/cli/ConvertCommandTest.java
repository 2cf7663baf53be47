package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  private static final Path PICKLES = OptionValuesTest.GOLDENS.resolve("pickles");

  @TempDir private Path temp;

  private String at(String name) {
    return temp.resolve(name).toString();
  }

  private static void succeed(String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
  }

  private byte[] picture(String network) throws IOException {
    succeed(
        "generate",
        "--network",
        network,
        "--seeds=5",
        "--class=1",
        "--outdir",
        at("pictures"),
        "--backend=cpu-reference");
    return Files.readAllBytes(temp.resolve("pictures/seed0005.png"));
  }

  @Test
  void picturesStayTheSameThroughAllFormats() throws IOException {
    String pickle = PICKLES.resolve("sg2_32_cond4.pkl").toString();
    succeed("convert", pickle, at("a.safetensors"));
    succeed("convert", at("a.safetensors"), at("b.pkl"));
    succeed("convert", "--net=G_ema", at("b.pkl"), at("c.safetensors"));
    byte[] expected = picture(pickle);
    assertThat(picture(at("a.safetensors"))).isEqualTo(expected);
    assertThat(picture(at("b.pkl"))).isEqualTo(expected);
    assertThat(picture(at("c.safetensors"))).isEqualTo(expected);
    assertThat(NetworkFile.read(temp.resolve("a.safetensors")).names())
        .containsExactlyElementsOf(NetworkFile.read(Path.of(pickle)).names());
    assertThat(NetworkFile.read(temp.resolve("c.safetensors")).names()).containsExactly("G_ema");
  }

  @Test
  void halfKeepsParametersInF16AndBuffersInF32() {
    String pickle = PICKLES.resolve("sg3t_32.pkl").toString();
    succeed("convert", "--net=G_ema", "--half", pickle, at("half.safetensors"));
    var half = NetworkFile.read(temp.resolve("half.safetensors")).network("G_ema");
    assertThat(half.tensor("mapping.fc0.weight").dtype()).isEqualTo(DType.F16);
    assertThat(half.tensor("mapping.w_avg").dtype()).isEqualTo(DType.F32);
    var full = GeneratorFiles.load(Path.of(pickle), "G_ema").tensors();
    GeneratorFiles.load(temp.resolve("half.safetensors"), "G_ema")
        .tensors()
        .forEach(
            (name, got) -> {
              HostTensor expected = Objects.requireNonNull(full.get(name), name);
              for (long i = 0; i < got.type().elements(); i++) {
                double value = expected.get(i);
                assertThat(Math.abs(got.get(i) - value))
                    .isLessThanOrEqualTo(Math.abs(value) / 2048 + Math.scalb(1.0, -25));
              }
            });
  }

  @Test
  void onnxModelsAreWrittenForOneGenerator() {
    succeed("convert", CommandRun.TINY, at("tiny.onnx"));
    CommandRun run =
        CommandRun.of(
            "convert", "--input=w", "--batch=2", "--with-transform", CommandRun.TINY, at("w.onnx"));
    assertThat(run.out()).singleElement().asString().startsWith(at("w.onnx") + ": G_ema, ");
    assertThat(temp.resolve("tiny.onnx")).isNotEmptyFile();
  }

  @Test
  void allThatIsWrongIsToldAtOnceAndNothingIsWritten() {
    String pickle = PICKLES.resolve("sg2_32.pkl").toString();
    assertProblems(
        List.of("--input", "--batch", "--noise-mode", "--half"),
        2,
        "convert",
        "--input=x",
        "--batch=0",
        "--noise-mode=random",
        "--half",
        pickle,
        at("a.onnx"));
    assertProblems(
        List.of("--input", "--with-transform"),
        2,
        "convert",
        "--input=w",
        "--with-transform",
        pickle,
        at("a.pkl"));
    assertProblems(List.of("TARGET"), 2, "convert", pickle, at("a.pt"));
    assertProblems(List.of("SOURCE"), 2, "convert", "model.onnx", at("a.pkl"));
    assertProblems(List.of("--net"), 2, "convert", "--net=H", pickle, at("a.safetensors"));
    assertProblems(List.of("--net"), 2, "convert", "--net=D", pickle, at("a.onnx"));
    assertProblems(
        List.of("--with-transform"), 2, "convert", "--with-transform", pickle, at("a.onnx"));
    assertProblems(List.of("SOURCE"), 1, "convert", at("none.pkl"), at("a.onnx"));
    assertProblems(List.of("SOURCE"), 1, "convert", at("none.pkl"), at("a.safetensors"));
    assertThat(temp).isEmptyDirectory();
  }

  private static void assertProblems(List<String> expected, int exitCode, String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(run.err().get(i)).contains(expected.get(i));
    }
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }
}
