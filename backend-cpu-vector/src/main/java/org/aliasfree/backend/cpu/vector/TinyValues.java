package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * Takes values that are next to nothing as zero. Gradients fade out around what augmentation moved
 * out of the image: filter after filter, from one pixel to the next, down to subnormal numbers,
 * with which a multiply-add takes some hundred cycles. The JVM cannot tell the processor to flush
 * them.
 */
final class TinyValues {
  /** Far below what Adam tells from zero, and far enough above the smallest normal number. */
  private static final float TINY = 1e-30f;

  private TinyValues() {}

  /** Sets those of {@code a[from]} to {@code a[until - 1]} to zero. */
  static void clear(float[] a, int from, int until) {
    int i = from;
    for (; i + Simd.LANES <= until; i += Simd.LANES) {
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, a, i);
      x.blend(0f, x.abs().lt(TINY)).intoArray(a, i);
    }
    for (; i < until; i++) {
      if (Math.abs(a[i]) < TINY) {
        a[i] = 0;
      }
    }
  }
}
