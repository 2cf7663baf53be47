package org.aliasfree.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;

/**
 * What an {@link ImageGenerator} made.
 *
 * @param images f32 [N, channels, R, R], mostly within −1 (black) to 1 (white); empty if they were
 *     not wanted
 * @param layers the inner tensors by the names they were asked for, f32 but for {@link
 *     Pixels#LAYER}, their first axis the batch
 */
public record GeneratedImages(Optional<HostTensor> images, Map<String, HostTensor> layers) {
  /** Copies the map. */
  public GeneratedImages {
    layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
  }

  /** The images, which must have been wanted. */
  public HostTensor image() {
    return images.orElseThrow(
        () -> new AliasFreeException("The image was not asked for, only layers were."));
  }

  /** One of the layers that were wanted. */
  public HostTensor layer(String name) {
    HostTensor layer = layers.get(name);
    if (layer == null) {
      throw new AliasFreeException(
          "The layer \""
              + name
              + "\" was not asked for; there are: "
              + String.join(", ", layers.keySet())
              + ".");
    }
    return layer;
  }
}
