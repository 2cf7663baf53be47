package org.aliasfree.cli;

import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.metrics.DatasetDescriptors;
import org.aliasfree.metrics.GeneratedDescriptors;
import org.aliasfree.metrics.LevelDistances;
import org.aliasfree.metrics.PatchDescriptors;
import org.aliasfree.metrics.SlicedWasserstein;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;

/**
 * Distances from a data set: first between its halves, then from it to each network.
 *
 * @param networks in the order in which they are measured
 * @param generated what each of them makes
 * @param threads that decode and compare
 * @param fp32 whether images are made in f32 even where the backend prefers f16
 * @param json whether to tell of each distance as a JSON object and of nothing else
 */
record MetricsRun(
    ImageDataset dataset,
    List<Network> networks,
    GeneratedDescriptors generated,
    int threads,
    boolean fp32,
    boolean json) {
  /**
   * A network to be measured.
   *
   * @param name as it was given
   * @param net which generator of a file
   */
  record Network(String name, NetworkSource source, String net) {}

  /** Measures, and prints each distance when it is known. */
  void run(Backend backend, Console console) {
    BackendObserver observer = ObservedBackend.observer(backend);
    ProgressLine line = ProgressLine.of(console, "swd", !json);
    MetricsReport report = new MetricsReport(console, this, backend.id());
    try {
      report.begin();
      try (var _ = observer.begin(new Activity.Stage("compare the halves", ""))) {
        halves(line, report);
      }
      if (!networks.isEmpty()) {
        int[] items = DatasetDescriptors.items(dataset, seed());
        PatchDescriptors reals;
        try (var _ = observer.begin(new Activity.Stage("read the data set", ""))) {
          reals = describe(items, "reading", line);
        }
        for (Network network : networks) {
          measure(network, reals, backend, line, report);
        }
      }
    } finally {
      line.clear();
    }
  }

  private long seed() {
    return generated.seed();
  }

  private void halves(ProgressLine line, MetricsReport report) {
    long start = System.nanoTime();
    int[][] items = DatasetDescriptors.halves(dataset, seed());
    PatchDescriptors first = describe(items[0], "reading one half", line);
    PatchDescriptors second = describe(items[1], "reading the other half", line);
    LevelDistances distances = distance(first, second, "comparing the halves", line);
    line.clear();
    report.halves(distances, first.images(), second.images(), seconds(start));
  }

  private void measure(
      Network network,
      PatchDescriptors reals,
      Backend backend,
      ProgressLine line,
      MetricsReport report) {
    long start = System.nanoTime();
    BackendObserver observer = ObservedBackend.observer(backend);
    GeneratorNetwork read;
    try (var _ = observer.begin(new Activity.LoadNetwork(network.name))) {
      read = OpenedNetwork.open(network.source, network.net).weights().get();
    }
    PatchDescriptors fakes;
    try (ImageGenerator generator =
        ImageGenerator.open(backend, read, PrecisionOption.of(fp32, backend), 1)) {
      String part = "making images with " + Console.oneLine(network.name);
      fakes =
          generated.of(generator, Optional.of(dataset), progress(line, part, generated.images()));
    }
    LevelDistances distances;
    try (var _ = observer.begin(new Activity.Stage("compare", network.name))) {
      distances = distance(reals, fakes, "comparing " + Console.oneLine(network.name), line);
    }
    line.clear();
    report.network(network, distances, reals.images(), seconds(start));
  }

  private PatchDescriptors describe(int[] items, String part, ProgressLine line) {
    return DatasetDescriptors.of(
        dataset, items, seed(), threads, progress(line, part, items.length));
  }

  private LevelDistances distance(
      PatchDescriptors a, PatchDescriptors b, String part, ProgressLine line) {
    return SlicedWasserstein.distance(
        a, b, threads, progress(line, part, SlicedWasserstein.pieces(a)));
  }

  private static IntConsumer progress(ProgressLine line, String part, int count) {
    return done -> line.show(done + "/" + count + " " + part);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
