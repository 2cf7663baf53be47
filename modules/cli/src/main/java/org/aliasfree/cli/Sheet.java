package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.aliasfree.backend.Activity;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Many pictures in one.
 *
 * @param kind what it shows
 * @param settings how the pictures are made
 * @param layout how they lie
 */
record Sheet(SheetKind kind, PictureSettings settings, ImageGrid.Layout layout) {
  private static final long MAX_BYTES = 1L << 30;

  private record Place(int index, SheetCell cell) {}

  /** Takes each picture when it is made, u8 [H, W, C]. */
  @FunctionalInterface
  interface PictureTaker {
    void take(int row, int column, HostTensor pixels);
  }

  /** Makes the file, or leaves it as it was. */
  void make(Path file, Backend backend, Progress progress) {
    make(backend, progress, (_, _, _) -> {}, pixels -> PngWriter.write(pixels, file));
  }

  /**
   * Makes the pictures.
   *
   * @param each takes them one by one, in any order
   * @param all takes the sheet, u8 [H, W, C], when it has all of them
   */
  void make(Backend backend, Progress progress, PictureTaker each, Consumer<HostTensor> all) {
    try (ImageGenerator generator = settings.open(backend)) {
      HostTensor sheet = draw(generator, progress, each);
      BackendObserver observer = ObservedBackend.observer(backend);
      try (var _ = observer.begin(new Activity.Stage("write files", "all pictures"))) {
        all.accept(sheet);
      }
    } finally {
      progress.clear();
    }
    progress.finish();
  }

  /** A problem more, where the sheet is too large to be drawn. */
  void check(String remedy, Problems problems) {
    int channels = settings.network().generator().imgChannels();
    double bytes = (double) width() * height() * channels;
    if (bytes > MAX_BYTES) {
      problems.usage(
          String.format(
              Locale.ROOT,
              "The sheet would have %d x %d pixels, %.0f MB; at most 1024 MB are drawn: %s.",
              width(),
              height(),
              bytes / (1 << 20),
              remedy));
    }
  }

  /** A problem more, where the pictures of a network cannot be PNGs. */
  static void checkChannels(@Nullable Generator generator, Problems problems) {
    if (generator != null && !PngWriter.supports(generator.imgChannels())) {
      problems.usage(
          "--network: its images have "
              + generator.imgChannels()
              + " channels, but a PNG has 1 to 4.");
    }
  }

  /** Pictures in a row. */
  int columns() {
    return kind.columns().size();
  }

  /** Rows of pictures. */
  int rows() {
    return kind.rows().size();
  }

  /** Pixels from left to right. */
  long width() {
    return layout.length(columns(), settings.network().generator().imgResolution());
  }

  /** Pixels from top to bottom. */
  long height() {
    return layout.length(rows(), settings.network().generator().imgResolution());
  }

  /** A run has one movement, so cells wait for others that have theirs. */
  private HostTensor draw(ImageGenerator generator, Progress progress, PictureTaker each) {
    Generator g = generator.generator();
    int side = g.imgResolution();
    ImageGrid grid = new ImageGrid(columns(), rows(), side, side, g.imgChannels(), layout);
    Latents latents = new Latents(generator, settings);
    Map<Movement, List<Place>> waiting = new LinkedHashMap<>();
    int done = 0;
    progress.reached(done);
    for (int i = 0; i < columns() * rows(); i++) {
      SheetCell cell = kind.cell(i / columns(), i % columns(), latents).orElse(null);
      if (cell == null) {
        continue;
      }
      List<Place> alike = waiting.computeIfAbsent(cell.movement(), m -> new ArrayList<>());
      alike.add(new Place(i, cell));
      if (alike.size() == settings.batch()) {
        done += make(alike, generator, grid, each);
        progress.reached(done);
      }
    }
    for (List<Place> left : waiting.values()) {
      if (!left.isEmpty()) {
        done += make(left, generator, grid, each);
        progress.reached(done);
      }
    }
    return grid.pixels();
  }

  /** Makes pictures of one movement, puts them into the grid, and takes them off the list. */
  private int make(
      List<Place> places, ImageGenerator generator, ImageGrid grid, PictureTaker each) {
    int count = places.size();
    HostTensor ws = Latents.stacked(places.stream().map(place -> place.cell().ws()).toList());
    long[] seeds = places.stream().mapToLong(place -> place.cell().seed()).toArray();
    GenerationRequest request =
        settings.request(places.getFirst().cell().movement(), seeds).withOnlyLayers(Pixels.LAYER);
    HostTensor images = generator.synthesize(ws, request).layer(Pixels.LAYER);
    for (int i = 0; i < count; i++) {
      int index = places.get(i).index();
      HostTensor pixels = images.row(i);
      grid.put(index, pixels);
      each.take(index / columns(), index % columns(), pixels);
    }
    places.clear();
    return count;
  }
}
