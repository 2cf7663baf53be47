package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whether what {@code bench} prints is about the right thing; never how fast it is. */
class BenchCommandTest {
  @TempDir private Path folder = Path.of("");

  private static JsonNode measure(String... more) {
    CommandRun run = CommandRun.of(words(more));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).hasSize(1);
    return JsonMapper.shared().readTree(run.out().getFirst());
  }

  private static String[] words(String... more) {
    List<String> words =
        new java.util.ArrayList<>(List.of("bench", "--json", "--runs=2", "--warmup=1"));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  @Test
  void thePictureMeasuredIsTheOneThatGenerateWrites() throws IOException, NoSuchAlgorithmException {
    for (String network : List.of(CommandRun.TINY, CommandRun.TINY + "&c_dim=2")) {
      JsonNode result = measure("--network=" + network, "--seed=5", "--batch=3");
      CommandRun made =
          CommandRun.of(
              "generate", "--network=" + network, "--seeds=5", "--class=0", "--outdir=" + folder);
      assertThat(made.exitCode()).isZero();
      byte[] png = Files.readAllBytes(folder.resolve("seed0005.png"));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(png);
      assertThat(result.get("png_sha256").asString()).isEqualTo(HexFormat.of().formatHex(hash));
    }
  }

  @Test
  void aLineHasTheKeysThatOtherProgramsPrintAndMore() {
    JsonNode result = measure("--network=" + CommandRun.TINY, "--batch=2", "--threads=3");
    assertThat(result.get("peer").asString()).isEqualTo("aliasfree");
    assertThat(result.get("config").asString()).isEqualTo(CommandRun.TINY);
    assertThat(result.get("device").asString()).isEqualTo("cpu");
    assertThat(result.get("backend").asString()).isEqualTo("cpu-vector");
    assertThat(result.get("batch").asInt()).isEqualTo(2);
    assertThat(result.get("threads").asInt()).isEqualTo(3);
    assertThat(result.get("peaks").get("threads").asInt()).isEqualTo(3);
    double seconds = result.get("s_per_image").asDouble();
    assertThat(result.get("min").asDouble()).isPositive().isLessThanOrEqualTo(seconds);
    assertThat(result.get("max").asDouble()).isGreaterThanOrEqualTo(seconds);
    assertThat(result.get("peak_bytes").asLong())
        .isGreaterThan(result.get("run_bytes").asLong() + result.get("variable_bytes").asLong());
  }

  @Test
  void layersAreTheStepsOfThePlanByName() {
    JsonNode layers = measure("--network=" + CommandRun.TINY).get("layers");
    List<JsonNode> convolutions =
        layers
            .valueStream()
            .filter(l -> l.get("op").asString().equals("modulated_conv2d"))
            .toList();
    assertThat(convolutions).hasSize(5); // four layers and the one to RGB
    assertThat(convolutions.getLast().get("layer").asString()).startsWith("synthesis.L4_16_3");
    JsonNode last = convolutions.getLast(); // 1 × 1, I → 3, with its styles and output scales
    String[] shape = last.get("output").asString().split("[\\[\\], ]+", -1);
    long pixels = Long.parseLong(shape[3]) * Long.parseLong(shape[4]);
    assertThat(last.get("flops").asLong()).isEqualTo(pixels * (2 * 3 * 8 + 8 + 3));
    assertThat(last.get("bytes").asLong()).isEqualTo(4 * (pixels * (8 + 3) + 3 * 8 + 8 + 3));
  }

  @Test
  void theTableForPeopleHasARowForEachLayerAndTheCommandThatMakesThePicture() {
    CommandRun run =
        CommandRun.of("bench", "--network", CommandRun.TINY, "--runs=1", "--backend=cpu-reference");
    assertThat(run.exitCode()).isZero();
    String text = String.join("\n", run.out());
    assertThat(text)
        .contains(
            "Peaks of this machine", "s an image", "filtered_lrelu", "synthesis.L1_", "OF THE")
        .contains("generate --network '" + CommandRun.TINY + "' --seeds 0 --backend cpu-reference");
    assertThat(run.out()).anyMatch(line -> line.startsWith("all steps"));
  }

  @ParameterizedTest
  @CsvSource({
    "--runs=0, --runs",
    "--warmup=-1, --warmup",
    "--batch=none, --batch",
    "--threads=0, --threads",
    "--seed=1-3, one seed",
    "--rounds=0, --rounds",
    "--config=t-255, must be even",
    "--config=u-256, t-64; t-256; t-512; t-1024; r-256; r-512; r-1024; stylegan2-R",
    "--backend=abacus, cpu-vector",
    "--network=random:x-1, --network",
    "--against=\"python {what}\", {config}; {threads}",
    "--against='', names no command"
  })
  void whatIsWrongIsOneLine(String option, String words) {
    CommandRun run = CommandRun.of("bench", option);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasSize(1);
    for (String word : words.split("; ", -1)) {
      assertThat(run.err().getFirst()).contains(word);
    }
  }

  @Test
  void whatIsWrongIsSaidAtOnce() {
    CommandRun run =
        CommandRun.of(
            "bench",
            "--runs=0",
            "--batch=0",
            "--config",
            "u-1",
            "v-2",
            "--backend=abacus",
            "--against=a 'b");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(6);
    assertThat(CommandRun.of("bench", "--network=/no/such/file", "--config=t-64").err()).hasSize(2);
    assertThat(CommandRun.of("bench", "--network=/no/such/file").exitCode()).isEqualTo(1);
  }
}
