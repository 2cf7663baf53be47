package org.aliasfree.cli;

import java.util.List;
import java.util.Optional;
import org.aliasfree.cli.OptionValues.GridSize;

/**
 * What is written for each picture.
 *
 * @param picture whether a PNG of the image is
 * @param rawImage whether the image's values are
 * @param layers full names of the layers whose values are
 * @param w how the intermediate latents are kept, if they are
 * @param grid present when one more PNG shows all pictures
 */
record Outputs(
    boolean picture,
    boolean rawImage,
    List<String> layers,
    Optional<LatentFormat> w,
    Optional<GridSize> grid) {
  /** A file of intermediate latents. */
  enum LatentFormat {
    /** NumPy's archive, as the original's projector writes it. */
    NPZ,
    /** Safetensors. */
    SAFETENSORS
  }

  Outputs {
    layers = List.copyOf(layers);
  }

  /** Whether there is a safetensors file for each seed. */
  boolean raw() {
    return rawImage || !layers.isEmpty() || keepsW(LatentFormat.SAFETENSORS);
  }

  /** Whether intermediate latents are kept so. */
  boolean keepsW(LatentFormat format) {
    return w.isPresent() && w.get() == format;
  }
}
