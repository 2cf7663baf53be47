package org.aliasfree.training.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.training.loop.TrainingSettings.AugmentMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFolderTest {
  @TempDir private Path outdir = Path.of("");

  private static TrainingPlan plan(double gamma) {
    return new TrainingPlan(
        new TrainingSettings(
            Preset.STYLEGAN3_R,
            new TrainingSettings.Data("cats.v2.zip", false, false, false, 3),
            new TrainingSettings.Networks(1024, 64, 2, 4, false, TrainingSettings.Freeze.NOTHING),
            new TrainingSettings.Optimizer(32, 8, gamma, 0.0025, 0.002),
            new TrainingSettings.Augment(AugmentMode.NOAUG, "bgc", 0.2, 0.6),
            new TrainingSettings.Schedule(25000, 4, 50, 50, 0, 0),
            0,
            1,
            Optional.of("try"),
            List.of(),
            Optional.empty(),
            0,
            false),
        new DatasetFacts("cats.v2", 100, 64, 3, 0));
  }

  @Test
  void aRunIsNumberedAfterTheHighestFolderThatBeginsWithANumber() throws IOException {
    String name = "-stylegan3-r-cats.v2-gpus1-batch32-gamma6.6-try";
    assertThat(RunFolder.next(outdir.resolve("none"), plan(6.6)).path())
        .hasFileName("00000" + name);
    Files.createDirectories(outdir.resolve("00007-other"));
    Files.createDirectories(outdir.resolve("12 monkeys"));
    Files.createDirectories(outdir.resolve("x99"));
    Files.createFile(outdir.resolve("00099-a-file"));
    RunFolder next = RunFolder.next(outdir, plan(6.6));
    assertThat(next.path()).hasFileName("00013" + name);
    next.create();
    assertThatThrownBy(next::create)
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("exists");
  }

  /** The texts are Python's: {@code f"{x:g}"}. */
  @ParameterizedTest
  @CsvSource({
    "8.2, 8.2",
    "10, 10",
    "0, 0",
    "0.000512, 0.000512",
    "0.0000512, 5.12e-05",
    "6.5536, 6.5536",
    "1234567, 1.23457e+06",
    "0.30000000000000004, 0.3",
    "100000, 100000"
  })
  void gammaIsWrittenAsByPython(double gamma, String text) {
    assertThat(RunFolder.next(outdir, plan(gamma)).path().toString())
        .contains("gamma" + text + "-try");
  }

  @Test
  void theNewestSnapshotsRemain() throws IOException {
    for (String name :
        List.of(
            "network-snapshot-000000.pkl",
            "network-snapshot-000200.pkl",
            "network-snapshot-000200.safetensors",
            "network-snapshot-001000.pkl",
            "network-snapshot-1000000.pkl",
            "network-snapshot-best.pkl",
            ".training-state.safetensors.1f.part",
            "fakes000000.png")) {
      Files.createFile(outdir.resolve(name));
    }
    RunFolder run = new RunFolder(outdir);
    run.prune(0);
    run.removeUnfinished();
    assertThat(names()).hasSize(7).noneMatch(n -> n.endsWith(".part"));
    run.prune(3);
    assertThat(names())
        .containsExactlyInAnyOrder(
            "network-snapshot-000200.pkl",
            "network-snapshot-000200.safetensors",
            "network-snapshot-001000.pkl",
            "network-snapshot-1000000.pkl",
            "network-snapshot-best.pkl",
            "fakes000000.png");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(outdir)) {
      return files.map(f -> f.getFileName().toString()).toList();
    }
  }
}
