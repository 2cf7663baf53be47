package org.aliasfree.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.tool.DatasetResult;
import org.aliasfree.data.tool.DatasetSettings;
import org.aliasfree.data.tool.DatasetTool;
import org.aliasfree.data.tool.ResampleFilter;
import org.aliasfree.data.tool.Transform;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code aliasfree dataset}: a data set to train on from pictures of many sources, with the
 * options, messages and file names of the official {@code dataset_tool}.
 */
@Command(
    name = "dataset",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = "Make a data set to train on from a folder, an archive, LSUN, CIFAR-10 or MNIST.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree dataset --source photos --dest photos-256.zip \\",
      "      --transform center-crop --resolution 256x256",
      "  aliasfree dataset --source downloads/cifar-10-python.tar.gz --dest cifar10.zip",
      "",
      "An interrupted command leaves DEST.part; the same command goes on from there."
    })
final class DatasetCommand implements Action {
  private static final int MAX_THREADS = 4096;
  private static final int MAX_SIDE = 16384;
  private static final Pattern RESOLUTION = Pattern.compile("(\\d{1,9})[xX,](\\d{1,9})");

  private final Console console;

  @Option(
      names = "--source",
      required = true,
      paramLabel = "PATH",
      description =
          "Where the pictures are: a folder with all its sub-folders, a .zip archive, a folder ..._lmdb (LSUN), "
              + "cifar-10-python.tar.gz (CIFAR-10) or train-images-idx3-ubyte.gz (MNIST). Labels of a folder or "
              + "an archive are in its dataset.json.")
  private @Nullable String source;

  @Option(
      names = "--dest",
      required = true,
      paramLabel = "PATH",
      description =
          "Where the data set goes: a .zip archive, or a folder that is empty or not there yet.")
  private @Nullable String dest;

  @Option(
      names = "--max-images",
      paramLabel = "N",
      description = "Look at the first N pictures only.")
  private @Nullable String maxImages;

  @Option(
      names = "--transform",
      paramLabel = "MODE",
      defaultValue = "none",
      completionCandidates = Words.OfCrops.class,
      description =
          "Crop: none; center-crop, the largest square in the middle; center-crop-wide, W×H in the middle of a "
              + "black square of W×W; center-crop-tall, the same in a square of H×H. The last two leave out "
              + "pictures that are too small. Default: ${DEFAULT-VALUE}.")
  private @Nullable String transform;

  @Option(
      names = "--resolution",
      paramLabel = "WxH",
      description = "Resize to this; all but --transform=none need it.")
  private @Nullable String resolution;

  @Option(
      names = "--resize-filter",
      paramLabel = "FILTER",
      defaultValue = "lanczos",
      completionCandidates = Words.OfFilters.class,
      description = "Resize with lanczos or box. Default: ${DEFAULT-VALUE}.")
  private @Nullable String resizeFilter;

  @Option(
      names = "--channels",
      paramLabel = "1|3|4",
      description =
          "Make all pictures gray, RGB or RGBA. Default: as they are, which must be all gray or all RGB.")
  private @Nullable String channels;

  @Option(
      names = "--labels-from-folders",
      description =
          "Each sub-folder of the source is a class, numbered in order of their names, which are written to "
              + "class_labels.txt.")
  private boolean labelsFromFolders;

  @Option(
      names = "--skip-faulty",
      description =
          "Leave out pictures that cannot be used, with a warning, instead of ending without a data set.")
  private boolean skipFaulty;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode and resize. Default: one a processor.")
  private @Nullable String threads;

  DatasetCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    DatasetSettings settings = settings(problems);
    problems.throwIfAny();
    DatasetProgressLine progress = new DatasetProgressLine(console);
    DatasetResult result;
    try (ShutdownHook _ = new ShutdownHook("dataset-interrupted", progress::interrupted)) {
      result = DatasetTool.run(Objects.requireNonNull(settings), progress);
    } finally {
      progress.clear();
    }
    report(result);
  }

  private @Nullable DatasetSettings settings(Problems problems) {
    Path from = problems.parse("--source", source, DatasetCommand::path);
    Path to = problems.parse("--dest", dest, DatasetCommand::path);
    Integer most = problems.parse("--max-images", maxImages, t -> whole(t, Integer.MAX_VALUE));
    Transform mode = problems.parse("--transform", transform, DatasetCommand::transform);
    int[] size = problems.parse("--resolution", resolution, DatasetCommand::resolution);
    ResampleFilter filter = problems.parse("--resize-filter", resizeFilter, DatasetCommand::filter);
    Integer planes = problems.parse("--channels", channels, DatasetCommand::channels);
    Integer workers = problems.parse("--threads", threads, t -> whole(t, MAX_THREADS));
    int width = size == null ? 0 : size[0];
    int height = size == null ? 0 : size[1];
    if (mode != null && (size != null || resolution == null)) {
      try {
        DatasetSettings.checkTransform(mode, width, height);
      } catch (AliasFreeException e) {
        problems.usage(String.valueOf(e.getMessage()));
      }
    }
    if (!problems.isEmpty() || from == null || to == null || mode == null || filter == null) {
      return null;
    }
    return new DatasetSettings(
        from,
        to,
        Objects.requireNonNullElse(most, Integer.MAX_VALUE),
        mode,
        width,
        height,
        filter,
        Objects.requireNonNullElse(planes, 0),
        labelsFromFolders,
        skipFaulty,
        Objects.requireNonNullElse(workers, Runtime.getRuntime().availableProcessors()));
  }

  private static int whole(String text, int max) {
    return OptionValues.integer(text, 1, max);
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new AliasFreeException(
          "output filename or directory must not be an empty string, nor an input.");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new AliasFreeException(
          OptionValues.quoted(text) + " cannot be a path: " + e.getReason() + ".", e);
    }
  }

  private static Transform transform(String text) {
    List<String> labels = new ArrayList<>();
    for (Transform known : Transform.values()) {
      if (known.label().equals(text)) {
        return known;
      }
      labels.add(known.label());
    }
    throw new AliasFreeException(
        OptionValues.quoted(text) + " is not one of " + String.join(", ", labels) + ".");
  }

  private static int[] resolution(String text) {
    Matcher m = RESOLUTION.matcher(text.strip());
    if (!m.matches()) {
      throw new AliasFreeException(
          "cannot parse tuple " + OptionValues.quoted(text) + "; give one such as 256x256.");
    }
    return new int[] {
      OptionValues.integer(m.group(1), 1, MAX_SIDE), OptionValues.integer(m.group(2), 1, MAX_SIDE)
    };
  }

  private static ResampleFilter filter(String text) {
    return switch (text) {
      case "lanczos" -> ResampleFilter.LANCZOS;
      case "box" -> ResampleFilter.BOX;
      default ->
          throw new AliasFreeException(OptionValues.quoted(text) + " is not one of lanczos, box.");
    };
  }

  private static int channels(String text) {
    return switch (text) {
      case "1", "3", "4" -> Integer.parseInt(text);
      default ->
          throw new AliasFreeException(
              OptionValues.quoted(text) + " is not one of 1 (gray), 3 (RGB), 4 (RGBA).");
    };
  }

  private void report(DatasetResult result) {
    List<String> lines = new ArrayList<>(result.faults());
    if (result.faulty() > lines.size()) {
      lines.add("and " + (result.faulty() - lines.size()) + " more");
    }
    if (!result.written()) {
      lines.addFirst(
          count(result.faulty(), "image")
              + " cannot be used, so no data set was written; mend or remove them, choose"
              + " --transform, --resolution or --channels that make all alike, or give --skip-faulty:");
      throw new CommandFailure(lines, CommandFailure.RUN);
    }
    lines.forEach(line -> console.error("warning: left out: " + line));
    if (result.unlabelled() > 0 && result.unlabelled() < result.images()) {
      console.error(
          "warning: "
              + count(result.unlabelled(), "image")
              + " of "
              + result.images()
              + " without a label, so the data set has no labels.");
    }
    String left =
        result.leftOut() == 0 ? "" : ", " + result.leftOut() + " left out by the transform";
    console.line(
        String.format(
            Locale.ROOT,
            "%s: %s of %dx%d, %s%s%s",
            dest,
            count(result.images(), "image"),
            result.width(),
            result.height(),
            result.channels() == 1 ? "gray" : result.channels() == 3 ? "RGB" : "RGBA",
            result.unlabelled() > 0 ? ", no labels" : ", with labels",
            left));
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
