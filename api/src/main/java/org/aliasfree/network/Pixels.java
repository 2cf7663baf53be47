package org.aliasfree.network;

import java.lang.foreign.ValueLayout;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Images as bytes. */
public final class Pixels {
  /**
   * The name by which an {@link ImageGenerator} is asked for images in 8 bits, computed where the
   * network is: {@code request.withOnlyLayers(Pixels.LAYER)} gives u8 [N, H, W, C], with the bits
   * of {@link #of(HostTensor)}.
   */
  public static final String LAYER = "pixels";

  private Pixels() {}

  /** The images of a batch, f32 [N, C, H, W], in 8 bits, u8 [N, H, W, C]. */
  static Tensor of(Tensor images) {
    Tensor black = Ops.fill(TensorType.f32(), 0);
    Tensor white = Ops.fill(TensorType.f32(), 255);
    Tensor scaled = images.mul(127.5).add(128).max(black).min(white);
    return scaled.cast(DType.U8).permute(0, 2, 3, 1);
  }

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
