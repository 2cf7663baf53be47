package org.aliasfree.training.augment;

/** The inverse of the error function. */
final class ErrorFunction {
  private static final int MOST_STEPS = 200;

  private ErrorFunction() {}

  /**
   * The x with erf(x) = y, for −1 &lt; y &lt; 1. Newton's steps from 0 outwards come nearer from
   * one side only, because erf bends towards the axis.
   */
  static double inverse(double y) {
    double wanted = Math.abs(y);
    double x = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      double slope = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
      double next = x + (wanted - erf(x)) / slope;
      if (!(next > x)) {
        break;
      }
      x = next;
    }
    return Math.copySign(x, y);
  }

  /** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·5 … (2n+1)), for x ≥ 0: no term is negative. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; term > sum * 0x1p-60; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
