package org.aliasfree.backend.tornado.device;

/**
 * Filters of a few neighbouring samples that a thread keeps in registers. All numbers but the
 * samples are constants where these methods are inlined, so that the loops are unrolled and the
 * small arrays become registers.
 */
final class FilterBlocks {
  private FilterBlocks() {}

  /**
   * Eight neighbours at the high rate: y[up · g + r] = Σ_{j<6} taps[up − 1 − r + up · j] · x[g +
   * j].
   */
  static void up(float[] y, float[] x, float[] taps, int up) {
    for (int i = 0; i < 8; i++) {
      float sum = 0f;
      for (int j = 0; j < 6; j++) {
        sum += taps[up - 1 - i % up + up * j] * x[i / up + j];
      }
      y[i] = sum;
    }
  }

  /** Neighbours at the low rate: y[i] += Σ_{t < 6·down} taps[t] · x[down · i + t]. */
  static void down(float[] y, float[] x, float[] taps, int down, int outputs) {
    for (int i = 0; i < outputs; i++) {
      float sum = y[i];
      for (int t = 0; t < 6 * down; t++) {
        sum += taps[t] * x[down * i + t];
      }
      y[i] = sum;
    }
  }
}
