package org.aliasfree.backend.cpu.vector;

/**
 * One axis of an upfirdn2d, by polyphase: out[o] = Σ_k f[k] u[down·o + k], where u holds input
 * sample i at up·i + pad and zeros elsewhere. Only the taps that meet a sample are visited: those
 * with (down·o + k − pad) divisible by up. Outputs that lie {@link #phases} apart have the same
 * taps.
 */
final class UpfirdnAxis {
  final int up;
  final int down;
  final int pad;
  final int taps;

  UpfirdnAxis(int up, int down, int pad, int taps) {
    this.up = up;
    this.down = down;
    this.pad = pad;
    this.taps = taps;
  }

  /**
   * Length of the output for an input of {@code size} and {@code padHigh} zeros after it; below 1
   * there is none.
   */
  long outSize(long size, int padHigh) {
    return Math.floorDiv(size * up + pad + padHigh - taps + down, down);
  }

  /** The first input sample that output {@code o} reads (it may lie outside the input). */
  int first(int o) {
    return Math.ceilDiv(down * o - pad, up);
  }

  /** The tap that meets sample {@link #first}. */
  int firstTap(int o) {
    return first(o) * up - (down * o - pad);
  }

  /** How many samples output {@code o} reads; they follow each other. */
  int count(int o) {
    return Math.max(0, Math.ceilDiv(taps - firstTap(o), up));
  }

  /** After how many outputs the taps are the same again. */
  int phases() {
    return up / gcd(up, down);
  }

  /** The taps of output {@code o} in the order of the samples, times {@code gain}. */
  float[] weights(int o, double[] f, double gain) {
    float[] w = new float[count(o)];
    for (int j = 0, k = firstTap(o); j < w.length; j++, k += up) {
      w[j] = (float) (f[k] * gain);
    }
    return w;
  }

  /** Greatest common divisor of two rates. */
  static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Least common multiple of two rates. */
  static int lcm(int a, int b) {
    return a / gcd(a, b) * b;
  }
}
