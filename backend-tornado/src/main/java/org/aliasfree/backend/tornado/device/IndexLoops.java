package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Elements picked along an axis, and the adjoint. x is [outer, its size, inner]; p is {count,
 * offset of y, of x, of the indices, inner, size of the axis of y, size of the axis of x}. An index
 * out of range is followed nowhere.
 */
public final class IndexLoops {
  private static final int BLOCK = 64;

  private IndexLoops() {}

  /** y[o, k, r] = x[o, indices[k], r]; 0 for an index out of range. */
  public static void gather(int[] p, float[] x, int[] indices, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int line = i / p[4];
        int outer = line / p[5];
        int j = indices[p[3] + line - outer * p[5]];
        float v = 0f;
        if (j >= 0 && j < p[6]) {
          v = x[p[2] + (outer * p[6] + j) * p[4] + i - line * p[4]];
        }
        y[p[1] + i] = v;
      }
    }
  }

  /** As {@link #gather} for whole numbers. */
  public static void gatherInts(int[] p, int[] x, int[] indices, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int line = i / p[4];
        int outer = line / p[5];
        int j = indices[p[3] + line - outer * p[5]];
        int v = 0;
        if (j >= 0 && j < p[6]) {
          v = x[p[2] + (outer * p[6] + j) * p[4] + i - line * p[4]];
        }
        y[p[1] + i] = v;
      }
    }
  }

  /** y[o, j, r] = Σ x[o, k, r] over the k with indices[k] = j, ascending, in blocks of 64 k. */
  public static void scatterAdd(int[] p, float[] x, int[] indices, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int inner = p[4];
        int size = p[6];
        int at = p[3];
        int line = i / inner;
        int outer = line / p[5];
        int j = line - outer * p[5];
        int base = p[2] + outer * size * inner + i - line * inner;
        float sum = 0f;
        for (int start = 0; start < size; start += BLOCK) {
          int end = start + BLOCK < size ? start + BLOCK : size;
          float part = 0f;
          for (int k = start; k < end; k++) {
            if (indices[at + k] == j) {
              part += x[base + k * inner];
            }
          }
          sum += part;
        }
        y[p[1] + i] = sum;
      }
    }
  }
}
