package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Functions of two broadcast operands. Functions are numbered as in {@code
 * Elementwise.BinaryFunction}; they and the ways in which operands repeat are compiled in.
 *
 * <p>In the methods that take ways, p is {count, bits of y that are kept, offset of y, offset of a,
 * inner, period, offset of b, inner, period} ({@link Indices#spread}). In those that take a rank, p
 * is {count, bits, offset of y, of a, of b, then for each axis, the innermost first: size, stride
 * of a, stride of b}.
 */
public final class BinaryLoops {
  private BinaryLoops() {}

  /** y[i] = f(a, b). */
  public static void floats(
      int[] p, float[] a, float[] b, float[] y, int function, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.spread(i, wayA, p[4], p[5]);
        int ib = p[6] + Indices.spread(i, wayB, p[7], p[8]);
        y[p[2] + i] = FloatFunctions.binary(function, a[ia], b[ib]);
      }
    }
  }

  /** As {@link #floats} for whole numbers. */
  public static void ints(
      int[] p, int[] a, int[] b, int[] y, int function, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.spread(i, wayA, p[4], p[5]);
        int ib = p[6] + Indices.spread(i, wayB, p[7], p[8]);
        y[p[2] + i] = WholeFunctions.binary(function, a[ia], b[ib]) & p[1];
      }
    }
  }

  /** As {@link #floats} for operands that repeat in any way. */
  public static void stridedFloats(
      int[] p, float[] a, float[] b, float[] y, int function, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.strided(p, i, rank, 5, 3, 1);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 3, 2);
        y[p[2] + i] = FloatFunctions.binary(function, a[ia], b[ib]);
      }
    }
  }

  /** As {@link #stridedFloats} for whole numbers. */
  public static void stridedInts(
      int[] p, int[] a, int[] b, int[] y, int function, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.strided(p, i, rank, 5, 3, 1);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 3, 2);
        y[p[2] + i] = WholeFunctions.binary(function, a[ia], b[ib]) & p[1];
      }
    }
  }
}
