package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Comparisons of two broadcast operands, 1 where they hold and else 0. They are numbered as in
 * {@code Elementwise.Comparison}; p is as in {@link BinaryLoops}.
 */
public final class CompareLoops {
  private CompareLoops() {}

  /** y[i] = whether it holds for a and b. */
  public static void floats(
      int[] p, float[] a, float[] b, int[] y, int comparison, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.spread(i, wayA, p[4], p[5]);
        int ib = p[6] + Indices.spread(i, wayB, p[7], p[8]);
        y[p[2] + i] = FloatFunctions.holds(comparison, a[ia], b[ib]);
      }
    }
  }

  /** As {@link #floats} for whole numbers. */
  public static void ints(
      int[] p, int[] a, int[] b, int[] y, int comparison, int wayA, int wayB, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.spread(i, wayA, p[4], p[5]);
        int ib = p[6] + Indices.spread(i, wayB, p[7], p[8]);
        y[p[2] + i] = WholeFunctions.holds(comparison, a[ia], b[ib]);
      }
    }
  }

  /** As {@link #floats} for operands that repeat in any way. */
  public static void stridedFloats(
      int[] p, float[] a, float[] b, int[] y, int comparison, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.strided(p, i, rank, 5, 3, 1);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 3, 2);
        y[p[2] + i] = FloatFunctions.holds(comparison, a[ia], b[ib]);
      }
    }
  }

  /** As {@link #stridedFloats} for whole numbers. */
  public static void stridedInts(
      int[] p, int[] a, int[] b, int[] y, int comparison, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int ia = p[3] + Indices.strided(p, i, rank, 5, 3, 1);
        int ib = p[4] + Indices.strided(p, i, rank, 5, 3, 2);
        y[p[2] + i] = WholeFunctions.holds(comparison, a[ia], b[ib]);
      }
    }
  }
}
