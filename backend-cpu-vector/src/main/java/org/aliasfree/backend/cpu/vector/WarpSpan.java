package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;

/**
 * One axis of the warp of one image: the part {@code from} … {@code to − 1} of the padded,
 * up-sampled image that is looked at. Samples are counted from the first pixel of the image, so
 * that pixel i is sample 2i; those before it are negative.
 *
 * <p>Sample q is 2 · Σ_k f[T − 1 − k] · z[q + k − ⌊(T + 1)/2⌋], where z[2i] is pixel i, reflected
 * at the edges as far as the margins go, and all else is zero.
 */
final class WarpSpan {
  private final int size;
  private final int before;
  private final int after;
  private final int from;
  private final int to;
  private final float[] taps;

  /**
   * @param size pixels of the image
   * @param before pixels of its mirror image before it; {@code after} it
   */
  WarpSpan(int size, int before, int after, int from, int to, float[] taps) {
    this.size = size;
    this.before = before;
    this.after = after;
    this.from = from;
    this.to = to;
    this.taps = taps;
  }

  int from() {
    return from;
  }

  /** Samples of the part. */
  int length() {
    return to - from;
  }

  /** What is looked at from positions first … last, and one sample more for rounding. */
  static WarpSpan of(int size, int before, int after, double first, double last, float[] taps) {
    double begin = -2.0 * before;
    double end = 2.0 * size + 2.0 * after;
    int from = (int) Math.clamp(Math.floor(first) - 1, begin, end);
    int to = (int) Math.clamp(Math.floor(last) + 3, begin, end);
    return new WarpSpan(size, before, after, from, Math.max(from, to), taps);
  }

  /** The first tap that lies over a pixel, not over an inserted zero; then every second does. */
  private int firstTap(int sample) {
    return Math.floorMod(sample - reach(), 2);
  }

  private int reach() {
    return (taps.length + 1) / 2;
  }

  private float tap(int k) {
    return 2 * taps[taps.length - 1 - k];
  }

  private int reflected(int i) {
    int mirrored = Math.abs(i);
    return Math.min(mirrored, 2 * (size - 1) - mirrored);
  }

  private int firstPixel() {
    return Math.ceilDiv(from - reach(), 2);
  }

  /** Pixels of a line, with its reflection and zeros, that the part is made of. */
  int pixels() {
    return Math.floorDiv(to - 1 + taps.length - 1 - reach(), 2) - firstPixel() + 1;
  }

  /** Samples of one parity in the part. */
  int phaseLength() {
    return length() / 2 + 1;
  }

  /**
   * Up-samples a line.
   *
   * @param line room for {@link #pixels}
   * @param phase room for {@link #phaseLength}
   */
  void widen(float[] in, int inAt, float[] line, float[] phase, float[] out, int outAt) {
    int first = firstPixel();
    for (int i = 0; i < pixels(); i++) {
      int pixel = first + i;
      line[i] = pixel >= -before && pixel < size + after ? in[inAt + reflected(pixel)] : 0;
    }
    for (int parity = 0; parity < 2; parity++) {
      int n = (length() - parity + 1) / 2;
      Arrays.fill(phase, 0, n, 0f);
      for (int k = firstTap(from + parity); k < taps.length; k += 2) {
        add(tap(k), line, (from + parity + k - reach()) / 2 - first, phase, 0, n);
      }
      for (int j = 0; j < n; j++) {
        out[outAt + parity + 2 * j] = phase[j];
      }
    }
  }

  /** The adjoint of {@link #widen}: adds to {@code in} what the samples give. */
  void narrow(float[] out, int outAt, float[] line, float[] phase, float[] in, int inAt) {
    int first = firstPixel();
    Arrays.fill(line, 0, pixels(), 0f);
    for (int parity = 0; parity < 2; parity++) {
      int n = (length() - parity + 1) / 2;
      for (int j = 0; j < n; j++) {
        phase[j] = out[outAt + parity + 2 * j];
      }
      for (int k = firstTap(from + parity); k < taps.length; k += 2) {
        add(tap(k), phase, 0, line, (from + parity + k - reach()) / 2 - first, n);
      }
    }
    for (int i = 0; i < pixels(); i++) {
      int pixel = first + i;
      if (pixel >= -before && pixel < size + after) {
        in[inAt + reflected(pixel)] += line[i];
      }
    }
  }

  /** Takes one of the pixels that a sample is made of. */
  @FunctionalInterface
  interface Contribution {
    void accept(int sample, int pixel, float weight);
  }

  /** Every sample of the part, counted from {@code from}, with each of its pixels. */
  void visit(Contribution to) {
    for (int sample = from; sample < this.to; sample++) {
      for (int k = firstTap(sample); k < taps.length; k += 2) {
        int pixel = (sample + k - reach()) / 2;
        if (pixel >= -before && pixel < size + after) {
          to.accept(sample - from, reflected(pixel), tap(k));
        }
      }
    }
  }

  /** y[yAt + i] += a · x[xAt + i] for i &lt; n. */
  static void add(float a, float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] += a * x[xAt + i];
    }
  }
}
