package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Moves operands of 1x1 convolutions between tensors and working memory. The loops are plain enough
 * for the processor to look some channels ahead: each lies in another page, and is waited for.
 */
final class PointwiseKernels {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long VECTOR = (long) Simd.LANES * Float.BYTES;

  private PointwiseKernels() {}

  /**
   * Packs places of all channels, scaled, into panels: channel c is row c.
   *
   * @param x the tensor, the first place of channel 0 at byte {@code at}
   * @param plane bytes from one channel to the next
   */
  static void pack(
      MemorySegment x,
      long at,
      long plane,
      float[] scales,
      int channels,
      MemorySegment to,
      int panels) {
    for (int c = 0; c < channels; c++) {
      FloatVector scale = FloatVector.broadcast(Simd.FLOATS, scales[c]);
      long from = at + c * plane;
      long next = 2 * VECTOR * c;
      for (int i = 0; i < panels; i++) {
        FloatVector.fromMemorySegment(Simd.FLOATS, x, from, ORDER)
            .mul(scale)
            .intoMemorySegment(to, next, ORDER);
        FloatVector.fromMemorySegment(Simd.FLOATS, x, from + VECTOR, ORDER)
            .mul(scale)
            .intoMemorySegment(to, next + VECTOR, ORDER);
        from += 2 * VECTOR;
        next += 2 * VECTOR * channels;
      }
    }
  }

  /**
   * Stores rows of sums, scaled.
   *
   * @param pitch floats from one row of sums to the next
   * @param vectors vectors of a row
   * @param y the tensor, the first place of row 0 at byte {@code at}
   * @param plane bytes from one row to the next in y
   */
  static void store(
      float[] sums,
      int pitch,
      int rows,
      int vectors,
      float[] scales,
      MemorySegment y,
      long at,
      long plane) {
    for (int r = 0; r < rows; r++) {
      FloatVector scale = FloatVector.broadcast(Simd.FLOATS, scales[r]);
      long to = at + r * plane;
      int from = r * pitch;
      for (int i = 0; i < vectors; i++) {
        FloatVector.fromArray(Simd.FLOATS, sums, from).mul(scale).intoMemorySegment(y, to, ORDER);
        from += Simd.LANES;
        to += VECTOR;
      }
    }
  }
}
