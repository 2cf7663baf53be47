package org.aliasfree.training.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.data.DatasetOptions;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.loop.LoopOptions.Outcome;
import org.aliasfree.training.loop.TrainingSettings.AugmentMode;
import org.aliasfree.training.report.RunLog;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole runs of networks that take no time. */
class TrainingLoopTest {
  private static final int RESOLUTION = 16;

  @TempDir private Path temporary = Path.of("");

  /** Twelve noisy pictures with labels 0 to 2. */
  private Path data() throws IOException {
    Path zip = temporary.resolve("data.zip");
    Random random = new Random(1);
    StringBuilder labels = new StringBuilder();
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (int i = 0; i < 12; i++) {
        String name = "img%08d.png".formatted(i);
        byte[] pixels = new byte[RESOLUTION * RESOLUTION * 3];
        random.nextBytes(pixels);
        HostTensor image = HostTensor.allocate(TensorType.of(DType.U8, RESOLUTION, RESOLUTION, 3));
        image.data().copyFrom(java.lang.foreign.MemorySegment.ofArray(pixels));
        out.putNextEntry(new ZipEntry(name));
        out.write(PngWriter.bytes(image));
        labels.append(i == 0 ? "" : ",").append("[\"%s\", %d]".formatted(name, i % 3));
      }
      out.putNextEntry(new ZipEntry("dataset.json"));
      out.write(("{\"labels\": [" + labels + "]}").getBytes(StandardCharsets.UTF_8));
    }
    return zip;
  }

  /**
   * Two micro-batches an iteration. Of R an odd size, for which the blur ends with the fourth
   * iteration after a whole number of kimg; of T a tick at each iteration.
   */
  private TrainingSettings settings(Preset preset) throws IOException {
    boolean blurred = preset == Preset.STYLEGAN3_R;
    int batch = blurred ? 26 : 4;
    int shown = blurred ? 157 : 0;
    int tick = preset == Preset.STYLEGAN3_T ? 0 : 1;
    return new TrainingSettings(
        preset,
        new TrainingSettings.Data(data().toString(), true, true, true, 2),
        new TrainingSettings.Networks(
            64, 8, 2, blurred ? 1 : 2, false, TrainingSettings.Freeze.NOTHING),
        new TrainingSettings.Optimizer(batch, batch / 2, 1, 0.0025, 0.002),
        new TrainingSettings.Augment(AugmentMode.ADA, "bgc", 0, 0.6),
        new TrainingSettings.Schedule(shown + 1, tick, 2, 2, 2, 2),
        3,
        1,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        shown,
        false);
  }

  /** A run in a folder, and what it is asked. */
  private final class Session {
    final RunFolder folder;
    final TrainingPlan plan;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    Session(String name, TrainingSettings settings) throws IOException {
      folder = new RunFolder(temporary.resolve(name));
      Files.createDirectories(folder.path());
      try (ImageDataset dataset = open(settings)) {
        plan =
            new TrainingPlan(
                settings,
                new DatasetFacts(
                    dataset.name(), dataset.imageCount(), RESOLUTION, 3, dataset.labelDim()));
      }
    }

    private ImageDataset open(TrainingSettings settings) {
      return ImageDataset.open(
          Path.of(settings.data().path()),
          DatasetOptions.DEFAULT.withLabels(true).withXflip(true).withVerticalMirror(true));
    }

    /** Trains until {@code stop} says so, from the state that is there if there is one. */
    Outcome train(BooleanSupplier stop) {
      LoopOptions options =
          new LoopOptions(
              EnumSet.of(SnapshotFormat.SAFETENSORS),
              0,
              1,
              Optional.empty(),
              stop,
              (n, e, s) -> {});
      Optional<TrainingState.Stored> stored =
          Files.exists(folder.state())
              ? Optional.of(TrainingState.read(folder.state()))
              : Optional.empty();
      try (Backend backend = Backends.select("cpu-vector");
          ImageDataset dataset = open(plan.settings());
          RunLog log =
              RunLog.open(
                  folder.file("log.txt"), new PrintStream(printed, true, StandardCharsets.UTF_8));
          Trainer trainer =
              new Trainer(backend, plan.program(Precision.F32), GradientReduction.NONE, true)) {
        stored.ifPresentOrElse(
            s -> TrainingState.restore(folder.state(), s.values(), trainer.store()),
            () -> plan.initialize(trainer));
        try (TrainingLoop loop =
            stored
                .map(
                    s ->
                        TrainingLoop.resume(
                            plan, backend, trainer, dataset, folder, log, options, s.state()))
                .orElseGet(
                    () ->
                        TrainingLoop.begin(
                            plan, backend, trainer, dataset, folder, log, options))) {
          return loop.run();
        }
      }
    }

    /** As if ADA had come to this strength already. */
    void setAugmentP(double p) {
      TrainingState.Stored stored = TrainingState.read(folder.state());
      TrainingState s = stored.state();
      TrainingState stronger =
          new TrainingState(
              s.settings(),
              s.facts(),
              s.position(),
              s.ada().map(a -> new AdaController.State(p, a.sum(), a.count(), a.mean())),
              s.statistics(),
              s.statisticsLines(),
              s.eventRecords());
      try (Backend backend = Backends.select("cpu-vector");
          Trainer trainer =
              new Trainer(backend, plan.program(Precision.F32), GradientReduction.NONE, true)) {
        TrainingState.restore(folder.state(), stored.values(), trainer.store());
        stronger.write(folder.state(), trainer.store());
      }
    }

    /** The lines of stats.jsonl without what depends on the machine. */
    List<String> statistics() throws IOException {
      return Files.readAllLines(folder.file(RunFolder.STATISTICS)).stream()
          .map(
              line ->
                  line.replaceAll("\"(Timing|Resources)/[a-zA-Z_]+\": \\{[^}]*\\}, ", "")
                      .replaceAll("\"timestamp\": [0-9.e+]+", ""))
          .toList();
    }
  }

  private static BooleanSupplier after(int iterations) {
    return new BooleanSupplier() {
      private int left = iterations;

      @Override
      public boolean getAsBoolean() {
        return --left < 0;
      }
    };
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void aRunThatStopsAnywhereEndsWithTheSameBitsAsOneThatNeverStops(Preset preset)
      throws IOException {
    Session whole = new Session("whole", settings(preset));
    assertThat(whole.train(after(2))).isEqualTo(Outcome.STOPPED);
    whole.setAugmentP(0.7);
    Session parts = new Session("parts", settings(preset));
    for (Path file : files(whole.folder.path())) {
      Files.copy(file, parts.folder.file(file.getFileName().toString()));
    }
    assertThat(whole.train(after(17))).isEqualTo(Outcome.STOPPED);
    for (int iterations : new int[] {1, 6, 0, 7}) {
      assertThat(parts.train(after(iterations))).isEqualTo(Outcome.STOPPED);
    }
    assertThat(Files.readAllBytes(parts.folder.state()))
        .isEqualTo(Files.readAllBytes(whole.folder.state()));
    assertThat(parts.statistics()).isEqualTo(whole.statistics());
    assertThat(TrainingState.read(parts.folder.state()).state().ada().orElseThrow().p())
        .isGreaterThan(0.5);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }
}
