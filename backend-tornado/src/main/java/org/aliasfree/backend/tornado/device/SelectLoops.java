package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Choices between two operands by a mask, all three broadcast.
 *
 * <p>In the methods that take ways, p is {count, offset of y, then for the mask, a and b: offset,
 * inner, period} ({@link Indices#spread}). In those that take a rank, p is {count, offset of y, of
 * the mask, of a, of b, then for each axis, the innermost first: size, stride of the mask, of a, of
 * b}.
 */
public final class SelectLoops {
  private SelectLoops() {}

  /** y[i] = a where the mask is not 0, else b. */
  public static void floats(
      int[] p, int[] mask, float[] a, float[] b, float[] y, int wayM, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int im = p[2] + Indices.spread(i, wayM, p[3], p[4]);
        int ia = p[5] + Indices.spread(i, wayA, p[6], p[7]);
        int ib = p[8] + Indices.spread(i, wayB, p[9], p[10]);
        y[p[1] + i] = mask[im] != 0 ? a[ia] : b[ib];
      }
    }
  }

  /** As {@link #floats} for whole numbers. */
  public static void ints(
      int[] p, int[] mask, int[] a, int[] b, int[] y, int wayM, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int im = p[2] + Indices.spread(i, wayM, p[3], p[4]);
        int ia = p[5] + Indices.spread(i, wayA, p[6], p[7]);
        int ib = p[8] + Indices.spread(i, wayB, p[9], p[10]);
        y[p[1] + i] = mask[im] != 0 ? a[ia] : b[ib];
      }
    }
  }

  /** As {@link #floats} for operands that repeat in any way. */
  public static void stridedFloats(
      int[] p, int[] mask, float[] a, float[] b, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int im = p[2] + Indices.strided(p, i, rank, 5, 4, 1);
        int ia = p[3] + Indices.strided(p, i, rank, 5, 4, 2);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 4, 3);
        y[p[1] + i] = mask[im] != 0 ? a[ia] : b[ib];
      }
    }
  }

  /** As {@link #stridedFloats} for whole numbers. */
  public static void stridedInts(int[] p, int[] mask, int[] a, int[] b, int[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int im = p[2] + Indices.strided(p, i, rank, 5, 4, 1);
        int ia = p[3] + Indices.strided(p, i, rank, 5, 4, 2);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 4, 3);
        y[p[1] + i] = mask[im] != 0 ? a[ia] : b[ib];
      }
    }
  }
}
