package org.aliasfree.cli;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.cli.Diagnosis.Notes;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.HostTensor;

/** Makes a picture, and compares it with what the reference makes. */
final class SelfTest implements Doctor.Check {
  private static final String REFERENCE = "cpu-reference";
  private static final String RANDOM = "random:stylegan3-t-32?seed=1&cbase=512&cmax=16";

  /** The reference takes seconds for a picture of this size, and minutes for a large one. */
  private static final int LARGEST_COMPARED = 64;

  /** Where the first picture takes longer, the reference would take many minutes. */
  private static final double LONGEST_SECONDS = 30;

  /** Rounding may take a value to the next grey level. */
  private static final int TOLERANCE = 1;

  private final Supplier<Backend> backend;
  private boolean computed;

  /**
   * A test that has not been made.
   *
   * @param backend opens what is to be tested, which this closes
   */
  SelfTest(Supplier<Backend> backend) {
    this.backend = backend;
  }

  /** Whether a picture was made. */
  boolean computed() {
    return computed;
  }

  @Override
  public void look(Notes notes) {
    try (Backend opened = backend.get()) {
      notes.fact("backend", opened.id() + ": " + opened.description());
      OpenedNetwork network = network(notes);
      long start = System.nanoTime();
      HostTensor image = image(opened, network);
      double seconds = Math.round((System.nanoTime() - start) / 1e6) / 1e3;
      HostTensor pixels = Pixels.of(image);
      notes.fact("seconds of a picture", seconds);
      notes.fact("png sha256", Bench.hash(pixels));
      if (!isFinite(image)) {
        throw new AliasFreeException("the picture has values that are no numbers.");
      }
      computed = true;
      if (seconds > LONGEST_SECONDS) {
        notes.fact("result", "a picture was made, too slowly to compare it with another");
      } else {
        compare(opened, network, pixels, notes);
      }
    }
  }

  private static OpenedNetwork network(Notes notes) {
    try {
      var bundled = BundledNetworks.first();
      OpenedNetwork network =
          OpenedNetwork.open(new NetworkSource.Bundled(bundled), GeneratorFiles.AVERAGE);
      notes.fact("network", bundled.name());
      return network;
    } catch (AliasFreeException e) {
      notes.fact("network", RANDOM + ", because " + e.getMessage());
      return OpenedNetwork.open(NetworkSource.parse(RANDOM), GeneratorFiles.AVERAGE);
    }
  }

  /** Of seed 0 and, where there are classes, the first. */
  private static HostTensor image(Backend on, OpenedNetwork network) {
    OptionalInt label = network.generator().cDim() > 0 ? OptionalInt.of(0) : OptionalInt.empty();
    PictureSettings settings = new PictureSettings(network, label);
    try (ImageGenerator generator =
        ImageGenerator.open(on, network.weights().get(), Precision.F32, 1)) {
      return generator
          .generate(generator.latents(0), settings.request(Movement.NONE, 0))
          .image()
          .row(0);
    }
  }

  private static boolean isFinite(HostTensor image) {
    for (long i = 0; i < image.type().elements(); i++) {
      if (!Double.isFinite(image.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static void compare(
      Backend tested, OpenedNetwork network, HostTensor pixels, Notes notes) {
    if (tested.id().equals(REFERENCE)
        || network.generator().imgResolution() > LARGEST_COMPARED
        || Backends.list().stream().noneMatch(f -> f.provider().id().equals(REFERENCE))) {
      notes.fact("result", "a picture was made; it was not compared with another backend's");
      return;
    }
    HostTensor expected;
    try (Backend reference = Backends.select(REFERENCE)) {
      expected = Pixels.of(image(reference, network));
    }
    int greatest = 0;
    for (long i = 0; i < pixels.type().elements(); i++) {
      greatest = Math.max(greatest, (int) Math.abs(pixels.get(i) - expected.get(i)));
    }
    notes.fact("grey levels off reference", (long) greatest);
    if (greatest <= TOLERANCE) {
      notes.fact("result", "ok");
      return;
    }
    notes.fact("result", "wrong");
    notes.finding(
        String.format(
            Locale.ROOT,
            "%s makes another picture than the reference: by up to %d grey levels.",
            tested.id(),
            greatest),
        "See which op is wrong, and report it: aliasfree conformance --backend " + tested.id());
  }
}
