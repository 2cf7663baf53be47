package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The inner loop of matrix products and convolutions whose B has its rows anywhere in an array: 14
 * or 8 rows of A at once where there are 32 vector registers, 4 or 2 where there are 16. With 6 the
 * twelve sums would fit as well, but the compiler loads numbers of A ahead and then keeps sums on
 * the stack: half the speed.
 *
 * <p>Each method computes {@code C[r][j] = S[r][j] + sum over k of A[k][r] * B[off[k]][j]} for its
 * number of rows r and two vectors of columns j, as one chain of fused multiply-adds an element in
 * the order of k: the bits do not depend on how a product is cut into blocks. A is packed with the
 * rows of one k side by side; S and C have row pitches {@code ss} and {@code cs}; S is C itself or
 * zeros at pitch 0. Methods are written out since a vector held in an array, or handed to a method
 * that is not inlined, lives on the heap; past a size the compiler inlines nothing but the vector
 * operations themselves.
 */
final class GemmOffsetKernel {
  private GemmOffsetKernel() {}

  /** 14 rows of A by two vectors of B. */
  static void rows14(
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
    FloatVector c6x = FloatVector.fromArray(Simd.FLOATS, s, so + 6 * ss);
    FloatVector c6y = FloatVector.fromArray(Simd.FLOATS, s, so + 6 * ss + Simd.LANES);
    FloatVector c7x = FloatVector.fromArray(Simd.FLOATS, s, so + 7 * ss);
    FloatVector c7y = FloatVector.fromArray(Simd.FLOATS, s, so + 7 * ss + Simd.LANES);
    FloatVector c8x = FloatVector.fromArray(Simd.FLOATS, s, so + 8 * ss);
    FloatVector c8y = FloatVector.fromArray(Simd.FLOATS, s, so + 8 * ss + Simd.LANES);
    FloatVector c9x = FloatVector.fromArray(Simd.FLOATS, s, so + 9 * ss);
    FloatVector c9y = FloatVector.fromArray(Simd.FLOATS, s, so + 9 * ss + Simd.LANES);
    FloatVector c10x = FloatVector.fromArray(Simd.FLOATS, s, so + 10 * ss);
    FloatVector c10y = FloatVector.fromArray(Simd.FLOATS, s, so + 10 * ss + Simd.LANES);
    FloatVector c11x = FloatVector.fromArray(Simd.FLOATS, s, so + 11 * ss);
    FloatVector c11y = FloatVector.fromArray(Simd.FLOATS, s, so + 11 * ss + Simd.LANES);
    FloatVector c12x = FloatVector.fromArray(Simd.FLOATS, s, so + 12 * ss);
    FloatVector c12y = FloatVector.fromArray(Simd.FLOATS, s, so + 12 * ss + Simd.LANES);
    FloatVector c13x = FloatVector.fromArray(Simd.FLOATS, s, so + 13 * ss);
    FloatVector c13y = FloatVector.fromArray(Simd.FLOATS, s, so + 13 * ss + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 14;
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
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 6]);
      c6x = w.fma(x, c6x);
      c6y = w.fma(y, c6y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 7]);
      c7x = w.fma(x, c7x);
      c7y = w.fma(y, c7y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 8]);
      c8x = w.fma(x, c8x);
      c8y = w.fma(y, c8y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 9]);
      c9x = w.fma(x, c9x);
      c9y = w.fma(y, c9y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 10]);
      c10x = w.fma(x, c10x);
      c10y = w.fma(y, c10y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 11]);
      c11x = w.fma(x, c11x);
      c11y = w.fma(y, c11y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 12]);
      c12x = w.fma(x, c12x);
      c12y = w.fma(y, c12y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 13]);
      c13x = w.fma(x, c13x);
      c13y = w.fma(y, c13y);
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
    c12x.intoArray(c, co + 12 * cs);
    c12y.intoArray(c, co + 12 * cs + Simd.LANES);
    c13x.intoArray(c, co + 13 * cs);
    c13y.intoArray(c, co + 13 * cs + Simd.LANES);
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
    FloatVector c6x = FloatVector.fromArray(Simd.FLOATS, s, so + 6 * ss);
    FloatVector c6y = FloatVector.fromArray(Simd.FLOATS, s, so + 6 * ss + Simd.LANES);
    FloatVector c7x = FloatVector.fromArray(Simd.FLOATS, s, so + 7 * ss);
    FloatVector c7y = FloatVector.fromArray(Simd.FLOATS, s, so + 7 * ss + Simd.LANES);
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 8;
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
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 6]);
      c6x = w.fma(x, c6x);
      c6y = w.fma(y, c6y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 7]);
      c7x = w.fma(x, c7x);
      c7y = w.fma(y, c7y);
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
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 4;
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

  /** 2 rows of A by two vectors of B. */
  static void rows2(
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
    for (int k = 0; k < depth; k++) {
      int p = bo + off[ko + k];
      int q = ao + k * 2;
      FloatVector x = FloatVector.fromArray(Simd.FLOATS, b, p),
          y = FloatVector.fromArray(Simd.FLOATS, b, p + Simd.LANES),
          w;
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 0]);
      c0x = w.fma(x, c0x);
      c0y = w.fma(y, c0y);
      w = FloatVector.broadcast(Simd.FLOATS, a[q + 1]);
      c1x = w.fma(x, c1x);
      c1y = w.fma(y, c1y);
    }
    c0x.intoArray(c, co + 0 * cs);
    c0y.intoArray(c, co + 0 * cs + Simd.LANES);
    c1x.intoArray(c, co + 1 * cs);
    c1y.intoArray(c, co + 1 * cs + Simd.LANES);
  }
}
