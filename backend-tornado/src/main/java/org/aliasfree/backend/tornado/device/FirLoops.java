package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float8;

/**
 * Resampling filters, without the zeros that up-sampling inserts. Along an axis, output o is the
 * sum of f̂[k] · x[i] over the taps k = i · up − m that exist, where m = o · down − padding: the
 * first sample is ⌈m / up⌉, and then taps are {@code up} apart. To keep m from being negative, a
 * number of samples, {@code shift}, is added to i: base = shift · up − padding.
 *
 * <p>Outputs that are q = up / gcd(up, down) apart have the same taps, at samples a = down / gcd
 * apart: eight of those are computed at a time along x; along y, eight columns.
 *
 * <p>A sum of eight must not be set in a branch: TornadoVM loses it where branches meet. It may be
 * carried through loops.
 */
public final class FirLoops {
  private FirLoops() {}

  /**
   * Rows with {@code left} zeros before them and as many after them as fit: y[row, c] = x[row, c −
   * left] + bias[channel]. An iteration makes a row. p = {rows in all, x, width, y, columns, left,
   * rows a plane, channels, number of the first plane, whether there is a bias, bias}.
   */
  public static void rows(int[] p, float[] x, float[] bias, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int width = p[2];
        int columns = p[4];
        int left = p[5];
        float add = 0f;
        if (p[9] != 0) {
          add = bias[p[10] + (p[8] + i / p[6]) % p[7]];
        }
        int from = left > 0 ? left : 0;
        from = from < columns ? from : columns;
        int to = width + left < columns ? width + left : columns;
        to = to < from ? from : to;
        int at = p[3] + i * columns;
        int x0 = p[1] + i * width - left;
        for (int c = 0; c < from; c++) {
          y[at + c] = 0f;
        }
        for (int c = from; c < to; c++) {
          y[at + c] = x[x0 + c] + add;
        }
        for (int c = to; c < columns; c++) {
          y[at + c] = 0f;
        }
      }
    }
  }

  /**
   * Along x where a = 1, over rows that have all samples that are asked for. p = {0 items, 1
   * blocks, 2 q, 3 a, 4 up, 5 down, 6 base, 7 taps, 8 whether the filter is taken as it is, 9
   * filter, 10 x, 11 step of x for a row, 12 y, 13 step of y for a row, 14 outputs a row}; gain =
   * {factor of the result}.
   */
  public static void alongX(int[] p, float[] gain, float[] f, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int q = p[2];
        int block = item % p[1];
        int rest = item / p[1];
        int row = rest / q;
        int o = block * 8 * q + (rest - row * q);
        int up = p[4];
        int m = o * p[5] + p[6];
        int sample = (m + up - 1) / up;
        int taps = p[7];
        int tap = p[9] + (p[8] != 0 ? sample * up - m : taps - 1 - (sample * up - m));
        int tapStep = p[8] != 0 ? up : -up;
        int at = p[10] + row * p[11] + sample;
        int count = (taps - (sample * up - m) + up - 1) / up;
        Float8 sum = Lanes.zeros();
        for (int k = 0; k < count; k++) {
          sum = Lanes.plus(sum, Lanes.load(x, at + k), f[tap + k * tapStep]);
        }
        sum = Float8.mult(sum, gain[0]);
        int left = (p[14] - o + q - 1) / q;
        Lanes.store(sum, y, p[12] + row * p[13] + o, q, o < p[14] ? left : 0);
      }
    }
  }

  /** As {@link #alongX} for any a. */
  public static void stridedX(int[] p, float[] gain, float[] f, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int q = p[2];
        int block = item % p[1];
        int rest = item / p[1];
        int row = rest / q;
        int o = block * 8 * q + (rest - row * q);
        int step = p[3];
        int up = p[4];
        int m = o * p[5] + p[6];
        int sample = (m + up - 1) / up;
        int taps = p[7];
        int tap = p[9] + (p[8] != 0 ? sample * up - m : taps - 1 - (sample * up - m));
        int tapStep = p[8] != 0 ? up : -up;
        int at = p[10] + row * p[11] + sample;
        int count = (taps - (sample * up - m) + up - 1) / up;
        Float8 sum = Lanes.zeros();
        for (int k = 0; k < count; k++) {
          sum = Lanes.plus(sum, Lanes.load(x, at + k, step), f[tap + k * tapStep]);
        }
        sum = Float8.mult(sum, gain[0]);
        int left = (p[14] - o + q - 1) / q;
        Lanes.store(sum, y, p[12] + row * p[13] + o, q, o < p[14] ? left : 0);
      }
    }
  }

  /**
   * Along y; rows outside are zero. p = {0 items, 1 blocks of columns, 2 outputs a plane, 3 rows a
   * plane, 4 up, 5 down, 6 base, 7 shift, 8 taps, 9 whether the filter is taken as it is, 10
   * filter, 11 x, 12 step of x for a row, 13 y, 14 step of y for a row, 15 columns to store}; gain
   * = {factor of the result}.
   */
  public static void alongY(int[] p, float[] gain, float[] f, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int row = item / p[1];
        int column = (item - row * p[1]) * 8;
        Float8 sum = Float8.mult(sumY(p, f, x, row, column), gain[0]);
        Lanes.store(sum, y, p[13] + row * p[14] + column, 1, p[15] - column);
      }
    }
  }

  /** Eight columns of row {@code row} of all planes, as {@link #alongY} says. */
  static Float8 sumY(int[] p, float[] f, float[] x, int row, int column) {
    int plane = row / p[2];
    int rows = p[3];
    int up = p[4];
    int m = (row - plane * p[2]) * p[5] + p[6];
    int sample = (m + up - 1) / up;
    int first = sample * up - m;
    int taps = p[8];
    int tap = p[10] + (p[9] != 0 ? first : taps - 1 - first);
    int tapStep = p[9] != 0 ? up : -up;
    int stride = p[12];
    sample -= p[7];
    int from = sample < 0 ? -sample : 0;
    int to = (taps - first + up - 1) / up;
    to = to < rows - sample ? to : rows - sample;
    int at = p[11] + (plane * rows + sample) * stride + column;
    Float8 sum = Lanes.zeros();
    for (int k = from; k < to; k++) {
      sum = Lanes.plus(sum, Lanes.load(x, at + k * stride), f[tap + k * tapStep]);
    }
    return sum;
  }

  /**
   * A filter with two axes. p = {0 to 14 as for {@link #alongX}, 15 outputs along y of a plane, 16
   * rows a plane, 17 up, 18 down, 19 base, 20 shift and 21 taps along y}; gain = {factor of the
   * result}.
   */
  public static void alongBoth(int[] p, float[] gain, float[] f, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int q = p[2];
        int block = item % p[1];
        int rest = item / p[1];
        int row = rest / q;
        int o = block * 8 * q + (rest - row * q);
        int step = p[3];
        int up = p[4];
        int taps = p[7];
        int m = o * p[5] + p[6];
        int sample = (m + up - 1) / up;
        int first = sample * up - m;
        int count = (taps - first + up - 1) / up;
        int plane = row / p[15];
        int rows = p[16];
        int upY = p[17];
        int mY = (row - plane * p[15]) * p[18] + p[19];
        int sampleY = (mY + upY - 1) / upY;
        int tapY = sampleY * upY - mY;
        int stride = p[11];
        int at = p[10] + plane * rows * stride + sample;
        int last = taps * p[21] - 1;
        boolean flip = p[8] != 0;
        int tapStep = flip ? up : -up;
        int rowTaps = (p[21] - tapY + upY - 1) / upY;
        sampleY -= p[20];
        int from = sampleY < 0 ? -sampleY : 0;
        int to = rowTaps < rows - sampleY ? rowTaps : rows - sampleY;
        Float8 sum = Lanes.zeros();
        for (int r = from; r < to; r++) {
          int tap = (tapY + r * upY) * taps + first;
          tap = p[9] + (flip ? tap : last - tap);
          int line = at + (sampleY + r) * stride;
          for (int k = 0; k < count; k++) {
            sum = Lanes.plus(sum, Lanes.load(x, line + k, step), f[tap + k * tapStep]);
          }
        }
        sum = Float8.mult(sum, gain[0]);
        int left = (p[14] - o + q - 1) / q;
        Lanes.store(sum, y, p[12] + row * p[13] + o, q, o < p[14] ? left : 0);
      }
    }
  }
}
