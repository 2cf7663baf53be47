package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.measure.MachinePeaks;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code aliasfree bench}: how fast images are made here, and why not faster. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Measure how fast a network makes pictures on this machine: seconds an image, memory, and each layer"
          + " against what the machine can do at most.",
      "The pictures are those of aliasfree generate. docs/performance.md explains the numbers."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree bench --config t-256 t-1024 --runs 10",
      "  aliasfree bench --config t-256 --against \\",
      "      'SOME_DIR=/some/where python measure.py --config {config} --threads {threads}'"
    })
final class BenchCommand implements Action {
  private static final int MAX_BATCH = 4096;
  private static final int MAX_REPETITIONS = 100_000;

  /** A machine whose peaks before and after are less alike than this is told of. */
  private static final double STEADY = 0.85;

  private final Console console;

  @Option(
      names = "--config",
      arity = "1..*",
      paramLabel = "NAME",
      completionCandidates = Words.OfBenchConfigs.class,
      description =
          "Networks with random weights of the shapes of the official training command: t-256, t-512, t-1024,"
              + " r-256, r-512, r-1024, or of other resolutions, or stylegan2-R; t-64 is a small one for a quick"
              + " look. Default: t-256.")
  private List<String> configs = new ArrayList<>();

  @Option(
      names = "--network",
      paramLabel = "FILE",
      completionCandidates = Words.OfNetworks.class,
      description =
          "Instead of --config: a network file, URL or published name, builtin:…, or random:…, as for generate.")
  private @Nullable String network;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Pictures computed together. Default: ${DEFAULT-VALUE}.")
  private @Nullable String batch;

  @Option(
      names = "--runs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Batches that are timed. Default: ${DEFAULT-VALUE}.")
  private @Nullable String runs;

  @Option(
      names = "--warmup",
      paramLabel = "N",
      defaultValue = "3",
      description = "Batches before them that are not. Default: ${DEFAULT-VALUE}.")
  private @Nullable String warmup;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of the first picture of a batch. Default: ${DEFAULT-VALUE}.")
  private @Nullable String seed;

  @Mixin private final ComputeOptions compute = new ComputeOptions();

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--against",
      paramLabel = "COMMAND",
      description =
          "Run this command and ours in turn and compare. It must print a JSON object with \"s_per_image\" on"
              + " standard output. {config}, {batch}, {threads}, {runs} and {warmup} in it are replaced. No shell"
              + " is started, but quotes, backslashes and NAME=VALUE in front of it work.")
  private @Nullable String against;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Turns of each with --against. Default: ${DEFAULT-VALUE}.")
  private @Nullable String rounds;

  @Option(
      names = "--json",
      description = "Print one JSON object a line on standard output, and nothing else.")
  private boolean json;

  @Mixin private final NetworkAccess access = new NetworkAccess();

  BenchCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    BackendOptions options = compute.options(problems);
    try (Backend opened = compute.open(options, problems)) {
      BenchSettings settings = settings(options.effectiveThreads(), problems);
      BenchComparison comparison = comparison(problems);
      List<BenchSubject> subjects = subjects(problems);
      problems.throwIfAny();
      measure(
          Objects.requireNonNull(opened), subjects, Objects.requireNonNull(settings), comparison);
    }
  }

  private static int whole(String text, int min, int max) {
    return OptionValues.integer(text, min, max);
  }

  private @Nullable BenchSettings settings(int threadCount, Problems problems) {
    Integer images = problems.parse("--batch", batch, t -> whole(t, 1, MAX_BATCH));
    Integer timed = problems.parse("--runs", runs, t -> whole(t, 1, MAX_REPETITIONS));
    Integer before = problems.parse("--warmup", warmup, t -> whole(t, 0, MAX_REPETITIONS));
    Long first = problems.parse("--seed", seed, OptionValues::seed);
    return images == null || timed == null || before == null || first == null
        ? null
        : new BenchSettings(images, timed, before, threadCount, first);
  }

  private @Nullable BenchComparison comparison(Problems problems) {
    OtherProgram other = problems.parse("--against", against, OtherProgram::parse);
    Integer turns = problems.parse("--rounds", rounds, t -> whole(t, 1, MAX_REPETITIONS));
    return other == null || turns == null ? null : new BenchComparison(other, turns);
  }

  private List<BenchSubject> subjects(Problems problems) {
    List<BenchSubject> subjects = new ArrayList<>();
    String file = network;
    if (file == null) {
      for (String name : configs.isEmpty() ? List.of("t-256") : configs) {
        BenchSubject subject = problems.parse("--config", name, BenchSubject::ofConfig);
        if (subject != null) {
          subjects.add(subject);
        }
      }
      return subjects;
    }
    if (!configs.isEmpty()) {
      problems.usage("--network and --config both say what to measure; give one of them.");
    }
    NetworkSource source = problems.parse("--network", file, NetworkSource::parse);
    NetworkSource local =
        source == null ? null : access.local("--network", source, console, problems);
    if (local != null) {
      try {
        subjects.add(BenchSubject.ofNetwork(file, local));
      } catch (AliasFreeException e) {
        problems.failure("--network: " + e.getMessage());
      }
    }
    return subjects;
  }

  private void measure(
      Backend opened,
      List<BenchSubject> subjects,
      BenchSettings settings,
      @Nullable BenchComparison comparison) {
    // What a device can do at the most is not what its host can.
    Optional<MachinePeaks> peaks =
        BenchResult.isProcessor(opened.id()) ? Optional.of(peaks(settings)) : Optional.empty();
    if (!json) {
      console.line(opened.id() + ": " + opened.description());
      console.line(
          peaks
              .map(BenchText::peaks)
              .orElse("The peaks of the device are not known: no shares of its roofline"));
    }
    for (BenchSubject subject : subjects) {
      try (Bench bench = Bench.open(opened, precision.on(opened), subject, settings)) {
        if (comparison == null) {
          BenchResult result = bench.measure(progress(subject.name()));
          Optional<MachinePeaks> after = peaks.map(_ -> peaks(settings));
          print(result, peaks, after);
          peaks = after;
        } else {
          comparison.run(bench, subject, settings, console, json);
        }
      }
    }
  }

  private MachinePeaks peaks(BenchSettings settings) {
    ProgressLine progress = progress("peaks of this machine");
    progress.show("measuring", 0, 1);
    try (var _ = compute.observer().begin(new Activity.Stage("measure the machine", ""))) {
      return MachinePeaks.measure(settings.threads());
    } finally {
      progress.clear();
    }
  }

  private ProgressLine progress(String what) {
    return ProgressLine.of(console, what, !json);
  }

  private void print(
      BenchResult result, Optional<MachinePeaks> before, Optional<MachinePeaks> after) {
    Optional<MachinePeaks> peaks = before.flatMap(b -> after.map(b::faster));
    double steadiness = before.flatMap(b -> after.map(b::steadiness)).orElse(1.0);
    if (json) {
      console.line(
          JsonText.of(out -> JsonText.write(BenchJson.of(result, peaks, steadiness), out)));
      return;
    }
    console.line("");
    BenchText.summary(result).forEach(console::line);
    BenchText.layers(result, peaks).forEach(console::line);
    if (steadiness < STEADY) {
      console.line(
          "warn: the machine changed its speed meanwhile; measure again when it is quiet. "
              + after.map(BenchText::peaks).orElse(""));
    }
  }
}
