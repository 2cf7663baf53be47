package org.aliasfree.network;

/** The two Bessel functions of filter design, to about 1e-15. */
final class Bessel {
  private Bessel() {}

  /**
   * Modified Bessel function of the first kind, order 0: I0(x) = Σ (x²/4)^k / (k!)². All terms are
   * positive, so nothing cancels; finite for |x| up to about 700.
   */
  static double i0(double x) {
    double q = x * x / 4;
    double term = 1;
    double sum = 1;
    for (int k = 1; term > sum * 0x1p-60; k++) {
      term *= q / ((double) k * k);
      sum += term;
    }
    return sum;
  }

  /**
   * Bessel function of the first kind, order 1. Near 0 its series, x/2 · Σ (−x²/4)^k / (k! (k+1)!);
   * elsewhere, where the series would cancel, the integral J1(x) = 1/2π ∫ cos(θ − x sin θ) dθ over
   * a period, for which the trapezoidal rule with n points errs by about J_{n−1}(x): nothing once n
   * is well above |x|.
   */
  static double j1(double x) {
    if (Math.abs(x) < 2) {
      double q = -x * x / 4;
      double term = x / 2;
      double sum = term;
      for (int k = 1; k < 20; k++) {
        term *= q / (k * (k + 1.0));
        sum += term;
      }
      return sum;
    }
    int points = (int) Math.ceil(Math.abs(x)) + 60;
    double sum = 0;
    for (int i = 0; i < points; i++) {
      double theta = 2 * Math.PI * i / points;
      sum += StrictMath.cos(theta - x * StrictMath.sin(theta));
    }
    return sum / points;
  }
}
