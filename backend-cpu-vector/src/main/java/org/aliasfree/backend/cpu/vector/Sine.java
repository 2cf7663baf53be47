package org.aliasfree.backend.cpu.vector;

/**
 * The sine of many numbers, by loops without calls or branches, of which the JVM makes vectors. All
 * arithmetic is in double and exactly defined, so the bits depend neither on the vector width nor
 * on whether a loop is compiled. With the nearest multiple of pi, k = round(x / pi), and r = x - k
 * pi, {@code sin x = (-1)^k sin r}; the series of sin r up to r^17 errs by less than 1e-13 for |r|
 * up to pi / 2.
 */
final class Sine {
  /** Beyond this a multiple of pi takes more than three parts of pi. */
  private static final float LARGE = 1 << 20;

  /** Pi in two parts; what is left of it is 1e-33. */
  private static final double PI = Math.PI;

  private static final double PI_REST = 1.2246467991473532e-16;

  private static final double C3 = -1.0 / 6;
  private static final double C5 = 1.0 / 120;
  private static final double C7 = -1.0 / 5040;
  private static final double C9 = 1.0 / 362_880;
  private static final double C11 = -1.0 / 39_916_800;
  private static final double C13 = 1.0 / 6_227_020_800.0;
  private static final double C15 = -1.0 / 1_307_674_368_000.0;
  private static final double C17 = 1.0 / 355_687_428_096_000.0;

  private Sine() {}

  /**
   * The sine of each number, computed in double and rounded once.
   *
   * @param x numbers in radians
   * @param y takes the results
   * @param n how many
   * @param wide room for n doubles
   */
  static void of(float[] x, float[] y, int n, double[] wide) {
    float largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.abs(x[i]));
    }
    if (!(largest <= LARGE)) { // or not a number
      for (int i = 0; i < n; i++) {
        y[i] = (float) Math.sin(x[i]);
      }
      return;
    }
    for (int i = 0; i < n; i++) {
      wide[i] = x[i];
    }
    sine(wide, n);
    for (int i = 0; i < n; i++) {
      y[i] = (float) wide[i];
    }
  }

  private static void sine(double[] x, int n) {
    for (int i = 0; i < n; i++) {
      double k = Math.rint(x[i] * (1 / PI)) + 0.0; // never -0, so that -0 keeps its sign
      double r = Math.fma(k, -PI_REST, Math.fma(k, -PI, x[i]));
      double odd = Math.abs(Math.fma(Math.rint(k * 0.5), -2, k));
      double s = r * r;
      double p = Math.fma(C17, s, C15);
      p = Math.fma(p, s, C13);
      p = Math.fma(p, s, C11);
      p = Math.fma(p, s, C9);
      p = Math.fma(p, s, C7);
      p = Math.fma(p, s, C5);
      p = Math.fma(p, s, C3);
      x[i] = r * Math.fma(p, s, 1) * Math.fma(odd, -2, 1);
    }
  }
}
