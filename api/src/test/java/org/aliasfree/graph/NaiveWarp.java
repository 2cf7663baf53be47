package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.FirGeometry;

/**
 * The affine warp as the steps of the augmentation pipe, on one plane: an image padded by exactly
 * the margins, whole arrays, and matrices that are multiplied as the coordinates change.
 */
final class NaiveWarp {
  private final OpCases.Case made;
  private final int left;
  private final int top;
  private final int right;
  private final int bottom;
  private final int border;

  private NaiveWarp(OpCases.Case made) {
    this.made = made;
    double[] margins = made.args().get(2).values();
    left = (int) margins[0];
    top = (int) margins[1];
    right = (int) margins[2];
    bottom = (int) margins[3];
    border = made.args().get(3).values().length / 4;
  }

  /** The warp of every plane. */
  static double[] warp(OpCases.Case made) {
    Image x = new Image(made.args().getFirst());
    Image y = new Image(x.n, x.c, x.h, x.w);
    NaiveWarp warp = new NaiveWarp(made);
    for (int[] p : Image.positions(x.n, x.c, 1, 1)) {
      Image plane = new Image(1, 1, x.h, x.w);
      for (int[] q : Image.positions(1, 1, x.h, x.w)) {
        plane.add(0, 0, q[2], q[3], x.at(p[0], p[1], q[2], q[3]));
      }
      Image warped = warp.plane(plane, p[0]);
      for (int[] q : Image.positions(1, 1, x.h, x.w)) {
        y.add(p[0], p[1], q[2], q[3], warped.at(0, 0, q[2], q[3]));
      }
    }
    return y.values;
  }

  /** dx[i] = ⟨dy, warp(e_i)⟩ for every unit image. */
  static double[] inputGradient(OpCases.Case made) {
    Image dy = new Image(made.args().getFirst());
    Image dx = new Image(dy.n, dy.c, dy.h, dy.w);
    NaiveWarp warp = new NaiveWarp(made);
    for (int[] p : Image.positions(dy.n, dy.c, dy.h, dy.w)) {
      Image unit = new Image(1, 1, dy.h, dy.w);
      unit.add(0, 0, p[2], p[3], 1);
      Image warped = warp.plane(unit, p[0]);
      for (int[] q : Image.positions(1, 1, dy.h, dy.w)) {
        double product = warped.at(0, 0, q[2], q[3]) * dy.at(p[0], p[1], q[2], q[3]);
        dx.add(p[0], p[1], p[2], p[3], product);
      }
    }
    return dx.values;
  }

  private Image plane(Image x, int n) {
    OpCases.Arg filter = made.args().get(3);
    int taps = filter.values().length;
    Image padded = new Image(1, 1, (long) top + x.h + bottom, (long) left + x.w + right);
    for (int[] p : Image.positions(1, 1, padded.h, padded.w)) {
      double v = x.at(0, 0, mirrored(p[2] - top, x.h), mirrored(p[3] - left, x.w));
      padded.add(0, 0, p[2], p[3], v);
    }
    FirGeometry doubling = new FirGeometry(2, 2, 1, 1, 0, 0, 0, 0, false, 4);
    Image up = Image.upfirdn(doubling.centred(taps, taps), padded, filter);
    Image points = sampled(up, matrix(n), 2 * (x.h + 2L * border), 2 * (x.w + 2L * border));
    int crop = -2 * border;
    FirGeometry halving = new FirGeometry(1, 1, 2, 2, crop, crop, crop, crop, true, 1);
    return Image.upfirdn(halving.centred(taps, taps), points, filter);
  }

  private static int mirrored(int i, int size) {
    return i < 0 ? -i : i < size ? i : 2 * (size - 1) - i;
  }

  /** From pixels about the centre of the points to pixels about that of the up-sampled image. */
  private double[][] matrix(int n) {
    double[] g = made.args().get(1).values();
    double[][] inverse = {
      {g[n * 6], g[n * 6 + 1], g[n * 6 + 2]}, {g[n * 6 + 3], g[n * 6 + 4], g[n * 6 + 5]}, {0, 0, 1}
    };
    return product(
        List.of(
            affine(1, -.5, -.5),
            affine(2, 0, 0),
            affine(1, (left - right) / 2.0, (top - bottom) / 2.0),
            inverse,
            affine(.5, 0, 0),
            affine(1, .5, .5)));
  }

  private static double[][] affine(double scale, double moveX, double moveY) {
    return new double[][] {{scale, 0, moveX}, {0, scale, moveY}, {0, 0, 1}};
  }

  private static double[][] product(List<double[][]> factors) {
    double[][] all = affine(1, 0, 0);
    for (double[][] f : factors) {
      double[][] next = new double[3][3];
      for (int[] p : Image.positions(1, 3, 3, 3)) {
        next[p[1]][p[2]] += all[p[1]][p[3]] * f[p[3]][p[2]];
      }
      all = next;
    }
    return all;
  }

  private static Image sampled(Image up, double[][] matrix, long height, long width) {
    Image points = new Image(1, 1, height, width);
    for (int[] p : Image.positions(1, 1, points.h, points.w)) {
      double u = p[3] - (width - 1) / 2.0;
      double v = p[2] - (height - 1) / 2.0;
      double px = matrix[0][0] * u + matrix[0][1] * v + matrix[0][2] + (up.w - 1) / 2.0;
      double py = matrix[1][0] * u + matrix[1][1] * v + matrix[1][2] + (up.h - 1) / 2.0;
      for (int[] q : Image.positions(1, 1, up.h, up.w)) {
        double weight = tent(px - q[3]) * tent(py - q[2]);
        points.add(0, 0, p[2], p[3], weight * up.at(0, 0, q[2], q[3]));
      }
    }
    return points;
  }

  private static double tent(double t) {
    return Math.max(0, 1 - Math.abs(t));
  }
}
