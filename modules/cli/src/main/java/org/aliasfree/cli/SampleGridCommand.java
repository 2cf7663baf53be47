package org.aliasfree.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import org.aliasfree.backend.Backend;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.network.Generator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code aliasfree sample-grid}: one picture that shows what a network does. */
@Command(
    name = "sample-grid",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description =
        "Show what a network does in one picture: samples, walks from seed to seed, truncation, classes, style"
            + " mixing, rotations.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree sample-grid --outfile samples.png",
      "  aliasfree sample-grid --network network.pkl --kind walk --seeds 1,5,9 \\",
      "      --steps 10 --outfile walk.png",
      "  aliasfree sample-grid --network network.pkl --kind mix --seeds 85,100 \\",
      "      --cols 55,821 --mix 0-6 --outfile mix.png"
    })
final class SampleGridCommand implements Action {
  /** Pixels from left to right that a sheet of small pictures is enlarged to. */
  private static final int USUAL_WIDTH = 512;

  private static final int MAX_SCALE = 1000;
  private static final int MAX_GAP = 10_000;

  private final Console console;

  @Option(
      names = "--outfile",
      required = true,
      paramLabel = "FILE",
      description = "The picture, a .png in a folder that exists.")
  private @Nullable String outfile;

  @Mixin private SheetOptions sheet = new SheetOptions();

  @Mixin private PictureOptions pictures = new PictureOptions();

  @Option(
      names = "--scale",
      paramLabel = "N",
      description = "Each pixel becomes N·N. Default: so that the sheet is 512 wide or more.")
  private @Nullable String scale;

  @Option(
      names = "--gap",
      paramLabel = "N",
      defaultValue = "0",
      description = "Pixels between pictures. Default: ${DEFAULT-VALUE}.")
  private @Nullable String gap;

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else.")
  private boolean json;

  SampleGridCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    try (Backend backend = pictures.backend(problems)) {
      Path file = file(problems);
      Sheet planned = plan(problems);
      problems.throwIfAny();
      Path target = Objects.requireNonNull(file);
      Sheet made = Objects.requireNonNull(planned);
      Backend opened = Objects.requireNonNull(backend);
      long start = System.nanoTime();
      made.make(target, opened, new Progress(console, made.kind().pictures(), json));
      console.line(json ? json(made, target, opened.id(), start) : text(made, target));
    }
  }

  /** What is to be done; null where that cannot be told, which then is among the problems. */
  private @Nullable Sheet plan(Problems problems) {
    Integer times = problems.parse("--scale", scale, t -> OptionValues.integer(t, 1, MAX_SCALE));
    Integer space = problems.parse("--gap", gap, t -> OptionValues.integer(t, 0, MAX_GAP));
    SheetOptions.Kind which = sheet.which(problems);
    OpenedNetwork opened = pictures.network(console, json, problems);
    Generator generator = opened == null ? null : opened.generator();
    SheetKind kind = which == null ? null : sheet.read(which, generator, problems);
    PictureSettings settings =
        which == SheetOptions.Kind.CLASSES
            ? pictures.settingsWithoutClass(opened, "--kind=classes", problems)
            : pictures.settings(opened, json ? console.err() : console.out(), problems);
    if (which == SheetOptions.Kind.TRUNCATION && pictures.hasTruncation()) {
      problems.usage("--trunc: --kind=truncation shows what --psis says; leave it out.");
    }
    Sheet.checkChannels(generator, problems);
    if (space == null || kind == null || settings == null) {
      return null;
    }
    return sized(new Sheet(kind, settings, new ImageGrid.Layout(1, space)), times, problems);
  }

  private @Nullable Path file(Problems problems) {
    Path path = problems.parse("--outfile", outfile, OptionValues::path);
    if (path == null) {
      return null;
    }
    Path folder = path.toAbsolutePath().getParent();
    if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      problems.usage(
          "--outfile: " + OptionValues.quoted(path.toString()) + " does not end in .png.");
    } else if (Files.isDirectory(path)) {
      problems.failure("--outfile: " + path + " is a folder, not a file.");
    } else if (folder == null || !Files.isDirectory(folder)) {
      problems.failure("--outfile: the folder " + folder + " does not exist; make it first.");
    } else if (!Files.isWritable(folder)) {
      problems.failure("--outfile: cannot write to the folder " + folder + ": permission denied.");
    }
    return path;
  }

  /** The sheet with its pixels enlarged as wanted. */
  private static Sheet sized(Sheet plain, @Nullable Integer times, Problems problems) {
    int space = plain.layout().gap();
    int usual = (int) Math.max(1, Math.ceilDiv(USUAL_WIDTH, plain.width()));
    ImageGrid.Layout layout = new ImageGrid.Layout(times == null ? usual : times, space);
    Sheet sized = new Sheet(plain.kind(), plain.settings(), layout);
    sized.check("show fewer pictures or use a smaller --scale", problems);
    return sized;
  }

  private static String text(Sheet made, Path file) {
    return String.format(
        Locale.ROOT,
        "%s: %dx%d pictures, %dx%d pixels",
        Console.oneLine(file.toString()),
        made.columns(),
        made.rows(),
        made.width(),
        made.height());
  }

  private static String json(Sheet made, Path file, String backend, long start) {
    return JsonText.of(
        out -> {
          out.writeStartObject();
          out.writeStringProperty("file", file.toString());
          out.writeName("rows");
          JsonText.write(made.kind().rows(), out);
          out.writeName("columns");
          JsonText.write(made.kind().columns(), out);
          out.writeNumberProperty("width", made.width());
          out.writeNumberProperty("height", made.height());
          out.writeNumberProperty("scale", made.layout().scale());
          out.writeNumberProperty("gap", made.layout().gap());
          out.writeNumberProperty("seconds", Math.round((System.nanoTime() - start) / 1e3) / 1e6);
          out.writeStringProperty("backend", backend);
          out.writeEndObject();
        });
  }
}
