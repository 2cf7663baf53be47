package org.aliasfree.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.training.augment.AugmentConfig;
import org.aliasfree.training.loop.DatasetFacts;
import org.aliasfree.training.loop.Preset;
import org.aliasfree.training.loop.TrainingSettings;
import org.aliasfree.training.loop.TrainingSettings.AugmentMode;
import org.jspecify.annotations.Nullable;

/** From the words of {@code aliasfree train} to settings, with the official checks. */
final class TrainSettingsReader {
  private static final int MAX = Integer.MAX_VALUE;

  private final TrainArguments arguments;
  private final TrainExtras extras;
  private final Problems problems;

  TrainSettingsReader(TrainArguments arguments, TrainExtras extras, Problems problems) {
    this.arguments = arguments;
    this.extras = extras;
    this.problems = problems;
  }

  /** Complains of options that a new run cannot do without. */
  void requireForNewRun() {
    require("--outdir", arguments.outdir);
    require("--cfg", arguments.cfg);
    require("--data", arguments.data);
    require("--gpus", arguments.gpus);
    require("--batch", arguments.batch);
  }

  private void require(String name, @Nullable String value) {
    if (value == null) {
      problems.usage("Missing option '" + name + "'.");
    }
  }

  /** What is trained on, before it is known what that is. */
  TrainingSettings.Data data() {
    return new TrainingSettings.Data(
        Objects.requireNonNullElse(arguments.data, ""),
        flag("--cond", arguments.cond),
        flag("--mirror", arguments.mirror),
        flag("--mirrory", extras.mirrorY),
        integer("--workers", arguments.workers, 1, 1024, 3));
  }

  /**
   * All settings of a new run; without meaning where there are problems.
   *
   * @param facts what the data set is
   */
  TrainingSettings settings(TrainingSettings.Data data, Optional<DatasetFacts> facts) {
    Preset preset =
        Objects.requireNonNullElse(
            problems.parse("--cfg", arguments.cfg, Preset::of), Preset.STYLEGAN3_T);
    int before = problems.count();
    int gpus = integer("--gpus", arguments.gpus, 1, MAX, 1);
    TrainingSettings.Networks networks = networks(preset);
    TrainingSettings.Optimizer optimizer = optimizer(preset, gpus, facts);
    if (problems.count() == before) {
      checkBatch(gpus, optimizer, networks.mbstdGroup());
    }
    return new TrainingSettings(
        preset,
        data,
        networks,
        optimizer,
        augment(),
        schedule(),
        seed(),
        gpus,
        Optional.ofNullable(arguments.desc),
        metrics(),
        Optional.ofNullable(arguments.resume),
        integer("--resume-kimg", extras.resumeKimg, 0, MAX, 0),
        flag("--nobench", arguments.nobench));
  }

  /** The settings of a run that continues, with what may be changed changed. */
  TrainingSettings changed(TrainingSettings earlier) {
    TrainingSettings.Data data = earlier.data();
    TrainingSettings.Schedule schedule = earlier.schedule();
    metrics();
    return earlier
        .withData(
            new TrainingSettings.Data(
                Objects.requireNonNullElse(arguments.data, data.path()),
                data.cond(),
                data.mirror(),
                data.mirrorY(),
                integer("--workers", arguments.workers, 1, 1024, data.workers())))
        .withSchedule(
            new TrainingSettings.Schedule(
                integer("--kimg", arguments.kimg, 1, MAX, Math.toIntExact(schedule.kimg())),
                schedule.tick(),
                integer("--snap", arguments.snap, 1, MAX, schedule.snap()),
                integer("--img-snap", extras.imgSnap, 1, MAX, schedule.imageSnap()),
                schedule.gridWidth(),
                schedule.gridHeight()));
  }

  private TrainingSettings.Networks networks(Preset preset) {
    TrainingSettings.Freeze freeze =
        new TrainingSettings.Freeze(
            integer("--freezed", arguments.freezed, 0, MAX, 0),
            flag("--freezem", extras.freezeMapping),
            flag("--freezee", extras.freezeEmbedding),
            integer("--freezeg", extras.freezeSynthesis, 0, MAX, 0));
    return new TrainingSettings.Networks(
        integer("--cbase", arguments.cbase, 1, MAX, 32768),
        integer("--cmax", arguments.cmax, 1, MAX, 512),
        integer("--map-depth", arguments.mapDepth, 1, MAX, preset.defaultMapDepth()),
        integer("--mbstd-group", arguments.mbstdGroup, 1, MAX, 4),
        flag("--fp32", arguments.fp32),
        freeze);
  }

  private TrainingSettings.Optimizer optimizer(
      Preset preset, int gpus, Optional<DatasetFacts> facts) {
    int batch = integer("--batch", arguments.batch, 1, MAX, 1);
    double pixels = facts.map(f -> (double) f.resolution() * f.resolution()).orElse(0.0);
    return new TrainingSettings.Optimizer(
        batch,
        integer("--batch-gpu", arguments.batchGpu, 1, MAX, Math.max(batch / gpus, 1)),
        number("--gamma", arguments.gamma, Double.MAX_VALUE, 0.0002 * pixels / batch),
        number("--glr", arguments.glr, Double.MAX_VALUE, preset.defaultGeneratorRate()),
        number("--dlr", arguments.dlr, Double.MAX_VALUE, 0.002));
  }

  private void checkBatch(int gpus, TrainingSettings.Optimizer optimizer, int mbstdGroup) {
    int batch = optimizer.batch();
    int batchGpu = optimizer.batchGpu();
    if (batch % gpus != 0) {
      problems.failure("--batch must be a multiple of --gpus");
    } else if (batch % ((long) gpus * batchGpu) != 0) {
      problems.failure("--batch must be a multiple of --gpus times --batch-gpu");
    } else if (batchGpu < mbstdGroup) {
      problems.failure("--batch-gpu cannot be smaller than --mbstd");
    } else if (batchGpu % mbstdGroup != 0) {
      problems.failure(
          "--batch-gpu must be a multiple of --mbstd-group, as the images of a group are computed"
              + " together; "
              + batchGpu
              + " is no multiple of "
              + mbstdGroup);
    } else if (gpus > 1) {
      problems.failure(
          "--gpus: "
              + gpus
              + " devices were asked for, but training runs on one; give --gpus=1, and a smaller"
              + " --batch-gpu if the memory does not suffice.");
    }
  }

  private TrainingSettings.Augment augment() {
    AugmentMode mode =
        Objects.requireNonNullElse(
            problems.parse("--aug", arguments.aug, TrainSettingsReader::augmentMode),
            AugmentMode.ADA);
    String pipe = Objects.requireNonNullElse(extras.augpipe, "bgc");
    problems.parse("--augpipe", pipe, AugmentConfig::preset);
    return new TrainingSettings.Augment(
        mode,
        pipe,
        number("--p", arguments.p, 1, 0.2),
        number("--target", arguments.target, 1, 0.6));
  }

  private static AugmentMode augmentMode(String text) {
    return Arrays.stream(AugmentMode.values())
        .filter(mode -> mode.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new AliasFreeException(
                    OptionValues.quoted(text) + " is not one of noaug, ada, fixed."));
  }

  private TrainingSettings.Schedule schedule() {
    int snap = integer("--snap", arguments.snap, 1, MAX, 50);
    GridSize grid = problems.parse("--img-grid", extras.imgGrid, OptionValues::grid);
    return new TrainingSettings.Schedule(
        integer("--kimg", arguments.kimg, 1, MAX, 25000),
        integer("--tick", arguments.tick, 1, MAX, 4),
        snap,
        integer("--img-snap", extras.imgSnap, 1, MAX, snap),
        grid == null ? 0 : grid.width(),
        grid == null ? 0 : grid.height());
  }

  private long seed() {
    Long seed = problems.parse("--seed", arguments.seed, OptionValues::seed);
    return seed == null ? 0 : seed;
  }

  /** No metric can be computed yet, so no name is known. */
  private List<String> metrics() {
    String given = Objects.requireNonNullElse(arguments.metrics, "none");
    if (!given.isEmpty() && !given.equals("none")) {
      problems.failure("--metrics can only contain the following values: none");
    }
    return List.of();
  }

  private boolean flag(String option, @Nullable String text) {
    return Boolean.TRUE.equals(problems.parse(option, text, OptionValues::flag));
  }

  private int integer(String option, @Nullable String text, int min, int max, int otherwise) {
    Integer value = problems.parse(option, text, t -> OptionValues.integer(t, min, max));
    return value == null ? otherwise : value;
  }

  private double number(String option, @Nullable String text, double max, double otherwise) {
    Double value = problems.parse(option, text, t -> OptionValues.number(t, 0, max));
    return value == null ? otherwise : value;
  }
}
