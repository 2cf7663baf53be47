package org.aliasfree.cli;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.Backend;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.data.PngWriter;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Pixels;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.HostTensor;

/**
 * Many pictures in one file.
 *
 * @param kind what it shows
 * @param settings how the pictures are made
 * @param layout how they lie
 * @param file where they go
 */
record Sheet(SheetKind kind, PictureSettings settings, ImageGrid.Layout layout, Path file) {
  private record Place(int index, SheetCell cell) {}

  /** Makes the file, or leaves it as it was. */
  void make(Backend backend, Progress progress) {
    try (ImageGenerator generator =
        ImageGenerator.open(backend, settings.network().weights().get(), Precision.F32, 1)) {
      HostTensor pixels = draw(generator, progress);
      AtomicFile.write(
          file,
          channel -> {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            PngWriter.write(pixels, out);
            out.flush();
          });
    } finally {
      progress.clear();
    }
    progress.finish();
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
  private HostTensor draw(ImageGenerator generator, Progress progress) {
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
        done += make(alike, generator, grid);
        progress.reached(done);
      }
    }
    for (List<Place> left : waiting.values()) {
      if (!left.isEmpty()) {
        done += make(left, generator, grid);
        progress.reached(done);
      }
    }
    return grid.pixels();
  }

  /** Makes pictures of one movement, puts them into the grid, and takes them off the list. */
  private int make(List<Place> places, ImageGenerator generator, ImageGrid grid) {
    int count = places.size();
    HostTensor ws = Latents.stacked(places.stream().map(place -> place.cell().ws()).toList());
    long[] seeds = places.stream().mapToLong(place -> place.cell().seed()).toArray();
    GenerationRequest request = settings.request(places.getFirst().cell().movement(), seeds);
    HostTensor images = generator.synthesize(ws, request).image();
    for (int i = 0; i < count; i++) {
      grid.put(places.get(i).index(), Pixels.of(images.row(i)));
    }
    places.clear();
    return count;
  }
}
