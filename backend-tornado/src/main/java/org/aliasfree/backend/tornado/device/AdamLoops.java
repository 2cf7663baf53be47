package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.math.TornadoMath;

/** Adam's update. */
public final class AdamLoops {
  private AdamLoops() {}

  /**
   * {@code Fused.AdamStep}: with m′ = r₀m + r₁g and v′ = r₂v + r₃g², θ′ = θ − r₄m′ / (√v′ / r₅ +
   * r₆).
   *
   * @param p {count, then the offsets of θ, g, m, v, the rates, θ′, m′, v′}
   * @param out those of θ′, m′ and v′ that are wanted
   * @param wanted the sum of 1 for θ′, 2 for m′ and 4 for v′; the others are not stored
   */
  public static void update(
      int[] p,
      float[] parameter,
      float[] gradient,
      float[] first,
      float[] second,
      float[] rates,
      float[] out,
      int wanted,
      int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int r = p[5];
        float g = finite(gradient[p[2] + i]);
        float m = rates[r] * first[p[3] + i] + rates[r + 1] * g;
        float v = rates[r + 2] * second[p[4] + i] + rates[r + 3] * g * g;
        float size = TornadoMath.sqrt(v) / rates[r + 5] + rates[r + 6];
        float t = parameter[p[1] + i] - rates[r + 4] * m / size;
        if ((wanted & 1) != 0) {
          out[p[6] + i] = t;
        }
        if ((wanted & 2) != 0) {
          out[p[7] + i] = m;
        }
        if ((wanted & 4) != 0) {
          out[p[8] + i] = v;
        }
      }
    }
  }

  /** NaN → 0, ±∞ → ±1e5. */
  private static float finite(float g) {
    if (FloatFunctions.isNotNumber(g)) {
      return 0f;
    }
    if (g > Float.MAX_VALUE) {
      return 1e5f;
    }
    return g < -Float.MAX_VALUE ? -1e5f : g;
  }
}
