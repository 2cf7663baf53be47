package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products whose B lies in panels in an array, see {@link
 * GemmKernel#panel}, for 16 vector registers. Where its rows may lie anywhere, {@link
 * GemmOffsetKernel}, the loop needs so many other registers that it takes a third longer.
 */
final class PanelArrayKernel {
  private PanelArrayKernel() {}

  /** Multiplies one row block of 4 or 2 rows by the panel at {@code bo}. */
  static void run(
      int rows, int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
    if (rows == 4) {
      rows4(depth, a, ao, b, bo, c, co, cs);
    } else {
      rows2(depth, a, ao, b, bo, c, co, cs);
    }
  }

  /** 4 rows of A by a panel of B. */
  private static void rows4(
      int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
    FloatVector c0x = FloatVector.zero(Simd.FLOATS);
    FloatVector c0y = FloatVector.zero(Simd.FLOATS);
    FloatVector c1x = FloatVector.zero(Simd.FLOATS);
    FloatVector c1y = FloatVector.zero(Simd.FLOATS);
    FloatVector c2x = FloatVector.zero(Simd.FLOATS);
    FloatVector c2y = FloatVector.zero(Simd.FLOATS);
    FloatVector c3x = FloatVector.zero(Simd.FLOATS);
    FloatVector c3y = FloatVector.zero(Simd.FLOATS);
    int q = ao;
    int p = bo;
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          w;
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = w.fma(x, c0x);
      c0y = w.fma(y, c0y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = w.fma(x, c1x);
      c1y = w.fma(y, c1y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 2]);
      c2x = w.fma(x, c2x);
      c2y = w.fma(y, c2y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 3]);
      c3x = w.fma(x, c3x);
      c3y = w.fma(y, c3y);
      q += 4;
      p += 2 * Simd.LANES;
    }
    c0x.intoArray(c, co + 0 * cs);
    c0y.intoArray(c, co + 0 * cs + Simd.LANES);
    c1x.intoArray(c, co + 1 * cs);
    c1y.intoArray(c, co + 1 * cs + Simd.LANES);
    c2x.intoArray(c, co + 2 * cs);
    c2y.intoArray(c, co + 2 * cs + Simd.LANES);
    c3x.intoArray(c, co + 3 * cs);
    c3y.intoArray(c, co + 3 * cs + Simd.LANES);
  }

  /** 2 rows of A by a panel of B. */
  private static void rows2(
      int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
    FloatVector c0x = FloatVector.zero(Simd.FLOATS);
    FloatVector c0y = FloatVector.zero(Simd.FLOATS);
    FloatVector c1x = FloatVector.zero(Simd.FLOATS);
    FloatVector c1y = FloatVector.zero(Simd.FLOATS);
    int q = ao;
    int p = bo;
    for (int k = 0; k < depth; k++) {
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          w;
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = w.fma(x, c0x);
      c0y = w.fma(y, c0y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = w.fma(x, c1x);
      c1y = w.fma(y, c1y);
      q += 2;
      p += 2 * Simd.LANES;
    }
    c0x.intoArray(c, co + 0 * cs);
    c0y.intoArray(c, co + 0 * cs + Simd.LANES);
    c1x.intoArray(c, co + 1 * cs);
    c1y.intoArray(c, co + 1 * cs + Simd.LANES);
  }
}
