package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Sums and maxima along axes. Output o combines the elements r = 0 … K − 1; iteration (o, c)
 * combines every P-th of them, r = c + t·P, so that neighbours read neighbours and a long sum is
 * made of parts whose sizes depend on K alone.
 *
 * <p>p is {count of iterations, offset of y, offset of x, K, P, 1 if c runs fastest and 0 if o
 * does, number of outputs, then for each axis of the outputs size and stride, then for each
 * combined axis size and stride}, the innermost axes first. y is {@code [o, c]} or {@code [c, o]},
 * as they run.
 */
public final class ReductionLoops {
  private static final int HEAD = 7;
  private static final int BLOCK = 32;

  private ReductionLoops() {}

  /** y = Σ x[r], in blocks of 32. */
  public static void sums(int[] p, float[] x, float[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int parts = p[4];
        int c = p[5] != 0 ? i % parts : i / p[6];
        int o = p[5] != 0 ? i / parts : i % p[6];
        int base = p[2] + Indices.strided(p, o, keptRank, HEAD, 2, 1);
        int first = HEAD + 2 * keptRank;
        float sum = 0f;
        int r = c;
        while (r < all) {
          float block = 0f;
          for (int t = 0; t < BLOCK; t++) {
            if (r < all) {
              block += x[base + Indices.strided(p, r, rank, first, 2, 1)];
            }
            r += parts;
          }
          sum += block;
        }
        y[p[1] + i] = sum;
      }
    }
  }

  /** y = max x[r]; NaN if any is, −∞ of none. */
  public static void maxima(int[] p, float[] x, float[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int parts = p[4];
        int c = p[5] != 0 ? i % parts : i / p[6];
        int o = p[5] != 0 ? i / parts : i % p[6];
        int base = p[2] + Indices.strided(p, o, keptRank, HEAD, 2, 1);
        int first = HEAD + 2 * keptRank;
        float most = Float.NEGATIVE_INFINITY;
        for (int r = c; r < all; r += parts) {
          float v = x[base + Indices.strided(p, r, rank, first, 2, 1)];
          most = v > most || v != v ? v : most;
        }
        y[p[1] + i] = most;
      }
    }
  }

  /** As {@link #sums} for whole numbers, which wrap around; p[5] is the bits of y that are kept. */
  public static void wholeSums(int[] p, int[] x, int[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int base = p[2] + Indices.strided(p, i, keptRank, HEAD, 2, 1);
        int first = HEAD + 2 * keptRank;
        int sum = 0;
        for (int r = 0; r < all; r++) {
          sum += x[base + Indices.strided(p, r, rank, first, 2, 1)];
        }
        y[p[1] + i] = sum & p[5];
      }
    }
  }

  /** As {@link #maxima} for whole numbers; the least of none. */
  public static void wholeMaxima(int[] p, int[] x, int[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int base = p[2] + Indices.strided(p, i, keptRank, HEAD, 2, 1);
        int first = HEAD + 2 * keptRank;
        int most = Integer.MIN_VALUE;
        for (int r = 0; r < all; r++) {
          int v = x[base + Indices.strided(p, r, rank, first, 2, 1)];
          most = v > most ? v : most;
        }
        y[p[1] + i] = most & p[5];
      }
    }
  }
}
