package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products and convolutions where 32 vector registers can be had (512
 * bits): 24 sums, two vectors of B and one of A at most.
 *
 * <p>Each method computes {@code C[r][j] += sum over k of A[k][r] * B[off[k]][j]} for its number of
 * rows r and two vectors of columns j, as one chain of fused multiply-adds an element in the order
 * of k: the bits do not depend on how a product is cut into blocks. A is packed with the rows of
 * one k side by side; C has row pitch {@code cs}. Methods are written out since a vector held in an
 * array, or handed to a method that is not inlined, lives on the heap.
 */
final class GemmKernelWide {
  private GemmKernelWide() {}

  /** 12 rows of A by two vectors of B. */
  static void rows12(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] c,
      int co,
      int cs) {
    FloatVector c0x = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs);
    FloatVector c0y = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs + Simd.LANES);
    FloatVector c1x = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs);
    FloatVector c1y = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs + Simd.LANES);
    FloatVector c2x = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs);
    FloatVector c2y = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs + Simd.LANES);
    FloatVector c3x = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs);
    FloatVector c3y = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs + Simd.LANES);
    FloatVector c4x = FloatVector.fromArray(Simd.FLOATS, c, co + 4 * cs);
    FloatVector c4y = FloatVector.fromArray(Simd.FLOATS, c, co + 4 * cs + Simd.LANES);
    FloatVector c5x = FloatVector.fromArray(Simd.FLOATS, c, co + 5 * cs);
    FloatVector c5y = FloatVector.fromArray(Simd.FLOATS, c, co + 5 * cs + Simd.LANES);
    FloatVector c6x = FloatVector.fromArray(Simd.FLOATS, c, co + 6 * cs);
    FloatVector c6y = FloatVector.fromArray(Simd.FLOATS, c, co + 6 * cs + Simd.LANES);
    FloatVector c7x = FloatVector.fromArray(Simd.FLOATS, c, co + 7 * cs);
    FloatVector c7y = FloatVector.fromArray(Simd.FLOATS, c, co + 7 * cs + Simd.LANES);
    FloatVector c8x = FloatVector.fromArray(Simd.FLOATS, c, co + 8 * cs);
    FloatVector c8y = FloatVector.fromArray(Simd.FLOATS, c, co + 8 * cs + Simd.LANES);
    FloatVector c9x = FloatVector.fromArray(Simd.FLOATS, c, co + 9 * cs);
    FloatVector c9y = FloatVector.fromArray(Simd.FLOATS, c, co + 9 * cs + Simd.LANES);
    FloatVector c10x = FloatVector.fromArray(Simd.FLOATS, c, co + 10 * cs);
    FloatVector c10y = FloatVector.fromArray(Simd.FLOATS, c, co + 10 * cs + Simd.LANES);
    FloatVector c11x = FloatVector.fromArray(Simd.FLOATS, c, co + 11 * cs);
    FloatVector c11y = FloatVector.fromArray(Simd.FLOATS, c, co + 11 * cs + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 12;
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          s;
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = s.fma(x, c0x);
      c0y = s.fma(y, c0y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = s.fma(x, c1x);
      c1y = s.fma(y, c1y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 2]);
      c2x = s.fma(x, c2x);
      c2y = s.fma(y, c2y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 3]);
      c3x = s.fma(x, c3x);
      c3y = s.fma(y, c3y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 4]);
      c4x = s.fma(x, c4x);
      c4y = s.fma(y, c4y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 5]);
      c5x = s.fma(x, c5x);
      c5y = s.fma(y, c5y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 6]);
      c6x = s.fma(x, c6x);
      c6y = s.fma(y, c6y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 7]);
      c7x = s.fma(x, c7x);
      c7y = s.fma(y, c7y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 8]);
      c8x = s.fma(x, c8x);
      c8y = s.fma(y, c8y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 9]);
      c9x = s.fma(x, c9x);
      c9y = s.fma(y, c9y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 10]);
      c10x = s.fma(x, c10x);
      c10y = s.fma(y, c10y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 11]);
      c11x = s.fma(x, c11x);
      c11y = s.fma(y, c11y);
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
    c6x.intoArray(c, co + 6 * cs);
    c6y.intoArray(c, co + 6 * cs + Simd.LANES);
    c7x.intoArray(c, co + 7 * cs);
    c7y.intoArray(c, co + 7 * cs + Simd.LANES);
    c8x.intoArray(c, co + 8 * cs);
    c8y.intoArray(c, co + 8 * cs + Simd.LANES);
    c9x.intoArray(c, co + 9 * cs);
    c9y.intoArray(c, co + 9 * cs + Simd.LANES);
    c10x.intoArray(c, co + 10 * cs);
    c10y.intoArray(c, co + 10 * cs + Simd.LANES);
    c11x.intoArray(c, co + 11 * cs);
    c11y.intoArray(c, co + 11 * cs + Simd.LANES);
  }

  /** 8 rows of A by two vectors of B. */
  static void rows8(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] c,
      int co,
      int cs) {
    FloatVector c0x = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs);
    FloatVector c0y = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs + Simd.LANES);
    FloatVector c1x = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs);
    FloatVector c1y = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs + Simd.LANES);
    FloatVector c2x = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs);
    FloatVector c2y = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs + Simd.LANES);
    FloatVector c3x = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs);
    FloatVector c3y = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs + Simd.LANES);
    FloatVector c4x = FloatVector.fromArray(Simd.FLOATS, c, co + 4 * cs);
    FloatVector c4y = FloatVector.fromArray(Simd.FLOATS, c, co + 4 * cs + Simd.LANES);
    FloatVector c5x = FloatVector.fromArray(Simd.FLOATS, c, co + 5 * cs);
    FloatVector c5y = FloatVector.fromArray(Simd.FLOATS, c, co + 5 * cs + Simd.LANES);
    FloatVector c6x = FloatVector.fromArray(Simd.FLOATS, c, co + 6 * cs);
    FloatVector c6y = FloatVector.fromArray(Simd.FLOATS, c, co + 6 * cs + Simd.LANES);
    FloatVector c7x = FloatVector.fromArray(Simd.FLOATS, c, co + 7 * cs);
    FloatVector c7y = FloatVector.fromArray(Simd.FLOATS, c, co + 7 * cs + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 8;
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          s;
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = s.fma(x, c0x);
      c0y = s.fma(y, c0y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = s.fma(x, c1x);
      c1y = s.fma(y, c1y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 2]);
      c2x = s.fma(x, c2x);
      c2y = s.fma(y, c2y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 3]);
      c3x = s.fma(x, c3x);
      c3y = s.fma(y, c3y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 4]);
      c4x = s.fma(x, c4x);
      c4y = s.fma(y, c4y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 5]);
      c5x = s.fma(x, c5x);
      c5y = s.fma(y, c5y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 6]);
      c6x = s.fma(x, c6x);
      c6y = s.fma(y, c6y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 7]);
      c7x = s.fma(x, c7x);
      c7y = s.fma(y, c7y);
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
    c6x.intoArray(c, co + 6 * cs);
    c6y.intoArray(c, co + 6 * cs + Simd.LANES);
    c7x.intoArray(c, co + 7 * cs);
    c7y.intoArray(c, co + 7 * cs + Simd.LANES);
  }

  /** 4 rows of A by two vectors of B. */
  static void rows4(
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] c,
      int co,
      int cs) {
    FloatVector c0x = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs);
    FloatVector c0y = FloatVector.fromArray(Simd.FLOATS, c, co + 0 * cs + Simd.LANES);
    FloatVector c1x = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs);
    FloatVector c1y = FloatVector.fromArray(Simd.FLOATS, c, co + 1 * cs + Simd.LANES);
    FloatVector c2x = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs);
    FloatVector c2y = FloatVector.fromArray(Simd.FLOATS, c, co + 2 * cs + Simd.LANES);
    FloatVector c3x = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs);
    FloatVector c3y = FloatVector.fromArray(Simd.FLOATS, c, co + 3 * cs + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 4;
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          s;
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = s.fma(x, c0x);
      c0y = s.fma(y, c0y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = s.fma(x, c1x);
      c1y = s.fma(y, c1y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 2]);
      c2x = s.fma(x, c2x);
      c2y = s.fma(y, c2y);
      s = FloatVector.broadcast(Simd.FLOATS, a[q + 3]);
      c3x = s.fma(x, c3x);
      c3y = s.fma(y, c3y);
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
}
