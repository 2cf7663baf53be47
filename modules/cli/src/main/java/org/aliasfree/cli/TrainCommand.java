package org.aliasfree.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.data.DatasetOptions;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.network.Precision;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.loop.DatasetFacts;
import org.aliasfree.training.loop.LoopOptions;
import org.aliasfree.training.loop.RunFolder;
import org.aliasfree.training.loop.SnapshotFormat;
import org.aliasfree.training.loop.TrainingPlan;
import org.aliasfree.training.loop.TrainingSettings;
import org.aliasfree.training.loop.TrainingState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * {@code aliasfree train}: with the options, messages and files of the official command, and exact
 * resuming. Everything that can be wrong is looked at, and reported together, before anything is
 * computed or written.
 */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = "Train a StyleGAN3 or StyleGAN2 network.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree train --outdir=runs --cfg=stylegan3-t --data=cats.zip --gpus=1 \\",
      "      --batch=32 --batch-gpu=8 --gamma=8.2 --mirror=1",
      "  aliasfree train --resume=runs/00000-stylegan3-t-cats-gpus1-batch32-gamma8.2"
    })
final class TrainCommand implements Action {
  /** Options that do not decide the result of a run, or only how long it is. */
  private static final Set<String> CHANGEABLE =
      Set.of(
          "--resume",
          "--data",
          "--workers",
          "--kimg",
          "--snap",
          "--img-snap",
          "--metrics",
          "--nobench",
          "--dry-run",
          "--snap-format",
          "--keep",
          "--state-ticks",
          "--time-limit",
          "--backend",
          "--threads",
          "--trace");

  private final Console console;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final TrainArguments arguments = new TrainArguments();
  @Mixin private final TrainExtras extras = new TrainExtras();
  @Mixin private final NetworkAccess access = new NetworkAccess();

  TrainCommand(Console console) {
    this.console = console;
  }

  /** What this process does of a run. */
  private record Choices(
      Set<SnapshotFormat> formats, int keep, int stateTicks, Optional<java.time.Duration> limit) {}

  @Override
  public void run(Problems problems) {
    Choices choices = choices(problems);
    Backend opened = extras.compute.open(extras.compute.options(problems), problems);
    try {
      Path resumed = resumedRun(problems);
      if (resumed == null) {
        begin(choices, opened, problems);
      } else {
        resume(new RunFolder(resumed), choices, opened, problems);
      }
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private Choices choices(Problems problems) {
    Integer keep =
        problems.parse("--keep", extras.keep, t -> OptionValues.integer(t, 0, Integer.MAX_VALUE));
    Integer ticks =
        problems.parse(
            "--state-ticks", extras.stateTicks, t -> OptionValues.integer(t, 1, Integer.MAX_VALUE));
    var limit = problems.parse("--time-limit", extras.timeLimit, OptionValues::duration);
    Set<SnapshotFormat> formats =
        problems.parse("--snap-format", extras.snapFormat, TrainCommand::formats);
    return new Choices(
        formats == null ? EnumSet.of(SnapshotFormat.PKL) : formats,
        keep == null ? 0 : keep,
        ticks == null ? 1 : ticks,
        Optional.ofNullable(limit));
  }

  private static Set<SnapshotFormat> formats(String text) {
    return switch (text) {
      case "pkl" -> EnumSet.of(SnapshotFormat.PKL);
      case "safetensors" -> EnumSet.of(SnapshotFormat.SAFETENSORS);
      case "both" -> EnumSet.allOf(SnapshotFormat.class);
      default ->
          throw new AliasFreeException(
              OptionValues.quoted(text) + " is not one of pkl, safetensors, both.");
    };
  }

  /** The run folder that {@code --resume} names; null when it names a network or nothing. */
  private @Nullable Path resumedRun(Problems problems) {
    if (arguments.resume != null && NetworkStore.isRemote(arguments.resume)) {
      return null;
    }
    Path path = problems.parse("--resume", arguments.resume, OptionValues::path);
    return path != null && Files.isDirectory(path) ? path : null;
  }

  private void begin(Choices choices, @Nullable Backend backend, Problems problems) {
    TrainSettingsReader reader = new TrainSettingsReader(arguments, extras, problems);
    reader.requireForNewRun();
    TrainingSettings.Data data = reader.data();
    DatasetFacts facts = arguments.data == null ? null : facts(data, problems);
    TrainingSettings settings = reader.settings(data, Optional.ofNullable(facts));
    Path outdir = problems.parse("--outdir", arguments.outdir, OptionValues::path);
    Path source = transferSource(problems);
    problems.throwIfAny();
    TrainingPlan plan = new TrainingPlan(settings, Objects.requireNonNull(facts));
    TrainingProgram training = plan.program(Precision.preferredBy(Objects.requireNonNull(backend)));
    RunFolder folder = RunFolder.next(Objects.requireNonNull(outdir), plan);
    try (StopRequest stop = new StopRequest(console);
        ImageDataset dataset = open(plan.settings())) {
      TrainRun run =
          new TrainRun(
              console,
              plan,
              training,
              dataset,
              Objects.requireNonNull(backend),
              folder,
              options(choices, stop));
      run.announce();
      if (arguments.dryRun) {
        console.line("Dry run; exiting.");
      } else {
        run.begin(Optional.ofNullable(source));
      }
    }
  }

  /** The network file that training starts from; null for none. */
  private @Nullable Path transferSource(Problems problems) {
    NetworkSource given = problems.parse("--resume", arguments.resume, NetworkSource::parse);
    NetworkSource source =
        given == null ? null : access.local("--resume", given, console, problems);
    if (source == null) {
      return null;
    }
    if (!(source instanceof NetworkSource.File file)) {
      problems.usage("--resume: give a network file or the folder of a run.");
      return null;
    }
    if (!Files.isRegularFile(file.path())) {
      problems.failure("--resume: there is no file or run " + file.path() + ".");
    }
    return file.path();
  }

  private static @Nullable DatasetFacts facts(TrainingSettings.Data data, Problems problems) {
    try (ImageDataset dataset =
        ImageDataset.open(Path.of(data.path()), DatasetOptions.DEFAULT.withLabels(true))) {
      int labelDim = dataset.labelDim();
      if (data.cond() && !dataset.hasLabels()) {
        problems.failure("--cond=True requires labels specified in dataset.json");
      }
      return new DatasetFacts(
          dataset.name(),
          dataset.imageCount(),
          dataset.resolution(),
          dataset.channels(),
          data.cond() ? labelDim : 0);
    } catch (AliasFreeException | InvalidPathException e) {
      problems.failure("--data: " + e.getMessage());
      return null;
    }
  }

  private static ImageDataset open(TrainingSettings settings) {
    TrainingSettings.Data data = settings.data();
    try {
      return ImageDataset.open(
          Path.of(data.path()),
          DatasetOptions.DEFAULT
              .withLabels(data.cond())
              .withXflip(data.mirror())
              .withVerticalMirror(data.mirrorY())
              .withRandomSeed(settings.seed()));
    } catch (AliasFreeException e) {
      throw new AliasFreeException("--data: " + e.getMessage(), e);
    }
  }

  private void resume(
      RunFolder folder, Choices choices, @Nullable Backend backend, Problems problems) {
    refuseDeciding(problems);
    if (!Files.isRegularFile(folder.state())) {
      problems.failure(
          "--resume: the folder "
              + folder.path()
              + " has no "
              + TrainingState.FILE
              + ", so it is not the folder of a run of this program.");
    }
    problems.throwIfAny();
    TrainingState.Stored stored = TrainingState.read(folder.state());
    TrainingSettings settings =
        new TrainSettingsReader(arguments, extras, problems).changed(stored.state().settings());
    problems.throwIfAny();
    TrainingPlan plan = new TrainingPlan(settings, stored.state().facts());
    TrainingProgram training = plan.program(Precision.preferredBy(Objects.requireNonNull(backend)));
    try (StopRequest stop = new StopRequest(console);
        ImageDataset dataset = open(settings)) {
      plan.requireSame(dataset);
      TrainRun run =
          new TrainRun(
              console,
              plan,
              training,
              dataset,
              Objects.requireNonNull(backend),
              folder,
              options(choices, stop));
      if (arguments.dryRun) {
        run.announce();
        console.line("Dry run; exiting.");
      } else {
        run.resume(stored);
      }
    }
  }

  private void refuseDeciding(Problems problems) {
    for (OptionSpec option : command().commandLine().getParseResult().matchedOptions()) {
      if (!option.inherited() && !CHANGEABLE.contains(option.longestName())) {
        problems.usage(
            option.longestName()
                + " cannot be changed while a run continues; leave it out. To train a network of the"
                + " run in another way, give --resume its network-snapshot file.");
      }
    }
  }

  private CommandSpec command() {
    return Objects.requireNonNull(spec);
  }

  private LoopOptions options(Choices choices, StopRequest stop) {
    TrainProgress progress = new TrainProgress(console);
    return new LoopOptions(
        choices.formats, choices.keep, choices.stateTicks, choices.limit, stop, progress);
  }
}
