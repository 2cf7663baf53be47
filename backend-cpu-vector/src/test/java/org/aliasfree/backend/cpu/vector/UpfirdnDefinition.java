package org.aliasfree.backend.cpu.vector;

/**
 * upfirdn2d and filtered_lrelu of one plane, step by step as defined (zero-stuff, pad, crop,
 * filter, keep every n-th), in double precision. Each result comes with the sum of the magnitudes
 * of the terms behind it, to which rounding errors are in proportion.
 */
final class UpfirdnDefinition {
  /** A plane of values and of the sums of magnitudes behind them. */
  static final class Plane {
    final int height;
    final int width;
    final double[] values;
    final double[] magnitudes;

    Plane(int height, int width) {
      this.height = height;
      this.width = width;
      values = new double[height * width];
      magnitudes = new double[height * width];
    }

    static Plane of(float[] x, int height, int width) {
      Plane p = new Plane(height, width);
      for (int i = 0; i < p.values.length; i++) {
        p.values[i] = x[i];
        p.magnitudes[i] = Math.abs(x[i]);
      }
      return p;
    }
  }

  /**
   * A filter as a matrix; {@code taps} null is none, {@code height} 0 means the outer product of
   * one row.
   */
  static final class Taps {
    static final Taps NONE = new Taps(new float[0], 0, 0);

    private final float[] taps;
    private final int height;
    private final int width;

    Taps(float[] taps, int height, int width) {
      this.taps = taps;
      this.height = height;
      this.width = width;
    }

    int height() {
      return height;
    }

    double[][] matrix() {
      if (taps.length == 0) {
        return new double[][] {{1}};
      }
      int h = height == 0 ? taps.length : height;
      int w = height == 0 ? taps.length : width;
      double[][] m = new double[h][w];
      for (int y = 0; y < h; y++) {
        for (int x = 0; x < w; x++) {
          m[y][x] = height == 0 ? (double) taps[y] * taps[x] : taps[y * w + x];
        }
      }
      return m;
    }

    /**
     * What the error of a tap is in proportion to: the tap itself, or for a matrix its largest tap,
     * because the kernels write it as a sum of separable filters.
     */
    double[][] sizes() {
      double[][] m = matrix();
      double largest = 0;
      for (double[] row : m) {
        for (int x = 0; x < row.length; x++) {
          row[x] = Math.abs(row[x]);
          largest = Math.max(largest, row[x]);
        }
      }
      for (double[] row : m) {
        if (height > 0) {
          java.util.Arrays.fill(row, largest);
        }
      }
      return m;
    }

    UpfirdnFilter filter() {
      return taps.length == 0
          ? UpfirdnFilter.NONE
          : height == 0 ? UpfirdnFilter.separable(taps) : UpfirdnFilter.matrix(taps, height, width);
    }

    int filterHeight() {
      return matrix().length;
    }

    int filterWidth() {
      return matrix()[0].length;
    }
  }

  private UpfirdnDefinition() {}

  static Plane upfirdn(
      Plane in, Taps taps, int[] up, int[] down, int[] pad, boolean flip, double gain) {
    int stuffedH = in.height * up[1];
    int stuffedW = in.width * up[0];
    int paddedH = stuffedH + pad[2] + pad[3];
    int paddedW = stuffedW + pad[0] + pad[1];
    Plane padded = new Plane(paddedH, paddedW);
    for (int y = 0; y < in.height; y++) {
      for (int x = 0; x < in.width; x++) {
        int py = y * up[1] + pad[2];
        int px = x * up[0] + pad[0];
        if (py >= 0 && py < paddedH && px >= 0 && px < paddedW) {
          padded.values[py * paddedW + px] = in.values[y * in.width + x];
          padded.magnitudes[py * paddedW + px] = in.magnitudes[y * in.width + x];
        }
      }
    }
    double[][] f = taps.matrix();
    double[][] sizes = taps.sizes();
    int fh = f.length;
    int fw = f[0].length;
    Plane out = new Plane((paddedH - fh + down[1]) / down[1], (paddedW - fw + down[0]) / down[0]);
    for (int oy = 0; oy < out.height; oy++) {
      for (int ox = 0; ox < out.width; ox++) {
        double sum = 0;
        double magnitude = 0;
        for (int ky = 0; ky < fh; ky++) {
          for (int kx = 0; kx < fw; kx++) {
            double t = flip ? f[ky][kx] : f[fh - 1 - ky][fw - 1 - kx];
            int at = (oy * down[1] + ky) * paddedW + ox * down[0] + kx;
            sum += t * padded.values[at];
            magnitude +=
                sizes[flip ? ky : fh - 1 - ky][flip ? kx : fw - 1 - kx] * padded.magnitudes[at];
          }
        }
        out.values[oy * out.width + ox] = sum * gain;
        out.magnitudes[oy * out.width + ox] = magnitude * Math.abs(gain);
      }
    }
    return out;
  }

  /** The non-linearity in place; {@code signs} (when given) receives 0, 1 or 2 for each value. */
  static void act(Plane t, double gain, double slope, double clamp, byte[] signs) {
    for (int i = 0; i < t.values.length; i++) {
      double v = t.values[i] * gain;
      double bent = v < 0 ? v * slope : v;
      if (signs.length > 0) {
        signs[i] = (byte) (Math.abs(bent) > clamp ? 2 : v < 0 ? 1 : 0);
      }
      t.values[i] = bent > clamp ? clamp : bent < -clamp ? -clamp : bent;
      // A rounding error may move a value over a kink, so it passes with the larger slope.
      t.magnitudes[i] *= gain * Math.max(1, slope);
    }
  }

  /** Multiplies by 1, slope or 0 as the map says at an offset; outside it by 1. */
  static void multiply(
      Plane t, byte[] signs, int height, int width, double slope, double gain, int sx, int sy) {
    for (int y = 0; y < t.height; y++) {
      for (int x = 0; x < t.width; x++) {
        boolean inside = y + sy >= 0 && y + sy < height && x + sx >= 0 && x + sx < width;
        int sign = inside ? signs[(y + sy) * width + x + sx] : 0;
        double factor = gain * (sign == 0 ? 1 : sign == 1 ? slope : 0);
        t.values[y * t.width + x] *= factor;
        t.magnitudes[y * t.width + x] *= Math.abs(factor);
      }
    }
  }
}
