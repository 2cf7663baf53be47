package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * The middle of an affine warp: values at the sampled points, each from the pixels under its four
 * neighbours in the image that was mirrored and up-sampled by 2, which itself is never made: the
 * two weights along an axis that a pixel has in the neighbours are added up. {@code around} sets
 * those weights and pixels of an axis.
 *
 * <p>p = {0 items, 1 x, 2 channels, 3 height, 4 width, 5 inverse, 6 margins, 7 filter, 8 taps, 9
 * points, 10 points along y, 11 points along x, 12 step of points for a row, 13 number of the first
 * plane, 14 zeros before a row of points}.
 */
public final class WarpLoops {
  private static final int MOST = 16;

  private WarpLoops() {}

  /** A margin, kept to what an image can be mirrored by. */
  private static int margin(int[] margins, int at, int size) {
    int m = margins[at];
    return m < 0 ? 0 : m > size - 1 ? size - 1 : m;
  }

  /** Where point {@code k} of {@code points} lies from the centre, in pixels. */
  private static float fromCentre(int k, int points) {
    return (k - (points - 1) * 0.5f + 0.5f) * 0.5f;
  }

  private static int floored(float position) {
    int whole = (int) position;
    return whole > position ? whole - 1 : whole;
  }

  /** Whether a neighbour of a position may be a sample; not so for NaN. */
  private static boolean near(float position, int samples) {
    // Not position >= -1: TornadoVM makes that "not below", which NaN is, and then memory that is
    // not the image's would be read.
    return (position > -1f || position == -1f) && position < samples;
  }

  /**
   * The first pixel, counted from the first of the mirrored ones, under a tap at sample s or s + 1.
   */
  private static int firstPixel(int s, int taps) {
    int low = s - (taps + 1) / 2;
    return low > 0 ? (low + 1) / 2 : 0;
  }

  /** The last such pixel. */
  private static int lastPixel(int s, int taps, int samples) {
    int high = s + taps - (taps + 1) / 2;
    int last = high < 0 ? -1 : high / 2;
    return last < samples / 2 ? last : samples / 2 - 1;
  }

  /** Weight of a pixel at a position between samples s and s + 1. */
  private static float weight(
      float[] f, int at, int taps, int pixel, int s, float fraction, int samples) {
    int k = 2 * pixel - s + (taps + 1) / 2;
    float w = 0f;
    if (s >= 0 && k >= 0 && k < taps) {
      w = (1f - fraction) * f[at + taps - 1 - k];
    }
    if (s + 1 < samples && k >= 1 && k <= taps) {
      w += fraction * f[at + taps - k];
    }
    return 2f * w;
  }

  private static int reflected(int i, int size) {
    int m = i < 0 ? -i : i;
    int other = 2 * (size - 1) - m;
    return m < other ? m : other;
  }

  /** points[plane, row, column] of the image x; an iteration makes one, or a zero beside them. */
  public static void points(
      int[] p, float[] x, float[] inverse, int[] margins, float[] f, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int height = p[3];
        int width = p[4];
        int taps = p[8];
        int stride = p[12];
        int line = i / stride;
        int column = i - line * stride - p[14];
        int plane = line / p[10];
        int row = line - plane * p[10];
        float result = 0f;
        if (column >= 0 && column < p[11]) {
          int matrix = p[5] + (p[13] + plane) / p[2] * 6;
          int before = margin(margins, p[6], width);
          int samplesX = 2 * (before + width + margin(margins, p[6] + 2, width));
          int above = margin(margins, p[6] + 1, height);
          int samplesY = 2 * (above + height + margin(margins, p[6] + 3, height));
          float u = fromCentre(column, p[11]);
          float v = fromCentre(row, p[10]);
          float px =
              2f * (inverse[matrix] * u + inverse[matrix + 1] * v + inverse[matrix + 2])
                  + (width - 1 + 2 * before);
          float py =
              2f * (inverse[matrix + 3] * u + inverse[matrix + 4] * v + inverse[matrix + 5])
                  + (height - 1 + 2 * above);
          if (near(px, samplesX) && near(py, samplesY)) {
            float[] w = new float[MOST];
            int[] at = new int[MOST];
            int sx = floored(px);
            int sy = floored(py);
            int lastX = lastPixel(sx, taps, samplesX);
            int firstY = firstPixel(sy, taps);
            int lastY = lastPixel(sy, taps, samplesY);
            for (int part = firstPixel(sx, taps); part <= lastX; part += MOST) {
              int count = lastX + 1 - part < MOST ? lastX + 1 - part : MOST;
              for (int k = 0; k < count; k++) {
                w[k] = weight(f, p[7], taps, part + k, sx, px - sx, samplesX);
                at[k] = reflected(part + k - before, width);
              }
              for (int r = firstY; r <= lastY; r++) {
                int from = p[1] + (plane * height + reflected(r - above, height)) * width;
                float sum = 0f;
                for (int k = 0; k < count; k++) {
                  sum += w[k] * x[from + at[k]];
                }
                result += weight(f, p[7], taps, r, sy, py - sy, samplesY) * sum;
              }
            }
          }
        }
        y[p[9] + i] = result;
      }
    }
  }

  /**
   * The adjoint of {@link #points}: x[plane, pixel] = Σ over points of weight · value, in their
   * order. An iteration makes some rows of a plane; p = {…, 15 bands of rows a plane}.
   */
  public static void pixels(
      int[] p, float[] y, float[] inverse, int[] margins, float[] f, float[] x, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int height = p[3];
        int width = p[4];
        int taps = p[8];
        int plane = i / p[15];
        int band = i - plane * p[15];
        int first = band * height / p[15];
        int end = (band + 1) * height / p[15];
        int to = p[1] + plane * height * width;
        for (int k = first * width; k < end * width; k++) {
          x[to + k] = 0f;
        }
        int matrix = p[5] + (p[13] + plane) / p[2] * 6;
        int before = margin(margins, p[6], width);
        int samplesX = 2 * (before + width + margin(margins, p[6] + 2, width));
        int above = margin(margins, p[6] + 1, height);
        int samplesY = 2 * (above + height + margin(margins, p[6] + 3, height));
        float m0 = inverse[matrix];
        float m1 = inverse[matrix + 1];
        float m2 = inverse[matrix + 2];
        float m3 = inverse[matrix + 3];
        float m4 = inverse[matrix + 4];
        float m5 = inverse[matrix + 5];
        float[] w = new float[MOST];
        int[] at = new int[MOST];
        for (int row = 0; row < p[10]; row++) {
          float v = fromCentre(row, p[10]);
          int from = p[9] + (plane * p[10] + row) * p[12];
          for (int column = 0; column < p[11]; column++) {
            float u = fromCentre(column, p[11]);
            float px = 2f * (m0 * u + m1 * v + m2) + (width - 1 + 2 * before);
            float py = 2f * (m3 * u + m4 * v + m5) + (height - 1 + 2 * above);
            if (near(px, samplesX) && near(py, samplesY)) {
              int sx = floored(px);
              int sy = floored(py);
              float value = y[from + column];
              int lastX = lastPixel(sx, taps, samplesX);
              int firstY = firstPixel(sy, taps);
              int lastY = lastPixel(sy, taps, samplesY);
              for (int part = firstPixel(sx, taps); part <= lastX; part += MOST) {
                int count = lastX + 1 - part < MOST ? lastX + 1 - part : MOST;
                for (int k = 0; k < count; k++) {
                  w[k] = weight(f, p[7], taps, part + k, sx, px - sx, samplesX);
                  at[k] = reflected(part + k - before, width);
                }
                for (int r = firstY; r <= lastY; r++) {
                  int line = reflected(r - above, height);
                  if (line >= first && line < end) {
                    float share = weight(f, p[7], taps, r, sy, py - sy, samplesY) * value;
                    int pixel = to + line * width;
                    for (int k = 0; k < count; k++) {
                      x[pixel + at[k]] += w[k] * share;
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
