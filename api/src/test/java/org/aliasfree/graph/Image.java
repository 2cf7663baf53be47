package org.aliasfree.graph;

import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.tensor.Shape;

/**
 * An image as an array of up to four axes, zero outside (fewer axes are aligned at the end), with
 * convolution and resampling as plain loops.
 */
final class Image {
  final int n;
  final int c;
  final int h;
  final int w;
  final double[] values;

  Image(long n, long c, long h, long w) {
    this(n, c, h, w, new double[(int) (n * c * h * w)]);
  }

  Image(long n, long c, long h, long w, double[] values) {
    this.n = (int) n;
    this.c = (int) c;
    this.h = (int) h;
    this.w = (int) w;
    this.values = values;
  }

  Image(OpCases.Arg arg) {
    this(size(arg, 4), size(arg, 3), size(arg, 2), size(arg, 1), arg.values());
  }

  private static long size(OpCases.Arg arg, int fromEnd) {
    Shape s = arg.type().shape();
    return fromEnd <= s.rank() ? s.dim(-fromEnd) : 1;
  }

  double at(int b, int k, int y, int x) {
    return y < 0 || y >= h || x < 0 || x >= w ? 0 : values[((b * c + k) * h + y) * w + x];
  }

  void add(int b, int k, int y, int x, double v) {
    if (y >= 0 && y < h && x >= 0 && x < w) {
      values[((b * c + k) * h + y) * w + x] += v;
    }
  }

  /** Meets each product of a convolution: y[n, o, p, q] += w[o, i, u, v] · x[n, k, row, column]. */
  interface Product {
    void at(int n, int o, int p, int q, int i, int u, int v, int k, int row, int column);
  }

  static void walk(ConvGeometry g, Image y, long ig, int kh, int kw, Product product) {
    for (int[] at : positions(y.n, y.c, y.h, y.w)) {
      for (int[] tap : positions(1, (int) ig, kh, kw)) {
        product.at(
            at[0],
            at[1],
            at[2],
            at[3],
            tap[1],
            tap[2],
            tap[3],
            at[1] / (y.c / g.groups()) * (int) ig + tap[1],
            at[2] * g.strideY() + tap[2] * g.dilationY() - g.top(),
            at[3] * g.strideX() + tap[3] * g.dilationX() - g.left());
      }
    }
  }

  static Iterable<int[]> positions(int n, int c, int h, int w) {
    return () ->
        java.util.stream.IntStream.range(0, n * c * h * w)
            .mapToObj(i -> new int[] {i / w / h / c, i / w / h % c, i / w % h, i % w})
            .iterator();
  }

  static Image conv(ConvGeometry g, Image x, Image w) {
    Image y = new Image(x.n, w.n, g.outputHeight(x.h, w.h), g.outputWidth(x.w, w.w));
    walk(
        g,
        y,
        w.c,
        w.h,
        w.w,
        (n, k, p, q, i, u, v, c, row, column) ->
            y.add(n, k, p, q, w.at(k, i, u, v) * x.at(n, c, row, column)));
    return y;
  }

  /** Zeros inserted, padded or cropped, filtered, thinned out: step by step on whole arrays. */
  static Image upfirdn(FirGeometry g, Image x, OpCases.Arg filter) {
    Image stuffed = new Image(x.n, x.c, (long) x.h * g.upY(), (long) x.w * g.upX());
    for (int[] p : positions(x.n, x.c, x.h, x.w)) {
      stuffed.add(p[0], p[1], p[2] * g.upY(), p[3] * g.upX(), x.at(p[0], p[1], p[2], p[3]));
    }
    Image padded =
        new Image(
            x.n,
            x.c,
            (long) stuffed.h + g.padY0() + g.padY1(),
            (long) stuffed.w + g.padX0() + g.padX1());
    for (int[] p : positions(x.n, x.c, stuffed.h, stuffed.w)) {
      double v = stuffed.at(p[0], p[1], p[2], p[3]);
      padded.add(p[0], p[1], p[2] + g.padY0(), p[3] + g.padX0(), v);
    }
    Image f = new Image(filter);
    if (filter.type().shape().rank() == 1) {
      Image outer = new Image(1, 1, f.w, f.w);
      for (int[] p : positions(1, 1, f.w, f.w)) {
        outer.add(0, 0, p[2], p[3], f.at(0, 0, 0, p[2]) * f.at(0, 0, 0, p[3]));
      }
      f = outer;
    }
    Image taps = f;
    Image full = new Image(x.n, x.c, padded.h - taps.h + 1L, padded.w - taps.w + 1L);
    for (int[] p : positions(x.n, x.c, full.h, full.w)) {
      for (int[] k : positions(1, 1, taps.h, taps.w)) {
        double tap =
            g.flip()
                ? taps.at(0, 0, k[2], k[3])
                : taps.at(0, 0, taps.h - 1 - k[2], taps.w - 1 - k[3]);
        double v = padded.at(p[0], p[1], p[2] + k[2], p[3] + k[3]);
        full.add(p[0], p[1], p[2], p[3], tap * v * g.gain());
      }
    }
    Image y = new Image(x.n, x.c, (full.h - 1L) / g.downY() + 1, (full.w - 1L) / g.downX() + 1);
    for (int[] p : positions(x.n, x.c, y.h, y.w)) {
      y.add(p[0], p[1], p[2], p[3], full.at(p[0], p[1], p[2] * g.downY(), p[3] * g.downX()));
    }
    return y;
  }
}
