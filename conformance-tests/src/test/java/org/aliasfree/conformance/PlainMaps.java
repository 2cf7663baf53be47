package org.aliasfree.conformance;

import org.aliasfree.tensor.HostTensor;

/**
 * Feature maps in double precision with what StyleGAN2 does to them, each straight from its
 * definition with no care for speed: zeros are inserted and multiplied, every output is a sum over
 * all there is.
 */
final class PlainMaps {
  private final int n;
  private final int c;
  private final int h;
  private final int w;
  private final double[] v;

  /** Values in row-major order of [n, c, h, w]. */
  PlainMaps(int n, int c, int h, int w, double[] v) {
    this.n = n;
    this.c = c;
    this.h = h;
    this.w = w;
    this.v = v;
  }

  int n() {
    return n;
  }

  int c() {
    return c;
  }

  int h() {
    return h;
  }

  int w() {
    return w;
  }

  double[] v() {
    return v;
  }

  static PlainMaps zeros(int n, int c, int h, int w) {
    return new PlainMaps(n, c, h, w, new double[n * c * h * w]);
  }

  static PlainMaps of(HostTensor t) {
    int[] sizes = {1, 1, 1, 1};
    for (int i = 0; i < t.shape().rank(); i++) {
      sizes[4 - t.shape().rank() + i] = t.shape().intDim(i);
    }
    PlainMaps maps = zeros(sizes[0], sizes[1], sizes[2], sizes[3]);
    for (int i = 0; i < maps.v.length; i++) {
      maps.v[i] = t.get(i);
    }
    return maps;
  }

  int at(int i, int j, int y, int x) {
    return ((i * c + j) * h + y) * w + x;
  }

  /** Zero outside. */
  double get(int i, int j, int y, int x) {
    return y < 0 || x < 0 || y >= h || x >= w ? 0 : v[at(i, j, y, x)];
  }

  interface Value {
    double at(int i, int j, int y, int x);
  }

  static PlainMaps fill(int n, int c, int h, int w, Value value) {
    PlainMaps maps = zeros(n, c, h, w);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < c; j++) {
        for (int y = 0; y < h; y++) {
          for (int x = 0; x < w; x++) {
            maps.v[maps.at(i, j, y, x)] = value.at(i, j, y, x);
          }
        }
      }
    }
    return maps;
  }

  PlainMaps map(Value value) {
    return fill(n, c, h, w, value);
  }

  PlainMaps plus(PlainMaps other) {
    return map((i, j, y, x) -> v[at(i, j, y, x)] + other.v[at(i, j, y, x)]);
  }

  /** upfirdn2d with the same factors and padding (before, after) on both axes, not flipped. */
  PlainMaps resampled(PlainMaps filter, int up, int down, int before, int after, double gain) {
    int fh = filter.h;
    int fw = filter.w;
    PlainMaps stuffed =
        fill(
            n,
            c,
            h * up + before + after,
            w * up + before + after,
            (i, j, y, x) -> {
              int sy = y - before;
              int sx = x - before;
              boolean sample = sy >= 0 && sx >= 0 && sy % up == 0 && sx % up == 0;
              return sample ? get(i, j, sy / up, sx / up) : 0;
            });
    int outH = (stuffed.h - fh) / down + 1;
    int outW = (stuffed.w - fw) / down + 1;
    return fill(
        n,
        c,
        outH,
        outW,
        (i, j, y, x) -> {
          double sum = 0;
          for (int a = 0; a < fh; a++) {
            for (int b = 0; b < fw; b++) {
              sum +=
                  filter.get(0, 0, fh - 1 - a, fw - 1 - b)
                      * stuffed.get(i, j, y * down + a, x * down + b);
            }
          }
          return sum * gain;
        });
  }

  /** Up-sampled by 2 by a filter of 4 × 4, the image staying in place. */
  PlainMaps doubled(PlainMaps filter) {
    return resampled(filter, 2, 1, 2, 1, 4);
  }

  /** Down-sampled by 2. */
  PlainMaps halved(PlainMaps filter) {
    return resampled(filter, 1, 2, 1, 1, 1);
  }

  /** A weight for each sample. */
  interface Weight {
    double at(int sample, int output, int input, int y, int x);
  }

  /** Cross-correlation, the image extended by zeros. */
  PlainMaps convolved(int outputs, int kernel, int padding, Weight weight) {
    return fill(
        n,
        outputs,
        h + 2 * padding - kernel + 1,
        w + 2 * padding - kernel + 1,
        (i, j, y, x) -> {
          double sum = 0;
          for (int k = 0; k < c; k++) {
            for (int a = 0; a < kernel; a++) {
              for (int b = 0; b < kernel; b++) {
                sum += weight.at(i, j, k, a, b) * get(i, k, y + a - padding, x + b - padding);
              }
            }
          }
          return sum;
        });
  }

  /**
   * StyleGAN2's convolution with resampling by its defining pipeline: up-sample with all padding,
   * convolve without, down-sample.
   */
  PlainMaps convResampled(int outputs, int kernel, int up, int down, PlainMaps f, Weight weight) {
    int pad = kernel / 2;
    if (up == 2) {
      PlainMaps large = resampled(f, 2, 1, pad + 2, pad + 1, 4);
      return large.convolved(
          outputs,
          kernel,
          0,
          (i, o, k, a, b) -> weight.at(i, o, k, kernel - 1 - a, kernel - 1 - b));
    }
    if (down == 2) {
      PlainMaps identity = new PlainMaps(1, 1, 1, 1, new double[] {1});
      return resampled(identity, 1, 1, pad + 1, pad + 1, 1)
          .convolved(outputs, kernel, 0, weight)
          .resampled(f, 1, 2, 0, 0, 1);
    }
    return convolved(outputs, kernel, pad, weight);
  }

  /** Leaky ReLU with its gain, times a gain, clamped to 256 times it; after a bias by channel. */
  PlainMaps activated(PlainMaps bias, double gain) {
    return map(
        (i, j, y, x) -> {
          double t = v[at(i, j, y, x)] + bias.v[j];
          double a = (t > 0 ? t : 0.2 * t) * Math.sqrt(2) * gain;
          return Math.clamp(a, -256 * gain, 256 * gain);
        });
  }
}
