package org.aliasfree.cli;

import java.io.PrintStream;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.Generator;
import org.aliasfree.network.NoiseMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that make pictures: with which network, how, and on what. */
final class PictureOptions {
  private static final int MAX_BATCH = 4096;

  @Option(
      names = "--network",
      paramLabel = "FILE",
      completionCandidates = Words.OfNetworks.class,
      description =
          "Network file: a path, a URL, or a published name such as stylegan3-r-afhqv2-512x512 (aliasfree networks "
              + "list), of which the last two are downloaded once. Or builtin:NAME for one that comes with this "
              + "program. Or random:PRESET?KEY=VALUE&... for a network with random weights, PRESET being "
              + "stylegan3-t-256, stylegan2-256 or the like and KEY seed, cbase, cmax, c_dim, w_dim, z_dim, "
              + "img_channels or another keyword of the network. Default: the first that comes with this program.")
  private @Nullable String network;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      defaultValue = GeneratorFiles.AVERAGE,
      completionCandidates = Words.OfGenerators.class,
      description =
          "Which generator of the file: G_ema, the average that generates best, or G. Default: ${DEFAULT-VALUE}.")
  private @Nullable String net;

  @Option(
      names = "--trunc",
      paramLabel = "PSI",
      description = "Truncation: 1 for none, 0 for the mean picture. Default: 1.")
  private @Nullable String trunc;

  @Option(
      names = "--class",
      paramLabel = "LABEL",
      description = "Class, from 0; conditional networks need it.")
  private @Nullable String classLabel;

  @Option(
      names = "--noise-mode",
      paramLabel = "MODE",
      defaultValue = "const",
      completionCandidates = Words.OfNoiseModes.class,
      description =
          "Where the noise of StyleGAN2 comes from: const, the network's own; random, fresh for each seed; none. "
              + "StyleGAN3 has no noise and ignores this. Default: ${DEFAULT-VALUE}.")
  private @Nullable String noiseMode;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Pictures computed together; takes N times the memory. Default: ${DEFAULT-VALUE}.")
  private @Nullable String batch;

  @Mixin private final ComputeOptions compute = new ComputeOptions();

  @Mixin private final PrecisionOption precision = new PrecisionOption();

  @Mixin private final NetworkAccess access = new NetworkAccess();

  /** The backend, which the caller closes; null, and a problem more, where it cannot be used. */
  @Nullable Backend backend(Problems problems) {
    return compute.open(compute.options(problems), problems);
  }

  private static int whole(String text, int max) {
    return OptionValues.integer(text, 1, max);
  }

  /**
   * The network; null, and a problem more, where there is none.
   *
   * @param quiet whether not to say that it is read
   */
  @Nullable OpenedNetwork network(Console console, boolean quiet, Problems problems) {
    NetworkSource source = parseNetwork(network, problems);
    String chosen = problems.parse("--net", net, OptionValues::generatorName);
    if (source == null || chosen == null) {
      return null;
    }
    if (!quiet && network != null) {
      console.line("Loading networks from \"" + Console.oneLine(network) + "\"...");
    }
    if (source instanceof NetworkSource.Remote) {
      settings(null, OptionalInt.empty(), problems); // what is wrong shows before a download
    }
    NetworkSource local = access.local("--network", source, console, problems);
    if (local == null) {
      return null;
    }
    String name = source instanceof NetworkSource.Bundled(var b) ? b.name() : network;
    Activity load = new Activity.LoadNetwork(String.valueOf(name));
    try (var _ = compute.observer().begin(load)) {
      OpenedNetwork opened = OpenedNetwork.open(local, chosen);
      if (!quiet && network == null && source instanceof NetworkSource.Bundled(var bundled)) {
        console.line(text(bundled, opened.generator()));
      }
      return opened;
    } catch (AliasFreeException e) {
      problems.failure("--network: " + e.getMessage());
      return null;
    }
  }

  /**
   * The network that is named, or that is taken where none is; null, and a problem more, if none.
   */
  private static @Nullable NetworkSource parseNetwork(@Nullable String text, Problems problems) {
    try {
      return NetworkSource.parseOptional(text);
    } catch (AliasFreeException e) {
      problems.usage("--network: " + e.getMessage());
      return null;
    }
  }

  private static String text(BundledNetwork network, Generator generator) {
    int side = generator.imgResolution();
    return String.format(
        Locale.ROOT,
        "Network: %s, %dx%d, %s (--network chooses another)",
        network.name(),
        side,
        side,
        network.description());
  }

  /**
   * How pictures are made; null, and problems more, where that cannot be told.
   *
   * @param opened null where there is no network: then what can be looked at is
   * @param warnings takes what is said besides
   */
  @Nullable PictureSettings settings(
      @Nullable OpenedNetwork opened, PrintStream warnings, Problems problems) {
    Integer label =
        problems.parse("--class", classLabel, t -> OptionValues.integer(t, 0, Integer.MAX_VALUE));
    return settings(
        opened,
        opened == null
            ? OptionalInt.empty()
            : checkLabel(opened.generator(), label, warnings, problems),
        problems);
  }

  /**
   * As {@link #settings(OpenedNetwork, PrintStream, Problems)}, where each picture has a class of
   * its own.
   *
   * @param why the option that says so
   */
  @Nullable PictureSettings settingsWithoutClass(
      @Nullable OpenedNetwork opened, String why, Problems problems) {
    if (classLabel != null) {
      problems.usage("--class: " + why + " shows each class; leave it out.");
    }
    return settings(opened, OptionalInt.empty(), problems);
  }

  private @Nullable PictureSettings settings(
      @Nullable OpenedNetwork opened, OptionalInt label, Problems problems) {
    Double psi =
        problems.parse("--trunc", Objects.requireNonNullElse(trunc, "1"), OptionValues::number);
    NoiseMode noise = problems.parse("--noise-mode", noiseMode, OptionValues::noiseMode);
    Integer batchSize = problems.parse("--batch", batch, t -> whole(t, MAX_BATCH));
    if (opened != null && psi != null) {
      checkTruncation("--trunc", opened.generator(), psi, problems);
    }
    return opened == null || psi == null || noise == null || batchSize == null
        ? null
        : new PictureSettings(opened, psi, label, noise, batchSize, precision.isFull());
  }

  /** Whether truncation was asked for, be it 1. */
  boolean hasTruncation() {
    return trunc != null;
  }

  /** A problem more, where the network cannot truncate so. */
  static void checkTruncation(String option, Generator generator, double psi, Problems problems) {
    if (psi != 1 && !generator.hasMeanW()) {
      problems.usage(
          option + ": the network keeps no mean of w to pull towards; only 1 is possible.");
    }
  }

  private OptionalInt checkLabel(
      Generator generator, @Nullable Integer label, PrintStream warnings, Problems problems) {
    int classes = generator.cDim();
    if (classes == 0) {
      if (classLabel != null) {
        warnings.println("warn: --class=lbl ignored when running on an unconditional network");
      }
      return OptionalInt.empty();
    }
    if (classLabel == null) {
      problems.usage("Must specify class label with --class when using a conditional network");
    } else if (label != null) {
      checkClass("--class", label, classes, problems);
    }
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }

  /** A problem more, where the network has no such class. */
  static void checkClass(String option, int label, int classes, Problems problems) {
    if (label >= classes) {
      problems.usage(
          option
              + ": "
              + label
              + " is out of range: the network has "
              + classes
              + " classes, 0 to "
              + (classes - 1)
              + ".");
    }
  }
}
