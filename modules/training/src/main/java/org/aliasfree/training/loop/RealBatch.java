package org.aliasfree.training.loop;

import java.lang.foreign.ValueLayout;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * The real images of an iteration, as the discriminator takes them.
 *
 * @param images f32 [N, C, H, W], −1 to 1
 * @param labels f32 [N, labelDim]
 */
public record RealBatch(HostTensor images, HostTensor labels) {
  /**
   * From pixels: v / 127.5 − 1, computed in f32.
   *
   * @param pixels u8 [N, C, H, W]
   */
  public static RealBatch ofPixels(HostTensor pixels, HostTensor labels) {
    HostTensor images = HostTensor.allocate(pixels.type().withDType(DType.F32));
    for (long i = 0; i < pixels.type().elements(); i++) {
      int v = Byte.toUnsignedInt(pixels.data().get(ValueLayout.JAVA_BYTE, i));
      images.data().set(HostTensor.F32, 4 * i, v / 127.5f - 1);
    }
    return new RealBatch(images, labels);
  }

  /** Rows of a tensor, as a tensor of its own that shares the memory. */
  static HostTensor rows(HostTensor tensor, long from, long count) {
    long[] sizes = tensor.shape().toArray();
    long row = sizes[0] == 0 ? 0 : tensor.data().byteSize() / sizes[0];
    sizes[0] = count;
    return new HostTensor(
        TensorType.of(tensor.dtype(), sizes), tensor.data().asSlice(from * row, count * row));
  }
}
