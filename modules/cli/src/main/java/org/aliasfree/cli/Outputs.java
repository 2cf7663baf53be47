package org.aliasfree.cli;

import java.util.List;
import java.util.Optional;
import org.aliasfree.cli.OptionValues.GridSize;

/**
 * What is written for each seed.
 *
 * @param picture whether a PNG of the image is
 * @param rawImage whether the image's values are
 * @param layers full names of the layers whose values are
 * @param grid present when one more PNG shows all pictures
 */
record Outputs(boolean picture, boolean rawImage, List<String> layers, Optional<GridSize> grid) {
  Outputs {
    layers = List.copyOf(layers);
  }

  /** Whether the network has to be run to its end. */
  boolean needsImage() {
    return picture || rawImage;
  }

  /** Whether there is a safetensors file for each seed. */
  boolean raw() {
    return rawImage || !layers.isEmpty();
  }
}
