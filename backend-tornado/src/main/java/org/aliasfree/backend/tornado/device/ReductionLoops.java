package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Sums and maxima along axes.
 *
 * <p>Of f32: output o combines the elements r = 0 … K − 1; iteration (o, c) combines every P-th of
 * them, r = c + t·P, so that neighbours read neighbours. {@code p} is {count of iterations, offset
 * of y, offset of x, K, P, stride of r, 1 if c runs fastest and 0 if o does, number of outputs,
 * then for each axis of the outputs, the innermost first: size and stride}. y is [o, c] or [c, o],
 * as they run.
 */
public final class ReductionLoops {
  private static final int HEAD = 8;
  private static final int WHOLE_HEAD = 5;

  private ReductionLoops() {}

  /** y = Σ x[r], as four sums that are added at the end. */
  public static void sums(int[] p, float[] x, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int parts = p[4];
        int c = p[6] != 0 ? i % parts : i / p[7];
        int o = p[6] != 0 ? i / parts : i % p[7];
        int stride = p[5];
        int at = p[2] + Indices.strided(p, o, rank, HEAD, 2, 1) + c * stride;
        int step = parts * stride;
        int left = (p[3] - c + parts - 1) / parts;
        float a = 0f;
        float b = 0f;
        float d = 0f;
        float e = 0f;
        while (left >= 4) {
          a += x[at];
          b += x[at + step];
          d += x[at + 2 * step];
          e += x[at + 3 * step];
          at += 4 * step;
          left -= 4;
        }
        while (left > 0) {
          a += x[at];
          at += step;
          left--;
        }
        y[p[1] + i] = (a + b) + (d + e);
      }
    }
  }

  /** y = max x[r]; NaN if any is, −∞ of none. */
  public static void maxima(int[] p, float[] x, float[] y, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int parts = p[4];
        int c = p[6] != 0 ? i % parts : i / p[7];
        int o = p[6] != 0 ? i / parts : i % p[7];
        int stride = p[5];
        int at = p[2] + Indices.strided(p, o, rank, HEAD, 2, 1) + c * stride;
        int left = (p[3] - c + parts - 1) / parts;
        float most = Float.NEGATIVE_INFINITY;
        while (left > 0) {
          float v = x[at];
          most = v > most || FloatFunctions.isNotNumber(v) ? v : most;
          at += parts * stride;
          left--;
        }
        y[p[1] + i] = most;
      }
    }
  }

  /**
   * Sums of whole numbers, which wrap around. Here {@code p} is {count, offset of y, offset of x,
   * K, bits of y that are kept, then size and stride of each axis of the outputs, and of each axis
   * that is combined}, the innermost axes first.
   */
  public static void wholeSums(int[] p, int[] x, int[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int base = p[2] + Indices.strided(p, i, keptRank, WHOLE_HEAD, 2, 1);
        int first = WHOLE_HEAD + 2 * keptRank;
        int sum = 0;
        for (int r = 0; r < all; r++) {
          sum += x[base + Indices.strided(p, r, rank, first, 2, 1)];
        }
        y[p[1] + i] = sum & p[4];
      }
    }
  }

  /** The largest, p as for {@link #wholeSums}; the least number of none. */
  public static void wholeMaxima(int[] p, int[] x, int[] y, int keptRank, int rank, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int all = p[3];
        int base = p[2] + Indices.strided(p, i, keptRank, WHOLE_HEAD, 2, 1);
        int first = WHOLE_HEAD + 2 * keptRank;
        int most = Integer.MIN_VALUE;
        for (int r = 0; r < all; r++) {
          int v = x[base + Indices.strided(p, r, rank, first, 2, 1)];
          most = v > most ? v : most;
        }
        y[p[1] + i] = most & p[4];
      }
    }
  }
}
