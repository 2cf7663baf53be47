package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.aliasfree.checkpoint.NetworkFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in processes of its own that are killed. */
class TrainKillTest {
  private static final int KILLS = Integer.getInteger("aliasfree.kills", 3);

  @TempDir private Path temporary = Path.of("");

  private Process start(String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Without vectors: kernels of networks as small as these are interpreted for most of a run.
    command.add("-XX:+UseSerialGC");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.add("train");
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(temporary.resolve("out.txt").toFile()))
        .start();
  }

  /** StyleGAN2, for its mixing and path lengths, augmented; 60 iterations, a state after 20. */
  private Process begin(String outdir, Path data) throws IOException {
    return start(
        "--outdir=" + temporary.resolve(outdir),
        "--cfg=stylegan2",
        "--data=" + data,
        "--gpus=1",
        "--batch=50",
        "--mbstd-group=5",
        "--cbase=64",
        "--cmax=8",
        "--map-depth=2",
        "--aug=fixed",
        "--p=0.5",
        "--cond=1",
        "--kimg=3",
        "--tick=1",
        "--snap=1",
        "--img-grid=2x2");
  }

  private Path run(String outdir) throws IOException {
    try (Stream<Path> runs = Files.list(temporary.resolve(outdir))) {
      return runs.findFirst().orElseThrow();
    }
  }

  private static void finish(Process process) throws InterruptedException {
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Test
  void aRunThatIsKilledAgainAndAgainEndsWithTheBitsOfOneThatIsLeftAlone()
      throws IOException, InterruptedException, NoSuchAlgorithmException {
    Path data = TrainingData.zip(temporary.resolve("data.zip"), 10, 16, true);
    finish(begin("whole", data));
    Path whole = run("whole");

    Random random = new Random(System.nanoTime());
    Process process = begin("killed", data);
    while (!Files.isDirectory(temporary.resolve("killed")) || !hasState()) {
      Thread.sleep(5);
    }
    Path killed = run("killed");
    for (int i = 0; i < KILLS; i++) {
      if (i == 0) {
        killWhileWriting(process, killed);
      } else {
        process.waitFor(1500 + random.nextInt(3000), TimeUnit.MILLISECONDS);
        process.destroyForcibly().waitFor();
      }
      for (Path snapshot : snapshots(killed)) {
        assertThat(NetworkFile.read(snapshot).names()).contains("G", "D", "G_ema");
      }
      process = start("--resume=" + killed);
    }
    finish(process);
    assertThat(sha256(killed.resolve("training-state.safetensors")))
        .isEqualTo(sha256(whole.resolve("training-state.safetensors")));
    assertThat(sha256(killed.resolve("network-snapshot-000003.pkl")))
        .isEqualTo(sha256(whole.resolve("network-snapshot-000003.pkl")));
    assertThat(statistics(killed)).isEqualTo(statistics(whole));
    try (Stream<Path> files = Files.list(killed)) {
      assertThat(files.map(f -> f.getFileName().toString())).noneMatch(f -> f.endsWith(".part"));
    }
  }

  private boolean hasState() throws IOException {
    try (Stream<Path> runs = Files.list(temporary.resolve("killed"))) {
      return runs.anyMatch(r -> Files.exists(r.resolve("training-state.safetensors")));
    }
  }

  /** Waits until a file is being written. */
  private static void killWhileWriting(Process process, Path run)
      throws IOException, InterruptedException {
    while (process.isAlive()) {
      try (Stream<Path> files = Files.list(run)) {
        if (files.anyMatch(f -> f.toString().endsWith(".part"))) {
          process.destroyForcibly();
        }
      }
    }
    process.waitFor();
  }

  private static List<Path> snapshots(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run)) {
      return files.filter(f -> f.toString().endsWith(".pkl")).toList();
    }
  }

  private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    return HexFormat.of().formatHex(hash);
  }

  /** Without times and memory. */
  private static List<String> statistics(Path run) throws IOException {
    return Files.readAllLines(run.resolve("stats.jsonl")).stream()
        .map(
            line ->
                line.replaceAll("\"(Timing|Resources)/[a-zA-Z_]+\": \\{[^}]*\\}, ", "")
                    .replaceAll("\"timestamp\": [0-9.e+]+", ""))
        .toList();
  }
}
