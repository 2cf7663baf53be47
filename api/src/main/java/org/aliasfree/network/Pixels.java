package org.aliasfree.network;

import java.lang.foreign.ValueLayout;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Images as bytes. */
public final class Pixels {
  private Pixels() {}

  /**
   * An image in 8 bits, as the official tools round it: trunc(clamp(v · 127.5 + 128, 0, 255)).
   *
   * @param image f32 [C, H, W], −1 black and 1 white
   * @return u8 [H, W, C]
   */
  public static HostTensor of(HostTensor image) {
    if (image.dtype() != DType.F32 || image.shape().rank() != 3) {
      throw new AliasFreeException(
          "An image to be shown must be f32 [channels, height, width], not "
              + image.type()
              + "; take one row of a batch.");
    }
    long channels = image.shape().dim(0);
    long pixels = image.shape().dim(1) * image.shape().dim(2);
    HostTensor bytes =
        HostTensor.allocate(
            TensorType.of(DType.U8, image.shape().dim(1), image.shape().dim(2), channels));
    for (long c = 0; c < channels; c++) {
      for (long p = 0; p < pixels; p++) {
        float v = image.data().get(HostTensor.F32, (c * pixels + p) * 4) * 127.5f + 128;
        bytes
            .data()
            .set(ValueLayout.JAVA_BYTE, p * channels + c, (byte) (int) Math.clamp(v, 0f, 255f));
      }
    }
    return bytes;
  }
}
