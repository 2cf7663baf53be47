package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class SineTest {
  private static float[] sines(float... x) {
    float[] y = new float[x.length];
    Sine.of(x, y, x.length, new double[x.length]);
    return y;
  }

  @Test
  void everySineIsTheNearestFloat() {
    Random random = new Random(1);
    for (double range : new double[] {1e-30, 1e-3, 1, 4, 100, 1e4, 1e6, 1e9, 1e38}) {
      float[] x = new float[10_000];
      for (int i = 0; i < x.length; i++) {
        boolean nearZero = i % 3 == 0;
        double any = (2 * random.nextDouble() - 1) * range;
        x[i] = (float) (nearZero ? Math.rint(any / Math.PI) * Math.PI : any);
      }
      float[] y = sines(x);
      for (int i = 0; i < x.length; i++) {
        double exact = StrictMath.sin(x[i]);
        // Half a unit in the last place, and what the series errs.
        double bound = 0.5 * Math.ulp((float) exact) * (1 + 1e-6);
        assertThat(Math.abs(y[i] - exact)).as("sin %s", x[i]).isLessThanOrEqualTo(bound);
      }
    }
  }

  @Test
  void zerosKeepTheirSignAndWhatHasNoSineHasNone() {
    assertThat(sines(0f, -0f)).containsExactly(0f, -0f);
    assertThat(sines(1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY))
        .containsExactly((float) Math.sin(1), Float.NaN, Float.NaN, Float.NaN);
  }
}
