package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products and convolutions for 16 vector registers (128 and 256 bits): 12
 * sums, two vectors of B and one of A at most.
 *
 * <p>Each method computes {@code C[r][j] = S[r][j] + sum over k of A[k][r] * B[off[k]][j]} for its
 * number of rows r and two vectors of columns j, as one chain of fused multiply-adds an element in
 * the order of k: the bits do not depend on how a product is cut into blocks. A is packed with the
 * rows of one k side by side; S and C have row pitches {@code ss} and {@code cs}; S is C itself or
 * zeros at pitch 0. Methods are written out since a vector held in an array, or handed to a method
 * that is not inlined, lives on the heap; past a size the compiler inlines nothing but the vector
 * operations themselves.
 */
final class GemmKernelNarrow {
  private GemmKernelNarrow() {}

  /** 6 rows of A by two vectors of B. */
  static void rows6(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] s,
      int so,
      int ss,
      float[] c,
      int co,
      int cs) {
    FloatVector c0x = FloatVector.fromArray(Simd.FLOATS, s, so + 0 * ss);
    FloatVector c0y = FloatVector.fromArray(Simd.FLOATS, s, so + 0 * ss + Simd.LANES);
    FloatVector c1x = FloatVector.fromArray(Simd.FLOATS, s, so + 1 * ss);
    FloatVector c1y = FloatVector.fromArray(Simd.FLOATS, s, so + 1 * ss + Simd.LANES);
    FloatVector c2x = FloatVector.fromArray(Simd.FLOATS, s, so + 2 * ss);
    FloatVector c2y = FloatVector.fromArray(Simd.FLOATS, s, so + 2 * ss + Simd.LANES);
    FloatVector c3x = FloatVector.fromArray(Simd.FLOATS, s, so + 3 * ss);
    FloatVector c3y = FloatVector.fromArray(Simd.FLOATS, s, so + 3 * ss + Simd.LANES);
    FloatVector c4x = FloatVector.fromArray(Simd.FLOATS, s, so + 4 * ss);
    FloatVector c4y = FloatVector.fromArray(Simd.FLOATS, s, so + 4 * ss + Simd.LANES);
    FloatVector c5x = FloatVector.fromArray(Simd.FLOATS, s, so + 5 * ss);
    FloatVector c5y = FloatVector.fromArray(Simd.FLOATS, s, so + 5 * ss + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 6;
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
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 4]);
      c4x = w.fma(x, c4x);
      c4y = w.fma(y, c4y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 5]);
      c5x = w.fma(x, c5x);
      c5y = w.fma(y, c5y);
    }
    c0x.intoArray(c, co + 0 * cs);
    c0y.intoArray(c, co + 0 * cs + Simd.LANES);
    c1x.intoArray(c, co + 1 * cs);
    c1y.intoArray(c, co + 1 * cs + Simd.LANES);
    c2x.intoArray(c, co + 2 * cs);
    c2y.intoArray(c, co + 2 * cs + Simd.LANES);
    c3x.intoArray(c, co + 3 * cs);
    c3y.intoArray(c, co + 3 * cs + Simd.LANES);
    c4x.intoArray(c, co + 4 * cs);
    c4y.intoArray(c, co + 4 * cs + Simd.LANES);
    c5x.intoArray(c, co + 5 * cs);
    c5y.intoArray(c, co + 5 * cs + Simd.LANES);
  }

  /** 3 rows of A by two vectors of B. */
  static void rows3(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] s,
      int so,
      int ss,
      float[] c,
      int co,
      int cs) {
    FloatVector c0x = FloatVector.fromArray(Simd.FLOATS, s, so + 0 * ss);
    FloatVector c0y = FloatVector.fromArray(Simd.FLOATS, s, so + 0 * ss + Simd.LANES);
    FloatVector c1x = FloatVector.fromArray(Simd.FLOATS, s, so + 1 * ss);
    FloatVector c1y = FloatVector.fromArray(Simd.FLOATS, s, so + 1 * ss + Simd.LANES);
    FloatVector c2x = FloatVector.fromArray(Simd.FLOATS, s, so + 2 * ss);
    FloatVector c2y = FloatVector.fromArray(Simd.FLOATS, s, so + 2 * ss + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 3;
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
    }
    c0x.intoArray(c, co + 0 * cs);
    c0y.intoArray(c, co + 0 * cs + Simd.LANES);
    c1x.intoArray(c, co + 1 * cs);
    c1y.intoArray(c, co + 1 * cs + Simd.LANES);
    c2x.intoArray(c, co + 2 * cs);
    c2y.intoArray(c, co + 2 * cs + Simd.LANES);
  }
}
