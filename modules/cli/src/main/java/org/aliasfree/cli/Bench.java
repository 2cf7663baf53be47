package org.aliasfree.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.data.PngWriter;
import org.aliasfree.measure.PeakMemory;
import org.aliasfree.measure.Sample;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.HostTensor;

/**
 * A network that is ready to be timed. It makes images with the very plan and the very inputs that
 * {@code generate} uses for the same seeds.
 */
final class Bench implements AutoCloseable {
  private static final int MOST_PROFILED = 5;

  private final Backend backend;
  private final BenchSubject subject;
  private final BenchSettings settings;
  private final ImageGenerator generator;
  private final HostTensor z;
  private final HostTensor labels;
  private final GenerationRequest request;
  private Optional<String> hash = Optional.empty();

  private Bench(
      Backend backend, Precision precision, BenchSubject subject, BenchSettings settings) {
    this.backend = backend;
    this.subject = subject;
    this.settings = settings;
    OptionalInt label =
        subject.opened().generator().cDim() > 0 ? OptionalInt.of(0) : OptionalInt.empty();
    request =
        new PictureSettings(subject.opened(), label)
            .request(Movement.NONE, settings.seeds())
            .withOnlyLayers(Pixels.LAYER);
    generator = ImageGenerator.open(backend, subject.opened().weights().get(), precision, 1);
    z = generator.latents(settings.seeds());
    labels = generator.labels(settings.batch(), label);
  }

  /** Loads the network. From here on the memory of the process counts. */
  static Bench open(
      Backend backend, Precision precision, BenchSubject subject, BenchSettings settings) {
    if (!PeakMemory.forget()) {
      System.getLogger(Bench.class.getName())
          .log(System.Logger.Level.DEBUG, "peak memory counts from the start of the process");
    }
    return new Bench(backend, precision, subject, settings);
  }

  /** Warms up and measures; can be repeated. */
  BenchResult measure(ProgressLine progress) {
    int total = settings.warmup() + settings.runs();
    double[] seconds = new double[settings.runs()];
    for (int i = 0; i < total; i++) {
      int run = i - settings.warmup();
      progress.show(run < 0 ? "warming up" : "measuring", i, total);
      long start = System.nanoTime();
      GeneratedImages made = generator.generate(z, labels, request);
      long nanos = System.nanoTime() - start;
      if (run >= 0) {
        seconds[run] = nanos / 1e9 / settings.batch();
      }
      if (i == 0 || i == total - 1) {
        checkSame(made);
      }
    }
    List<LayerTime> layers = layers(progress);
    progress.clear();
    return result(Sample.of(seconds), layers);
  }

  /** Times of steps, from runs of their own: asking for them may slow a run down. */
  private List<LayerTime> layers(ProgressLine progress) {
    int runs = Math.min(settings.runs(), MOST_PROFILED);
    List<List<LayerTime.Ran>> steps = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      progress.show("measuring layers", i, runs);
      List<LayerTime.Ran> ran = new ArrayList<>();
      generator.generate(
          z, labels, request, (step, nanos) -> ran.add(new LayerTime.Ran(step, nanos)));
      steps.add(ran);
    }
    return LayerTime.of(steps);
  }

  private BenchResult result(Sample seconds, List<LayerTime> layers) {
    long runBytes = generator.plan(settings.batch(), request).runBytes();
    VariableStore.Bytes store = generator.bytes();
    long tensors = runBytes + store.variables() + store.prepared();
    return new BenchResult(
        subject,
        settings,
        backend.id(),
        backend.description(),
        seconds,
        PeakMemory.ofProcess().orElseGet(() -> PeakMemory.ofHeapAnd(tensors)),
        runBytes,
        store.variables(),
        store.prepared(),
        hash,
        layers);
  }

  /**
   * A measurement of something that computes this one way and then another would be worth nothing.
   */
  private void checkSame(GeneratedImages made) {
    if (!PngWriter.supports(subject.opened().generator().imgChannels())) {
      return;
    }
    String now = hash(made.layer(Pixels.LAYER).row(0));
    if (hash.isPresent() && !hash.get().equals(now)) {
      throw new AliasFreeException(
          "The backend "
              + backend.id()
              + " made two different pictures of seed "
              + settings.seed()
              + "; aliasfree conformance --backend "
              + backend.id()
              + " may tell why.");
    }
    hash = Optional.of(now);
  }

  /** SHA-256 of the PNG that {@code generate} writes. */
  static String hash(HostTensor pixels) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(PngWriter.bytes(pixels)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    generator.close();
  }
}
