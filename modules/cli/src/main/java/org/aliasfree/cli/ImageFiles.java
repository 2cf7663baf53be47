package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.checkpoint.NumpyArchive;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.cli.Outputs.LatentFormat;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.data.PngWriter;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.Generator;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** Writes the files of each seed, and the grid when all are there. */
final class ImageFiles {
  private static final String GRID = "grid.png";
  private static final int FEATURE_MAP_RANK = 3;

  /** The name that latents have in files, the original's too. */
  static final String W = "w";

  private final OutputFolder folder;
  private final Outputs outputs;
  private final @Nullable ImageGrid grid;

  ImageFiles(OutputFolder folder, Outputs outputs, Generator generator) {
    this.folder = folder;
    this.outputs = outputs;
    grid = outputs.grid().map(size -> grid(size, generator)).orElse(null);
  }

  private static ImageGrid grid(OptionValues.GridSize size, Generator generator) {
    int resolution = generator.imgResolution();
    return new ImageGrid(
        size.width(), size.height(), resolution, resolution, generator.imgChannels());
  }

  /**
   * Writes what is wanted of one image.
   *
   * @param index place in the list of pictures
   * @param row place in the batch
   * @param ws its intermediate latents [numWs, wDim]; present where they are kept
   * @return the files, the picture first
   */
  List<Path> write(
      int index, Subject subject, GeneratedImages made, int row, Optional<HostTensor> ws) {
    String name = subject.fileName();
    List<Path> written = new ArrayList<>();
    if (outputs.picture()) {
      HostTensor pixels = made.layer(Pixels.LAYER).row(row);
      written.add(folder.make(name + ".png", path -> PngWriter.write(pixels, path)));
      if (grid != null) {
        grid.put(index, pixels);
      }
    }
    Map<String, HostTensor> raw = new LinkedHashMap<>();
    if (outputs.rawImage()) {
      raw.put(Generator.IMAGE, made.image().row(row));
    }
    for (String layer : outputs.layers()) {
      HostTensor features = made.layer(layer).row(row);
      raw.put(layer, features);
      if (features.shape().rank() == FEATURE_MAP_RANK) {
        HostTensor view = LayerView.of(features);
        written.add(folder.make(name + "_" + layer + ".png", path -> PngWriter.write(view, path)));
      }
    }
    if (outputs.keepsW(LatentFormat.NPZ)) {
      HostTensor w = batchOfOne(ws.orElseThrow());
      written.add(folder.make(name + ".npz", path -> new NumpyArchive(Map.of(W, w)).write(path)));
    } else if (outputs.keepsW(LatentFormat.SAFETENSORS)) {
      raw.put(W, batchOfOne(ws.orElseThrow()));
    }
    if (outputs.raw()) {
      written.add(folder.make(name + ".safetensors", path -> new Safetensors(raw).write(path)));
    }
    return written;
  }

  private static HostTensor batchOfOne(HostTensor w) {
    return w.reshape(1, w.shape().dim(0), w.shape().dim(1));
  }

  /** Writes the grid where one is wanted; all images must have been given to {@link #write}. */
  Optional<Path> writeGrid() {
    ImageGrid done = grid;
    return done == null
        ? Optional.empty()
        : Optional.of(folder.make(GRID, path -> PngWriter.write(done.pixels(), path)));
  }
}
