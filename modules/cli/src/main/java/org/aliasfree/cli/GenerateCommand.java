package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.checkpoint.NumpyArchive;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.cli.OptionValues.GridSize;
import org.aliasfree.cli.OptionValues.Vector2;
import org.aliasfree.cli.Outputs.LatentFormat;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.Generator;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
      "  aliasfree generate --seeds 0-63 --outdir out --grid 8x8",
      "  aliasfree generate --network stylegan3-t-afhqv2-512x512 \\",
      "      --seeds 0-15 --trunc 0.7 --outdir out --grid 4x4",
      "  aliasfree generate --network 'random:stylegan3-t-256?seed=1' \\",
      "      --seeds 2 --outdir out"
    })
final class GenerateCommand implements Action {
  private final Console console;

  @Option(
      names = "--seeds",
      paramLabel = "LIST",
      description =
          "Seeds, one picture each: 1,2,5-10. Or 1:2:9 for nine pictures from seed 1 to seed 2, along the straight "
              + "line in W: seed0001-0002_000.png and so on. Needed unless there is --projected-w.")
  private @Nullable String seeds;

  @Option(
      names = "--outdir",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the pictures go; made where it does not exist.")
  private @Nullable String outdir;

  @Mixin private PictureOptions pictures = new PictureOptions();

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
      names = "--projected-w",
      paramLabel = "FILE",
      description =
          "Make pictures of the intermediate latents \"w\" in this .npz or .safetensors file instead of seeds: "
              + "[n, num_ws, w_dim], or [n, w_dim] for the same in all layers. The files are proj00.png and so on; "
              + "truncation and class do not apply.")
  private @Nullable String projectedW;

  @Option(
      names = "--save-w",
      arity = "0..1",
      fallbackValue = "npz",
      paramLabel = "npz|safetensors",
      description =
          "Also save the intermediate latents after truncation, \"w\" [1, num_ws, w_dim], in seed0002.npz, which NumPy "
              + "and the original's tools read, or among the raw values in seed0002.safetensors.")
  private @Nullable String saveW;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      description =
          "Instead of the picture save the output of this layer: a tensor in seed0002.safetensors and, "
              + "for feature maps, a view of the first 3 channels. Layers after it are not computed. May be "
              + "given several times; \"image\", --save-raw or --grid bring the picture back.")
  private List<String> layers = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print one JSON object a picture on standard output, and nothing else.")
  private boolean json;

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    try (Backend opened = pictures.backend(problems)) {
      OutputFolder folder = OutputFolder.open(outdir, problems);
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
    }
  }

  /** What is to be done; null where that cannot be told, which then is among the problems. */
  private @Nullable Generation generation(Problems problems) {
    List<Subject> seedList = problems.parse("--seeds", seeds, Subject::parse);
    LatentFormat keepW = problems.parse("--save-w", saveW, GenerateCommand::latentFormat);
    HostTensor w = projectedW == null ? null : latents(projectedW, problems);
    if (seeds == null && projectedW == null) {
      problems.usage("Missing required option: '--seeds=LIST', or --projected-w=FILE");
    }
    Vector2 shift = problems.parse("--translate", translate, OptionValues::vector2);
    Double degrees = problems.parse("--rotate", rotate, OptionValues::number);
    GridSize gridSize = problems.parse("--grid", grid, OptionValues::grid);
    if (gridSize != null && seedList != null && projectedW == null) {
      checkGrid(gridSize, "--seeds", seedList.size(), "seeds", problems);
    }
    OpenedNetwork opened = pictures.network(console, json, problems);
    PictureSettings settings =
        pictures.settings(opened, json ? console.err() : console.out(), problems);
    List<Subject> subjects =
        opened == null ? null : subjects(opened.generator(), seedList, w, gridSize, problems);
    Outputs outputs =
        opened == null || subjects == null
            ? null
            : outputs(opened.generator(), subjects, keepW, gridSize, problems);
    if (settings == null
        || subjects == null
        || shift == null
        || degrees == null
        || outputs == null) {
      return null;
    }
    Movement movement = new Movement(shift.x(), shift.y(), degrees);
    return new Generation(settings, subjects, movement, outputs, json);
  }

  private static LatentFormat latentFormat(String text) {
    return switch (text) {
      case "npz" -> LatentFormat.NPZ;
      case "safetensors" -> LatentFormat.SAFETENSORS;
      default ->
          throw new AliasFreeException(
              OptionValues.quoted(text) + " is not one of npz, safetensors.");
    };
  }

  /** The tensor "w" of a file; null, and a problem more, where there is none. */
  private static @Nullable HostTensor latents(String text, Problems problems) {
    try {
      Path path = OptionValues.path(text);
      return text.endsWith(".npz")
          ? NumpyArchive.read(path).tensor(ImageFiles.W)
          : Safetensors.read(path).tensor(ImageFiles.W);
    } catch (AliasFreeException e) {
      problems.failure("--projected-w: " + e.getMessage());
      return null;
    }
  }

  /** What the pictures are of; null, and a problem more, where that cannot be told. */
  private @Nullable List<Subject> subjects(
      Generator generator,
      @Nullable List<Subject> seedList,
      @Nullable HostTensor w,
      @Nullable GridSize gridSize,
      Problems problems) {
    if (projectedW == null) {
      return seedList;
    }
    if (seeds != null) {
      (json ? console.err() : console.out())
          .println("warn: --seeds is ignored when using --projected-w");
    }
    List<Subject> subjects =
        w == null
            ? null
            : problems.parse(
                "--projected-w",
                projectedW,
                file -> Subject.projected(w, generator.numWs(), generator.wDim()));
    if (gridSize != null && subjects != null) {
      checkGrid(gridSize, "--projected-w", subjects.size(), "pictures", problems);
    }
    return subjects;
  }

  /**
   * A problem more, where there are not as many places as pictures.
   *
   * @param option gives the pictures
   * @param what they are called
   */
  static void checkGrid(
      GridSize grid, String option, int pictures, String what, Problems problems) {
    if (grid.cells() != pictures) {
      problems.usage(
          "--grid: "
              + grid.width()
              + "x"
              + grid.height()
              + " has "
              + grid.cells()
              + " places, but "
              + option
              + " has "
              + pictures
              + "; give as many "
              + what
              + " as places.");
    }
  }

  private @Nullable Outputs outputs(
      Generator generator,
      List<Subject> subjects,
      @Nullable LatentFormat keepW,
      @Nullable GridSize gridSize,
      Problems problems) {
    boolean fromZ = subjects.stream().allMatch(s -> s instanceof Subject.Seed);
    List<String> names = new ArrayList<>();
    boolean sound = true;
    for (String layer : layers) {
      try {
        String name = layer.equals(Generator.IMAGE) ? layer : generator.layerName(layer);
        if (!fromZ && !name.equals(Generator.IMAGE) && !name.startsWith("synthesis.")) {
          problems.usage("--layer: pictures made from w have no layer " + name + ".");
          sound = false;
        } else if (!names.contains(name)) {
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
        ? new Outputs(
            image && png,
            saveRaw || imageByName,
            names,
            Optional.ofNullable(keepW),
            Optional.ofNullable(gridSize))
        : null;
  }
}
