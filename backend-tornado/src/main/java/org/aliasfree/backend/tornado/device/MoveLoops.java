package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Elements put into another order. In all methods p is {count, offset of y, offset of x, …} and the
 * rank is compiled in; axes are told the innermost first.
 */
public final class MoveLoops {
  private MoveLoops() {}

  /** y[i] = x at an index by strides; p = {…, then size and stride of each axis}. */
  public static void strided(int[] p, float[] x, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + Indices.strided(p, i, rank, 3, 2, 1)];
      }
    }
  }

  /** As {@link #strided} for whole numbers. */
  public static void stridedInts(int[] p, int[] x, int[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + Indices.strided(p, i, rank, 3, 2, 1)];
      }
    }
  }

  /** As {@link #strided}, and 0 outside the ranges of axes ({@link Indices#bounded}). */
  public static void bounded(int[] p, float[] x, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int from = Indices.bounded(p, i, rank, 3, p[2]);
        float v = 0f;
        if (from >= 0) {
          v = x[from];
        }
        y[p[1] + i] = v;
      }
    }
  }

  /** As {@link #bounded} for whole numbers. */
  public static void boundedInts(int[] p, int[] x, int[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int from = Indices.bounded(p, i, rank, 3, p[2]);
        int v = 0;
        if (from >= 0) {
          v = x[from];
        }
        y[p[1] + i] = v;
      }
    }
  }

  /** y[i] = x at an index that is mirrored ({@link Indices#mirrored}). */
  public static void mirrored(int[] p, float[] x, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + Indices.mirrored(p, i, rank, 3)];
      }
    }
  }

  /** As {@link #mirrored} for whole numbers. */
  public static void mirroredInts(int[] p, int[] x, int[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + Indices.mirrored(p, i, rank, 3)];
      }
    }
  }

  /** x in blocks of p[3] elements, p[4] elements apart in y. */
  public static void blocks(int[] p, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int block = i / p[3];
        y[p[1] + block * p[4] + i - block * p[3]] = x[p[2] + i];
      }
    }
  }

  /** As {@link #blocks} for whole numbers. */
  public static void blocksOfInts(int[] p, int[] x, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int block = i / p[3];
        y[p[1] + block * p[4] + i - block * p[3]] = x[p[2] + i];
      }
    }
  }
}
