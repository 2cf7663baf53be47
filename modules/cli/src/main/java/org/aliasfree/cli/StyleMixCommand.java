package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.backend.Backend;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.Generator;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code aliasfree style-mix}: pictures with styles of two seeds, with the options and file names
 * of StyleGAN2-ADA's style_mixing.py.
 */
@Command(
    name = "style-mix",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = "Mix the styles of seeds: a picture for each row and column, and one of all.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  aliasfree style-mix --outdir out",
      "  aliasfree style-mix --network stylegan3-r-ffhqu-256x256 \\",
      "      --rows 85,100,75 --cols 55,821 --styles 0-3 --outdir out"
    })
final class StyleMixCommand implements Action {
  private static final String GRID = "grid.png";

  private final Console console;

  @Option(
      names = "--outdir",
      required = true,
      paramLabel = "FOLDER",
      description =
          "Where the pictures go: ROW-COLUMN.png for each pair of seeds, SEED-SEED.png for each seed by itself, and"
              + " grid.png; made where it does not exist.")
  private @Nullable String outdir;

  @Option(
      names = "--rows",
      paramLabel = "LIST",
      defaultValue = "85,100,75,458,1500",
      description = "Seeds of the rows. Default: ${DEFAULT-VALUE}.")
  private @Nullable String rows;

  @Option(
      names = "--cols",
      paramLabel = "LIST",
      defaultValue = "55,821,1789,293",
      description = "Seeds of the columns. Default: ${DEFAULT-VALUE}.")
  private @Nullable String cols;

  @Option(
      names = "--styles",
      paramLabel = "LIST",
      description =
          "The w, counted from 0, that a picture has from its column's seed; all, or none. Default: 0-6, or the first"
              + " half of fewer than 14.")
  private @Nullable String styles;

  @Mixin private PictureOptions pictures = new PictureOptions();

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else.")
  private boolean json;

  StyleMixCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    try (Backend backend = pictures.backend(problems);
        OutputFolder folder = OutputFolder.open(outdir, problems)) {
      try {
        Sheet sheet = plan(problems);
        problems.throwIfAny();
        make(
            Objects.requireNonNull(sheet),
            Objects.requireNonNull(folder),
            Objects.requireNonNull(backend));
      } catch (Throwable e) {
        if (folder != null) {
          folder.rollback();
        }
        throw e;
      }
    }
  }

  /** What is to be done; null where that cannot be told, which then is among the problems. */
  private @Nullable Sheet plan(Problems problems) {
    List<Long> rowSeeds = problems.parse("--rows", rows, OptionValues::seeds);
    List<Long> columnSeeds = problems.parse("--cols", cols, OptionValues::seeds);
    OpenedNetwork opened = pictures.network(console, json, problems);
    Generator generator = opened == null ? null : opened.generator();
    List<Integer> mixed = SheetOptions.mixed("--styles", styles, generator, problems);
    PictureSettings settings =
        pictures.settings(opened, json ? console.err() : console.out(), problems);
    Sheet.checkChannels(generator, problems);
    if (rowSeeds == null || columnSeeds == null || mixed == null || settings == null) {
      return null;
    }
    Sheet sheet =
        new Sheet(
            new SheetKind.Mix(rowSeeds, columnSeeds, mixed), settings, ImageGrid.Layout.PLAIN);
    sheet.check("give fewer --rows or --cols", problems);
    return sheet;
  }

  private void make(Sheet sheet, OutputFolder folder, Backend backend) {
    long start = System.nanoTime();
    SheetKind.Mix mix = (SheetKind.Mix) sheet.kind();
    Set<Path> files = new LinkedHashSet<>();
    sheet.make(
        backend,
        new Progress(console, mix.pictures(), json),
        (row, column, pixels) -> files.add(write(folder, fileName(mix, row, column), pixels)),
        pixels -> files.add(write(folder, GRID, pixels)));
    console.line(
        json
            ? json(folder, new ArrayList<>(files), backend.id(), start)
            : Console.oneLine(folder.path(GRID) + ", and " + (files.size() - 1) + " pictures"));
  }

  private static Path write(OutputFolder folder, String name, HostTensor pixels) {
    return folder.make(name, path -> PngWriter.write(pixels, path));
  }

  /** Seeds by themselves are as if mixed with themselves. */
  private static String fileName(SheetKind.Mix mix, int row, int column) {
    long ofRow = row == 0 ? mix.columnSeeds().get(column - 1) : mix.rowSeeds().get(row - 1);
    long ofColumn = column == 0 ? ofRow : mix.columnSeeds().get(column - 1);
    return ofRow + "-" + ofColumn + ".png";
  }

  private static String json(OutputFolder folder, List<Path> files, String backend, long start) {
    return JsonText.of(
        out -> {
          out.writeStartObject();
          out.writeStringProperty("file", folder.path(GRID).toString());
          out.writeName("files");
          JsonText.write(files, out);
          out.writeNumberProperty("seconds", Math.round((System.nanoTime() - start) / 1e3) / 1e6);
          out.writeStringProperty("backend", backend);
          out.writeEndObject();
        });
  }
}
