package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.cli.OptionValues.Vector2;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.Generator;
import org.aliasfree.network.NoiseMode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code aliasfree generate}: pictures from a network file, with the options, messages and file
 * names of the official tool. Everything that can be wrong is looked at, and reported together,
 * before anything is computed.
 */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = "Make pictures with a StyleGAN3 or StyleGAN2 network.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree generate --network stylegan3-t-afhqv2-512x512.pkl \\",
      "      --seeds 0-15 --trunc 0.7 --outdir out --grid 4x4",
      "  aliasfree generate --network 'random:stylegan3-t-256?seed=1' \\",
      "      --seeds 2 --outdir out"
    })
final class GenerateCommand implements Action {
  private static final int MAX_BATCH = 4096;
  private static final int MAX_THREADS = 4096;

  private final Console console;

  @Option(
      names = "--network",
      required = true,
      paramLabel = "FILE",
      description =
          "Network file: a path or a file:// URL. Or random:PRESET?KEY=VALUE&... for a network with "
              + "random weights, PRESET being stylegan3-t-256, stylegan2-256 or the like and KEY seed, cbase, "
              + "cmax, c_dim, w_dim, z_dim, img_channels or another keyword of the network.")
  private @Nullable String network;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      defaultValue = GeneratorFiles.AVERAGE,
      description =
          "Which generator of the file: G_ema, the average that generates best, or G. Default: ${DEFAULT-VALUE}.")
  private @Nullable String net;

  @Option(
      names = "--seeds",
      required = true,
      paramLabel = "LIST",
      description = "Seeds, one picture each: 1,2,5-10.")
  private @Nullable String seeds;

  @Option(
      names = "--outdir",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the pictures go; made where it does not exist.")
  private @Nullable String outdir;

  @Option(
      names = "--trunc",
      paramLabel = "PSI",
      defaultValue = "1",
      description = "Truncation: 1 for none, 0 for the mean picture. Default: ${DEFAULT-VALUE}.")
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
      description =
          "Where the noise of StyleGAN2 comes from: const, the network's own; random, fresh for each seed; none. "
              + "StyleGAN3 has no noise and ignores this. Default: ${DEFAULT-VALUE}.")
  private @Nullable String noiseMode;

  @Option(
      names = "--translate",
      paramLabel = "X,Y",
      defaultValue = "0,0",
      description = "Move the picture by so many widths. Default: ${DEFAULT-VALUE}.")
  private @Nullable String translate;

  @Option(
      names = "--rotate",
      paramLabel = "DEGREES",
      defaultValue = "0",
      description = "Turn the picture. Default: ${DEFAULT-VALUE}.")
  private @Nullable String rotate;

  @Option(
      names = "--grid",
      paramLabel = "WxH",
      description =
          "Besides the pictures of the W·H seeds one that shows them all in W columns and H rows, grid.png.")
  private @Nullable String grid;

  @Option(
      names = "--save-raw",
      description =
          "Also save the unrounded values: seed0002.safetensors with the tensor \"image\", f32 [C, H, W].")
  private boolean saveRaw;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description =
          "Instead of the picture save the output of this layer: a tensor in seed0002.safetensors and, "
              + "for feature maps, a view of the first 3 channels. Layers after it are not computed. May be "
              + "given several times; \"image\", --save-raw or --grid bring the picture back.")
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Pictures computed together; takes N times the memory. Default: ${DEFAULT-VALUE}.")
  private @Nullable String batch;

  @Option(
      names = "--backend",
      paramLabel = "ID[:DEVICE]",
      defaultValue = "auto",
      description = "What computes; see aliasfree devices. Default: ${DEFAULT-VALUE}.")
  private @Nullable String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads. Default: one a processor.")
  private @Nullable String threads;

  @Option(
      names = "--json",
      description = "Print one JSON object a picture on standard output, and nothing else.")
  private boolean json;

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    Integer threadCount = problems.parse("--threads", threads, t -> whole(t, MAX_THREADS));
    BackendOptions options =
        BackendOptions.defaults().withThreads(threadCount == null ? 0 : threadCount);
    Backend opened =
        OpenedBackend.of(Objects.requireNonNullElse(backend, "auto"), options, problems);
    try {
      OutputFolder folder = openFolder(problems);
      try {
        Generation generation = generation(problems);
        problems.throwIfAny();
        Objects.requireNonNull(generation)
            .run(Objects.requireNonNull(opened), Objects.requireNonNull(folder), console);
      } catch (Throwable e) {
        if (folder != null) {
          folder.rollback();
        }
        throw e;
      }
      if (folder != null) {
        folder.close();
      }
    } finally {
      if (opened != null) {
        opened.close();
      }
    }
  }

  private static int whole(String text, int max) {
    return OptionValues.integer(text, 1, max);
  }

  private @Nullable OutputFolder openFolder(Problems problems) {
    if (outdir == null) {
      return null;
    }
    try {
      return OutputFolder.open(outdir);
    } catch (AliasFreeException e) {
      problems.failure("--outdir: " + e.getMessage());
      return null;
    }
  }

  /** What is to be done; null where that cannot be told, which then is among the problems. */
  private @Nullable Generation generation(Problems problems) {
    NetworkSource source = problems.parse("--network", network, NetworkSource::parse);
    List<Long> seedList = problems.parse("--seeds", seeds, OptionValues::seeds);
    Double psi = problems.parse("--trunc", trunc, OptionValues::number);
    Integer label =
        problems.parse("--class", classLabel, t -> OptionValues.integer(t, 0, Integer.MAX_VALUE));
    NoiseMode noise = problems.parse("--noise-mode", noiseMode, OptionValues::noiseMode);
    String chosen = problems.parse("--net", net, OptionValues::generatorName);
    Vector2 shift = problems.parse("--translate", translate, OptionValues::vector2);
    Double degrees = problems.parse("--rotate", rotate, OptionValues::number);
    GridSize gridSize = problems.parse("--grid", grid, OptionValues::grid);
    Integer batchSize = problems.parse("--batch", batch, t -> whole(t, MAX_BATCH));
    if (gridSize != null && seedList != null && gridSize.cells() != seedList.size()) {
      problems.usage(
          "--grid: "
              + grid
              + " has "
              + gridSize.cells()
              + " places, but --seeds has "
              + seedList.size()
              + "; give as many seeds as places.");
    }
    OpenedNetwork opened = source == null || chosen == null ? null : open(source, chosen, problems);
    if (opened == null) {
      return null;
    }
    OptionalInt checkedLabel = checkLabel(opened.generator(), label, problems);
    checkTruncation(opened.generator(), psi, problems);
    Outputs outputs = outputs(opened.generator(), gridSize, problems);
    if (seedList == null
        || psi == null
        || shift == null
        || degrees == null
        || noise == null
        || batchSize == null
        || outputs == null) {
      return null;
    }
    var movement = new Generation.Movement(shift.x(), shift.y(), degrees);
    return new Generation(
        opened, seedList, psi, checkedLabel, movement, noise, outputs, batchSize, json);
  }

  private @Nullable OpenedNetwork open(NetworkSource source, String name, Problems problems) {
    if (!json) {
      console.line("Loading networks from \"" + Console.oneLine(String.valueOf(network)) + "\"...");
    }
    try {
      return OpenedNetwork.open(source, name);
    } catch (AliasFreeException e) {
      problems.failure("--network: " + e.getMessage());
      return null;
    }
  }

  private static void checkTruncation(
      Generator generator, @Nullable Double psi, Problems problems) {
    if (psi != null && psi != 1 && !generator.hasMeanW()) {
      problems.usage(
          "--trunc: the network keeps no mean of w to pull towards; only 1 is possible.");
    }
  }

  private OptionalInt checkLabel(Generator generator, @Nullable Integer label, Problems problems) {
    int classes = generator.cDim();
    if (classes == 0) {
      if (classLabel != null) {
        (json ? console.err() : console.out())
            .println("warn: --class=lbl ignored when running on an unconditional network");
      }
      return OptionalInt.empty();
    }
    if (classLabel == null) {
      problems.usage("Must specify class label with --class when using a conditional network");
    } else if (label != null && label >= classes) {
      problems.usage(
          "--class: "
              + label
              + " is out of range: the network has "
              + classes
              + " classes, 0 to "
              + (classes - 1)
              + ".");
    }
    return label == null ? OptionalInt.empty() : OptionalInt.of(label);
  }

  private @Nullable Outputs outputs(
      Generator generator, @Nullable GridSize gridSize, Problems problems) {
    List<String> names = new ArrayList<>();
    boolean sound = true;
    for (String layer : layers) {
      try {
        String name = layer.equals(Generator.IMAGE) ? layer : generator.layerName(layer);
        if (!names.contains(name)) {
          names.add(name);
        }
      } catch (AliasFreeException e) {
        problems.usage("--layer: " + e.getMessage());
        sound = false;
      }
    }
    boolean imageByName = names.remove(Generator.IMAGE);
    boolean image = layers.isEmpty() || imageByName || saveRaw || gridSize != null;
    boolean png = PngWriter.supports(generator.imgChannels());
    if (image && !png && (!saveRaw || gridSize != null)) {
      problems.usage(
          "--network: its images have "
              + generator.imgChannels()
              + " channels, but a PNG has 1 to 4; use --save-raw without --grid.");
      sound = false;
    }
    return sound
        ? new Outputs(image && png, saveRaw || imageByName, names, Optional.ofNullable(gridSize))
        : null;
  }
}
