package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float8;

/**
 * Convolutions and their adjoints. Images are first laid out so that every tap of the kernel is a
 * shift of the flat image ({@link #window}): then y[n, o, j] = Σ_{i,t} w[o, i, t] · x[n, i, j +
 * shift(t)], whatever strides, dilations and padding were.
 */
public final class ConvLoops {
  /** Where the table of taps begins in the parameters of {@link #correlate}. */
  public static final int TAPS = 26;

  /** Where the table of taps begins in the parameters of {@link #weightSums}. */
  public static final int SHIFTS = 21;

  private ConvLoops() {}

  /**
   * Cuts windows out of planes, with zeros for what lies outside, every strideY-th row and
   * strideX-th column of them; several windows, one for each phase that is needed: y[plane, fy, fx,
   * r, c] = s[plane] · x[plane, r·strideY + phaseY − top, c·strideX + phaseX − left]. After the
   * windows of a plane come {@code slack} zeros. An iteration makes a row.
   *
   * <p>p = {rows in all, x, height, width, y, rows, columns, slack, strideY, strideX, top, left,
   * phases along y, along x, whether there are factors s, s, 0, 0, 0, 0, phases along y …, along x
   * …}.
   */
  public static void window(int[] p, float[] x, float[] s, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        int height = p[2];
        int width = p[3];
        int rows = p[5];
        int columns = p[6];
        int slack = p[7];
        int step = p[9];
        int fx = p[13];
        int windows = p[12] * fx;
        int plane = i / (windows * rows);
        int rest = i - plane * windows * rows;
        int which = rest / rows;
        int r = rest - which * rows;
        int phaseY = p[20 + which / fx];
        int phaseX = p[20 + p[12] + which % fx];
        int row = r * p[8] + phaseY - p[10];
        int first = phaseX - p[11];
        // Columns c with 0 <= c·step + first < width.
        int from = first < 0 ? (step - 1 - first) / step : 0;
        int to = first < width ? (width - 1 - first) / step + 1 : 0;
        if (to > columns) {
          to = columns;
        }
        if (row < 0 || row >= height || to < from) {
          to = 0;
          from = 0;
        }
        float factor = 1f;
        if (p[14] != 0) {
          factor = s[p[15] + plane];
        }
        int at = p[4] + plane * (windows * rows * columns + slack) + rest * columns;
        int x0 = p[1] + (plane * height + row) * width + first;
        for (int c = 0; c < from; c++) {
          y[at + c] = 0f;
        }
        for (int c = from; c < to; c++) {
          y[at + c] = x[x0 + c * step] * factor;
        }
        int end = rest == windows * rows - 1 ? columns + slack : columns;
        for (int c = to; c < end; c++) {
          y[at + c] = 0f;
        }
      }
    }
  }

  /**
   * y[n, o, row(j), column(j)] = d[n, o] · Σ_{i,t} w[o, i, t] · x[n, i, j + shift(t)], eight
   * positions j of eight output channels by each iteration. j = row · rowStride + column; columns
   * of {@code width} or more are not stored.
   *
   * <p>p = {0 items, 1 blocks of positions, 2 blocks of outputs, 3 images, 4 inputs a group, 5
   * taps, 6 x, 7 size of a plane of x, 8 input channels, 9 positions, 10 most that a block may
   * begin at, 11 rowStride, 12 width, 13 w, 14 step of w for an output, 15 for an input, 16 for a
   * group, 17 outputs a group, 18 output channels, 19 y, 20 size of a plane of y, 21 step of y for
   * a row, 22 for a column, 23 whether there are scales d, 24 d, 25 0, shifts of taps …, places of
   * taps in w …}.
   */
  public static void correlate(int[] p, float[] x, float[] w, float[] d, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int block = item % p[1];
        int rest = item / p[1];
        int image = rest % p[3];
        rest = rest / p[3];
        int group = rest / p[2];
        int o = (rest - group * p[2]) * 8;
        int left = p[17] - o;
        int inputs = p[4];
        int taps = p[5];
        int plane = p[7];
        int wo = p[14];
        int wi = p[15];
        int j = block * 8;
        if (j > p[10]) {
          j = p[10];
        }
        int at = p[6] + (image * p[8] + group * inputs) * plane + j;
        int u0 = p[13] + group * p[16] + o * wo;
        int u1 = u0 + (left > 1 ? wo : 0);
        int u2 = u1 + (left > 2 ? wo : 0);
        int u3 = u2 + (left > 3 ? wo : 0);
        int u4 = u3 + (left > 4 ? wo : 0);
        int u5 = u4 + (left > 5 ? wo : 0);
        int u6 = u5 + (left > 6 ? wo : 0);
        int u7 = u6 + (left > 7 ? wo : 0);
        Float8 a0 = Lanes.zeros();
        Float8 a1 = Lanes.zeros();
        Float8 a2 = Lanes.zeros();
        Float8 a3 = Lanes.zeros();
        Float8 a4 = Lanes.zeros();
        Float8 a5 = Lanes.zeros();
        Float8 a6 = Lanes.zeros();
        Float8 a7 = Lanes.zeros();
        for (int c = 0; c < inputs; c++) {
          for (int t = 0; t < taps; t++) {
            Float8 v = Lanes.load(x, at + p[TAPS + t]);
            int from = c * wi + p[TAPS + taps + t];
            a0 = Lanes.plus(a0, v, w[u0 + from]);
            a1 = Lanes.plus(a1, v, w[u1 + from]);
            a2 = Lanes.plus(a2, v, w[u2 + from]);
            a3 = Lanes.plus(a3, v, w[u3 + from]);
            a4 = Lanes.plus(a4, v, w[u4 + from]);
            a5 = Lanes.plus(a5, v, w[u5 + from]);
            a6 = Lanes.plus(a6, v, w[u6 + from]);
            a7 = Lanes.plus(a7, v, w[u7 + from]);
          }
          at += plane;
        }
        int channel = image * p[18] + group * p[17] + o;
        // Factors may be chosen in a branch, sums of eight not: TornadoVM loses those there.
        int scale = p[24] + channel;
        boolean scaled = p[23] != 0;
        a0 = Float8.mult(a0, factor(d, scaled, scale));
        a1 = Float8.mult(a1, factor(d, scaled, scale + (left > 1 ? 1 : 0)));
        a2 = Float8.mult(a2, factor(d, scaled, scale + (left > 2 ? 2 : 0)));
        a3 = Float8.mult(a3, factor(d, scaled, scale + (left > 3 ? 3 : 0)));
        a4 = Float8.mult(a4, factor(d, scaled, scale + (left > 4 ? 4 : 0)));
        a5 = Float8.mult(a5, factor(d, scaled, scale + (left > 5 ? 5 : 0)));
        a6 = Float8.mult(a6, factor(d, scaled, scale + (left > 6 ? 6 : 0)));
        a7 = Float8.mult(a7, factor(d, scaled, scale + (left > 7 ? 7 : 0)));
        int to = p[19] + channel * p[20];
        int ys = p[20];
        // What the block before has stored is not stored again.
        int begin = block * 8;
        Lanes.store(
            y,
            to + place(p, j + 0),
            ys,
            kept(p, j + 0, begin, left),
            a0.getS0(),
            a1.getS0(),
            a2.getS0(),
            a3.getS0(),
            a4.getS0(),
            a5.getS0(),
            a6.getS0(),
            a7.getS0());
        Lanes.store(
            y,
            to + place(p, j + 1),
            ys,
            kept(p, j + 1, begin, left),
            a0.getS1(),
            a1.getS1(),
            a2.getS1(),
            a3.getS1(),
            a4.getS1(),
            a5.getS1(),
            a6.getS1(),
            a7.getS1());
        Lanes.store(
            y,
            to + place(p, j + 2),
            ys,
            kept(p, j + 2, begin, left),
            a0.getS2(),
            a1.getS2(),
            a2.getS2(),
            a3.getS2(),
            a4.getS2(),
            a5.getS2(),
            a6.getS2(),
            a7.getS2());
        Lanes.store(
            y,
            to + place(p, j + 3),
            ys,
            kept(p, j + 3, begin, left),
            a0.getS3(),
            a1.getS3(),
            a2.getS3(),
            a3.getS3(),
            a4.getS3(),
            a5.getS3(),
            a6.getS3(),
            a7.getS3());
        Lanes.store(
            y,
            to + place(p, j + 4),
            ys,
            kept(p, j + 4, begin, left),
            a0.getS4(),
            a1.getS4(),
            a2.getS4(),
            a3.getS4(),
            a4.getS4(),
            a5.getS4(),
            a6.getS4(),
            a7.getS4());
        Lanes.store(
            y,
            to + place(p, j + 5),
            ys,
            kept(p, j + 5, begin, left),
            a0.getS5(),
            a1.getS5(),
            a2.getS5(),
            a3.getS5(),
            a4.getS5(),
            a5.getS5(),
            a6.getS5(),
            a7.getS5());
        Lanes.store(
            y,
            to + place(p, j + 6),
            ys,
            kept(p, j + 6, begin, left),
            a0.getS6(),
            a1.getS6(),
            a2.getS6(),
            a3.getS6(),
            a4.getS6(),
            a5.getS6(),
            a6.getS6(),
            a7.getS6());
        Lanes.store(
            y,
            to + place(p, j + 7),
            ys,
            kept(p, j + 7, begin, left),
            a0.getS7(),
            a1.getS7(),
            a2.getS7(),
            a3.getS7(),
            a4.getS7(),
            a5.getS7(),
            a6.getS7(),
            a7.getS7());
      }
    }
  }

  /** d[at], or 1 where there are no factors. */
  private static float factor(float[] d, boolean given, int at) {
    float result = 1f;
    if (given) {
      result = d[at];
    }
    return result;
  }

  /** Where position j lies in a plane of the result. */
  private static int place(int[] p, int j) {
    int row = j / p[11];
    return row * p[21] + (j - row * p[11]) * p[22];
  }

  /** How many channels of position j are stored. */
  private static int kept(int[] p, int j, int begin, int left) {
    return j >= begin && j < p[9] && j % p[11] < p[12] ? left : 0;
  }

  /**
   * Sums over positions for the gradient of the weight: w[chunk, o, i, t] = Σ_{n,j} x[n, i, j +
   * shift(t)] · y[n, o, j], four inputs by four outputs of a tap by each iteration.
   *
   * <p>p = {0 items, 1 taps, 2 blocks of inputs, 3 blocks of outputs, 4 groups, 5 chunks of
   * positions, 6 images a chunk, 7 images, 8 positions a chunk, 9 positions, a multiple of 8, 10 x,
   * 11 size of a plane of x, 12 input channels, 13 inputs a group, 14 y, 15 size of a plane of y,
   * 16 output channels, 17 outputs a group, 18 w, 19 size of a chunk of w, 20 0, shifts of taps …}.
   */
  public static void weightSums(int[] p, float[] x, float[] y, float[] w, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int taps = p[1];
        int tap = item % taps;
        int rest = item / taps;
        int input = rest % p[2] * 4;
        rest = rest / p[2];
        int output = rest % p[3] * 4;
        rest = rest / p[3];
        int group = rest % p[4];
        int chunk = rest / p[4];
        int chunkY = chunk / p[5];
        int j0 = (chunk - chunkY * p[5]) * p[8];
        int j1 = j0 + p[8] < p[9] ? j0 + p[8] : p[9];
        int n0 = chunkY * p[6];
        int n1 = n0 + p[6] < p[7] ? n0 + p[6] : p[7];
        int inputs = p[13] - input;
        int outputs = p[17] - output;
        int px = p[11];
        int py = p[15];
        int x1 = inputs > 1 ? px : 0;
        int x2 = inputs > 2 ? x1 + px : x1;
        int x3 = inputs > 3 ? x2 + px : x2;
        int y1 = outputs > 1 ? py : 0;
        int y2 = outputs > 2 ? y1 + py : y1;
        int y3 = outputs > 3 ? y2 + py : y2;
        Float8 a00 = Lanes.zeros();
        Float8 a01 = Lanes.zeros();
        Float8 a02 = Lanes.zeros();
        Float8 a03 = Lanes.zeros();
        Float8 a10 = Lanes.zeros();
        Float8 a11 = Lanes.zeros();
        Float8 a12 = Lanes.zeros();
        Float8 a13 = Lanes.zeros();
        Float8 a20 = Lanes.zeros();
        Float8 a21 = Lanes.zeros();
        Float8 a22 = Lanes.zeros();
        Float8 a23 = Lanes.zeros();
        Float8 a30 = Lanes.zeros();
        Float8 a31 = Lanes.zeros();
        Float8 a32 = Lanes.zeros();
        Float8 a33 = Lanes.zeros();
        for (int image = n0; image < n1; image++) {
          int ax = p[10] + (image * p[12] + group * p[13] + input) * px + p[SHIFTS + tap];
          int ay = p[14] + (image * p[16] + group * p[17] + output) * py;
          for (int j = j0; j < j1; j += 8) {
            Float8 v0 = Lanes.load(x, ax + j);
            Float8 v1 = Lanes.load(x, ax + x1 + j);
            Float8 v2 = Lanes.load(x, ax + x2 + j);
            Float8 v3 = Lanes.load(x, ax + x3 + j);
            Float8 g0 = Lanes.load(y, ay + j);
            a00 = Lanes.plus(a00, v0, g0);
            a01 = Lanes.plus(a01, v1, g0);
            a02 = Lanes.plus(a02, v2, g0);
            a03 = Lanes.plus(a03, v3, g0);
            Float8 g1 = Lanes.load(y, ay + y1 + j);
            a10 = Lanes.plus(a10, v0, g1);
            a11 = Lanes.plus(a11, v1, g1);
            a12 = Lanes.plus(a12, v2, g1);
            a13 = Lanes.plus(a13, v3, g1);
            Float8 g2 = Lanes.load(y, ay + y2 + j);
            a20 = Lanes.plus(a20, v0, g2);
            a21 = Lanes.plus(a21, v1, g2);
            a22 = Lanes.plus(a22, v2, g2);
            a23 = Lanes.plus(a23, v3, g2);
            Float8 g3 = Lanes.load(y, ay + y3 + j);
            a30 = Lanes.plus(a30, v0, g3);
            a31 = Lanes.plus(a31, v1, g3);
            a32 = Lanes.plus(a32, v2, g3);
            a33 = Lanes.plus(a33, v3, g3);
          }
        }
        int per = p[13] * taps;
        int to = p[18] + chunk * p[19] + (group * p[17] + output) * per + input * taps + tap;
        totals(w, to, taps, outputs > 0 ? inputs : 0, a00, a01, a02, a03);
        totals(w, to + 1 * per, taps, outputs > 1 ? inputs : 0, a10, a11, a12, a13);
        totals(w, to + 2 * per, taps, outputs > 2 ? inputs : 0, a20, a21, a22, a23);
        totals(w, to + 3 * per, taps, outputs > 3 ? inputs : 0, a30, a31, a32, a33);
      }
    }
  }

  private static void totals(
      float[] w, int at, int step, int count, Float8 a, Float8 b, Float8 c, Float8 d) {
    if (count > 0) {
      w[at] = Lanes.total(a);
    }
    if (count > 1) {
      w[at + step] = Lanes.total(b);
    }
    if (count > 2) {
      w[at + 2 * step] = Lanes.total(c);
    }
    if (count > 3) {
      w[at + 3 * step] = Lanes.total(d);
    }
  }

  /** y[i] = Σ over chunks of s[chunk, i]; p = {count, s, chunks, y}. */
  public static void chunkSums(int[] p, float[] s, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int count = p[0];
      if (i < count) {
        int chunks = p[2];
        int at = p[1] + i;
        float sum = 0f;
        for (int c = 0; c < chunks; c++) {
          sum += s[at + c * count];
        }
        y[p[3] + i] = sum;
      }
    }
  }
}
