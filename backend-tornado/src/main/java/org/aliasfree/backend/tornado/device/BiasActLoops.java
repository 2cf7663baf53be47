package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Bias and activation. */
public final class BiasActLoops {
  private BiasActLoops() {}

  /**
   * y[i] = clamp(gain · f(x[i] + b)); NaN stays NaN.
   *
   * @param p {count, offset of y, of x, of the bias, inner, period}
   * @param q {alpha, gain, clamp}
   * @param activation as numbered in {@code Activation}
   * @param way in which the bias repeats ({@link Indices#spread})
   */
  public static void biasAct(
      int[] p, float[] q, float[] x, float[] bias, float[] y, int activation, int way, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        float t = x[p[2] + i] + bias[p[3] + Indices.spread(i, way, p[4], p[5])];
        float v = q[1] * FloatFunctions.activated(activation, q[0], t);
        float clamp = q[2];
        y[p[1] + i] = v > clamp ? clamp : v < -clamp ? -clamp : v;
      }
    }
  }
}
