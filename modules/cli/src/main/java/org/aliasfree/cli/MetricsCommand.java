package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.data.DatasetOptions;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.metrics.DescriptorCollector;
import org.aliasfree.metrics.GeneratedDescriptors;
import org.aliasfree.network.Generator;
import org.aliasfree.random.RandomState;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code aliasfree metrics}: how far the images of networks are from those of a data set.
 * Everything that can be wrong is looked at, and reported together, before anything is computed.
 */
@Command(
    name = "metrics",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = "Measure how far the pictures of networks are from those of a data set.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree metrics --data cats.zip --mirror=1",
      "  aliasfree metrics --data cats.zip --mirror=1 \\",
      "      --network network-snapshot-000100.pkl \\",
      "      --network network-snapshot-000200.pkl",
      "",
      "The distance between the halves of the data set is always measured too:",
      "what a perfect network would reach."
    })
final class MetricsCommand implements Action {
  /** Pictures of a network unless told otherwise, where the data set has as many. */
  static final int DEFAULT_IMAGES = 1000;

  private static final int MAX_BATCH = 4096;
  private static final String SWD = "swd";

  private final Console console;

  @Option(
      names = "--metrics",
      paramLabel = "NAME",
      defaultValue = SWD,
      completionCandidates = Words.OfMetrics.class,
      description =
          "What is measured: swd, the sliced Wasserstein distance of 7x7 patches at each size. "
              + "Default: ${DEFAULT-VALUE}.")
  private @Nullable String metrics;

  @Option(names = "--data", required = true, paramLabel = "ZIP|DIR", description = "The data set.")
  private @Nullable String data;

  @Option(
      names = "--mirror",
      paramLabel = "BOOL",
      defaultValue = "0",
      description =
          "Whether each picture of the data set counts a second time, mirrored left to right. "
              + "Default: ${DEFAULT-VALUE}.")
  private @Nullable String mirror;

  @Option(
      names = "--network",
      paramLabel = "FILE",
      completionCandidates = Words.OfNetworks.class,
      description = "A network, as generate takes it. May be given several times.")
  private List<String> networks = new ArrayList<>();

  @Option(
      names = "--net",
      paramLabel = "NAME",
      defaultValue = GeneratorFiles.AVERAGE,
      completionCandidates = Words.OfGenerators.class,
      description = "Which generator of the files: G_ema or G. Default: ${DEFAULT-VALUE}.")
  private @Nullable String net;

  @Option(
      names = "--trunc",
      paramLabel = "PSI",
      defaultValue = "1",
      description = "Truncation; 1, none, is what networks are compared by. Default: 1.")
  private @Nullable String trunc;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "Pictures that each network makes. Default: as many as the data set has, at most "
              + DEFAULT_IMAGES
              + ".")
  private @Nullable String images;

  @Option(
      names = "--seed",
      paramLabel = "SEED",
      defaultValue = "0",
      description =
          "Of the first picture; the others have the seeds that follow. Of the places of patches "
              + "and of the directions too: compare numbers of one seed only. Default: ${DEFAULT-VALUE}.")
  private @Nullable String seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Pictures computed together; takes N times the memory. Default: ${DEFAULT-VALUE}.")
  private @Nullable String batch;

  @Mixin private final ComputeOptions compute = new ComputeOptions();

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Option(
      names = "--json",
      description = "Print one JSON object a distance on standard output, and nothing else.")
  private boolean json;

  @Mixin private final NetworkAccess access = new NetworkAccess();

  MetricsCommand(Console console) {
    this.console = console;
  }

  /** A network that can be measured. */
  private record Candidate(MetricsRun.Network network, Generator generator) {}

  @Override
  public void run(Problems problems) {
    BackendOptions options = compute.options(problems);
    Backend opened = compute.open(options, problems);
    ImageDataset dataset = null;
    try {
      problems.parse("--metrics", metrics, MetricsCommand::metric);
      String chosen = problems.parse("--net", net, OptionValues::generatorName);
      Double psi = problems.parse("--trunc", trunc, OptionValues::number);
      List<Candidate> candidates = candidates(chosen, psi, problems);
      dataset = dataset(candidates, problems);
      check(candidates, dataset, problems);
      GeneratedDescriptors generated = generated(psi, dataset, problems);
      problems.throwIfAny();
      new MetricsRun(
              Objects.requireNonNull(dataset),
              candidates.stream().map(Candidate::network).toList(),
              Objects.requireNonNull(generated),
              options.effectiveThreads(),
              precision.isFull(),
              json)
          .run(Objects.requireNonNull(opened), console);
    } finally {
      if (dataset != null) {
        dataset.close();
      }
      if (opened != null) {
        opened.close();
      }
    }
  }

  private static String metric(String text) {
    if (!text.equals(SWD)) {
      throw new AliasFreeException(
          OptionValues.quoted(text) + " is not a metric; there is " + SWD + ".");
    }
    return text;
  }

  /** The networks of which the architecture is known; they are read again when their turn comes. */
  private List<Candidate> candidates(
      @Nullable String chosen, @Nullable Double psi, Problems problems) {
    List<Candidate> candidates = new ArrayList<>();
    for (String text : networks) {
      NetworkSource given = problems.parse("--network", text, NetworkSource::parse);
      NetworkSource source =
          given == null ? null : access.local("--network", given, console, problems);
      if (source == null || chosen == null) {
        continue;
      }
      try (var _ = compute.observer().begin(new Activity.LoadNetwork(text))) {
        Generator generator = OpenedNetwork.open(source, chosen).generator();
        if (psi != null) {
          PictureOptions.checkTruncation("--trunc", generator, psi, problems);
        }
        candidates.add(new Candidate(new MetricsRun.Network(text, source, chosen), generator));
      } catch (AliasFreeException e) {
        problems.failure("--network: " + e.getMessage());
      }
    }
    return candidates;
  }

  /** The data set, with labels where a network needs them; null, and a problem more, for none. */
  private @Nullable ImageDataset dataset(List<Candidate> candidates, Problems problems) {
    Boolean mirrored = problems.parse("--mirror", mirror, OptionValues::flag);
    Path path = problems.parse("--data", data, OptionValues::path);
    if (path == null || mirrored == null) {
      return null;
    }
    boolean labels = candidates.stream().anyMatch(c -> c.generator.cDim() > 0);
    try {
      return ImageDataset.open(path, DatasetOptions.DEFAULT.withXflip(mirrored).withLabels(labels));
    } catch (AliasFreeException e) {
      problems.failure("--data: " + e.getMessage());
      return null;
    }
  }

  private static void check(
      List<Candidate> candidates, @Nullable ImageDataset dataset, Problems problems) {
    if (dataset == null) {
      return;
    }
    if (dataset.resolution() < 16 || dataset.imageCount() < 2) {
      problems.failure(
          "--data: "
              + dataset.path()
              + " has "
              + dataset.imageCount()
              + " images of "
              + size(dataset.resolution(), dataset.channels())
              + "; to be measured it takes 2 or more of 16x16 or more.");
    }
    for (Candidate candidate : candidates) {
      Generator generator = candidate.generator;
      if (!GeneratedDescriptors.imageType(generator).equals(dataset.imageType())) {
        problems.failure(
            "--network: "
                + candidate.network.name()
                + " makes images of "
                + size(generator.imgResolution(), generator.imgChannels())
                + ", but those of --data are "
                + size(dataset.resolution(), dataset.channels())
                + "; give the data set that it was trained on.");
      } else if (generator.cDim() > 0 && generator.cDim() != dataset.labelDim()) {
        problems.failure(
            "--network: "
                + candidate.network.name()
                + " takes labels of "
                + generator.cDim()
                + " numbers, but those of --data have "
                + dataset.labelDim()
                + "; give the data set that it was trained on.");
      }
    }
  }

  private static String size(int resolution, int channels) {
    return resolution
        + "x"
        + resolution
        + " with "
        + channels
        + (channels == 1 ? " channel" : " channels");
  }

  /** What networks make; null where that cannot be told, which then is among the problems. */
  private @Nullable GeneratedDescriptors generated(
      @Nullable Double psi, @Nullable ImageDataset dataset, Problems problems) {
    Long first = problems.parse("--seed", seed, OptionValues::seed);
    Integer together = problems.parse("--batch", batch, t -> OptionValues.integer(t, 1, MAX_BATCH));
    Integer count =
        images == null
            ? Integer.valueOf(dataset == null ? 1 : Math.min(dataset.imageCount(), DEFAULT_IMAGES))
            : problems.parse(
                "--images",
                images,
                t -> OptionValues.integer(t, 1, DescriptorCollector.MAX_IMAGES));
    if (first == null || together == null || count == null || psi == null) {
      return null;
    }
    if (first + count - 1 > RandomState.MAX_SEED) {
      problems.usage(
          "--seed: "
              + count
              + " seeds from "
              + first
              + " on go beyond the last, "
              + RandomState.MAX_SEED
              + "; give a smaller one.");
      return null;
    }
    return new GeneratedDescriptors(count, first, psi, together);
  }
}
