package org.aliasfree.network;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Normal noise for a layer, each image and layer from a sequence of its own. */
final class NoiseDraws {
  private NoiseDraws() {}

  /**
   * Noise of an input.
   *
   * @param type [N, 1, size, size]
   * @param seeds one for each image
   */
  static HostTensor of(String input, TensorType type, List<Long> seeds) {
    if (seeds.size() != type.shape().dim(0)) {
      throw new AliasFreeException(
          "Random noise is wanted for "
              + type.shape().dim(0)
              + " images, but "
              + seeds.size()
              + " noise seeds were given; give one for each image.");
    }
    HostTensor noise = HostTensor.allocate(type);
    for (int n = 0; n < seeds.size(); n++) {
      CRC32 crc = new CRC32();
      crc.update((seeds.get(n) + ":" + input).getBytes(StandardCharsets.UTF_8));
      new RandomState(crc.getValue()).fillRandn(noise.row(n));
    }
    return noise;
  }
}
