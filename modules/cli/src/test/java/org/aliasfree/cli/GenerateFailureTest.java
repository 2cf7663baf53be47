package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever goes wrong: one line for each fault, exit code 1 or 2, and no trace in the file system.
 */
class GenerateFailureTest {
  @TempDir private Path temporary = Path.of("");

  private Path outdir() {
    return temporary.resolve("new/out");
  }

  private CommandRun fail(int exitCode, String... args) {
    List<String> all = new ArrayList<>(List.of("generate", "--outdir", outdir().toString()));
    all.addAll(List.of(args));
    CommandRun run = CommandRun.of(all.toArray(String[]::new));
    assertThat(run.exitCode()).as("%s", run.err()).isEqualTo(exitCode);
    assertThat(temporary.resolve("new")).doesNotExist();
    assertThat(run.err()).allMatch(line -> line.startsWith("aliasfree: "));
    return run;
  }

  @ParameterizedTest
  @CsvSource({
    "--seeds=x, is neither a seed",
    "--trunc=much, is not a number",
    "--class=-1, is not a whole number",
    "--noise-mode=loud, const; random; none",
    "--net=D, the generators of a file are G_ema and G",
    "--translate=1, cannot parse 2-vector",
    "--rotate=left, is not a number",
    "--grid=2x2, has 4 places",
    "--grid=2, cannot parse tuple",
    "--batch=0, whole number from 1",
    "--threads=0, whole number from 1",
    "--backend=abacus, there are: auto; cpu-vector; cpu-reference",
    "--backend=cpu-vector:7, no device",
    "--layer=L99, it has mapping.fc0",
    "--network=random:t-255, must be even",
    "--network=http:///a.pkl, cannot be downloaded",
    "--frobnicate, Unknown option"
  })
  void wrongOptionIsOneLineAndExitCodeTwo(String option, String says) {
    CommandRun run = fail(2, "--network=" + CommandRun.TINY, "--seeds=1", option);
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().getFirst()).contains(says.replace(';', ','));
  }

  @Test
  void truncationNeedsAMean() {
    String meanless = "--network=random:stylegan2-16?cmax=4&map_w_avg_beta=none";
    assertThat(fail(2, meanless, "--seeds=1", "--trunc=0.5").err())
        .containsExactly(
            "aliasfree: --trunc: the network keeps no mean of w to pull towards; only 1 is possible.");
  }

  @Test
  void conditionalNetworkNeedsAClassInRange() {
    String conditional = "--network=" + CommandRun.TINY + "&c_dim=3";
    assertThat(fail(2, conditional, "--seeds=1").err())
        .containsExactly(
            "aliasfree: Must specify class label with --class when using a conditional network");
    assertThat(fail(2, conditional, "--seeds=1", "--class=3").err())
        .containsExactly(
            "aliasfree: --class: 3 is out of range: the network has 3 classes, 0 to 2.");
  }

  @Test
  void allFaultsAreReportedTogether() {
    CommandRun run =
        fail(2, "--network=/no/such.pkl", "--seeds=x", "--trunc=y", "--rotate=z", "--zoom=2");
    assertThat(run.err()).hasSize(5);
    assertThat(String.join(" ", run.err()))
        .contains("--zoom", "--seeds", "--trunc", "--rotate", "/no/such.pkl");
  }

  @Test
  void missingOptionsAreNamedTogether() {
    assertThat(CommandRun.of("generate").err())
        .containsExactly(
            "aliasfree: Missing required option: '--outdir=FOLDER'",
            "aliasfree: Missing required option: '--seeds=LIST', or --projected-w=FILE");
  }

  private static byte[] pickle() throws IOException {
    return Files.readAllBytes(OptionValuesTest.GOLDENS.resolve("pickles/sg3t_32.pkl"));
  }

  static Stream<byte[]> brokenFiles() throws IOException {
    byte[] random = new byte[5000];
    new Random(1).nextBytes(random);
    byte[] pickleOfNothing = {(byte) 0x80, 4, 'N', '.'};
    byte[] flipped = pickle();
    Arrays.fill(flipped, 100, 140, (byte) 0xff);
    return Stream.of(
        new byte[0],
        random,
        pickleOfNothing,
        "<!DOCTYPE html>\n<html>\n".getBytes(StandardCharsets.UTF_8),
        Arrays.copyOf(pickle(), 1),
        Arrays.copyOf(pickle(), 1000),
        Arrays.copyOf(pickle(), pickle().length / 2),
        Arrays.copyOf(pickle(), pickle().length - 1),
        flipped);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("brokenFiles")
  void brokenNetworkFileIsOneLine(byte[] content) throws IOException {
    Path file = Files.write(temporary.resolve("broken.pkl"), content);
    CommandRun run = fail(1, "--network=" + file, "--seeds=1");
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().getFirst()).contains("broken.pkl");
  }

  @Test
  void missingFileAndFolderInItsPlaceAreOneLine() {
    assertThat(fail(1, "--network=/no/such/file.pkl", "--seeds=1").err()).hasSize(1);
    assertThat(fail(1, "--network=" + temporary, "--seeds=1").err()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "file/below", "/proc/none", ""})
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there a folder /proc can be made")
  void folderThatCannotBeWrittenIsOneLine(String name) throws IOException {
    Files.writeString(temporary.resolve("file"), "mine");
    String outdir = name.isEmpty() ? name : temporary.resolve(name).toString();
    CommandRun run = fail(1, "--network=" + CommandRun.TINY, "--seeds=1", "--outdir=" + outdir);
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().getFirst()).contains("--outdir: ");
    assertThat(temporary.resolve("file")).hasContent("mine");
  }

  @Test
  void fileThatCannotBeReplacedTakesBackWhatWasWritten() throws IOException {
    Path folder = temporary.resolve("there");
    Files.createDirectories(folder.resolve("seed0002.png"));
    CommandRun run =
        CommandRun.of(
            "generate", "--network=" + CommandRun.TINY, "--seeds=1-3", "--outdir=" + folder);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .containsExactly(
            "aliasfree: cannot write " + folder.resolve("seed0002.png") + ": it is a folder.");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("seed0002.png"));
    }
  }

  /** A limit on the size of files acts as a disk that becomes full: the system refuses a write. */
  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void fullDiskIsOneLineAndLeavesNothing() throws Exception {
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 2; exec \"$@\"",
                "sh",
                System.getProperty("java.home") + "/bin/java",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "org.aliasfree.cli.Main",
                "generate",
                "--backend=cpu-reference",
                "--network=" + CommandRun.TINY,
                "--seeds=1-2",
                "--save-raw",
                "--outdir=" + outdir())
            .start();
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(err).isEqualTo(1);
    assertThat(err.lines())
        .containsExactly(
            "aliasfree: cannot write "
                + outdir().resolve("seed0001.safetensors")
                + ": File too large.");
    assertThat(temporary.resolve("new")).doesNotExist();
  }
}
