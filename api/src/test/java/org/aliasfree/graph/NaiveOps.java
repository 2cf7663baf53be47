package org.aliasfree.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntUnaryOperator;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Shape;

/**
 * Every op outside the core as loops written from its documentation: what definitions are compared
 * with. The switches are exhaustive, so that a new op does not compile without its loops.
 */
final class NaiveOps {
  private NaiveOps() {}

  /** Values of all outputs, or null for an op of the core. */
  static List<double[]> outputs(OpCases.Case c) {
    Op op = c.op();
    if (op.isCore()) {
      return List.of();
    }
    return switch (op) {
      case Source s -> List.of();
      case Elementwise e -> List.of();
      case Reduction r -> List.of();
      case Movement m -> List.of(movement(m, c.args()));
      case Linear l -> List.of(linear(l, image(c, 0), image(c, 1)).values);
      case Resampling r -> List.of(resampling(r, c));
      case Fused f -> fused(f, c);
    };
  }

  private static Image image(OpCases.Case c, int arg) {
    return new Image(c.args().get(arg));
  }

  private static double[] movement(Movement op, List<OpCases.Arg> in) {
    double[] x = in.getFirst().values();
    Shape s = in.getFirst().type().shape();
    return switch (op) {
      case Movement.Reshape o -> x;
      case Movement.Permute o -> x;
      case Movement.Expand o -> x;
      case Movement.Slice o -> x;
      case Movement.Gather o -> x;
      case Movement.Pad o -> {
        Shape shape = s;
        for (int axis = 0; axis < s.rank(); axis++) {
          int before = o.before().get(axis).intValue();
          int size = s.intDim(axis);
          long to = before + size + o.after().get(axis);
          x = along(x, shape, axis, to, i -> mirrored(i - before, size));
          shape = shape.with(axis, to);
        }
        yield x;
      }
      case Movement.Flip o -> {
        for (int axis : o.axes()) {
          int size = s.intDim(axis);
          x = along(x, s, axis, size, i -> size - 1 - i);
        }
        yield x;
      }
      case Movement.Concat o -> concat(o.axis(), in);
      case Movement.ScatterAdd o -> {
        int inner = (int) s.strides()[o.axis()];
        int n = s.intDim(o.axis());
        double[] y = new double[(int) s.with(o.axis(), o.size()).elements()];
        double[] index = in.get(1).values();
        for (int i = 0; i < x.length; i++) {
          int k = (int) index[i / inner % n];
          y[(i / inner / n * (int) o.size() + k) * inner + i % inner] += x[i];
        }
        yield y;
      }
    };
  }

  private static int mirrored(int i, int size) {
    int k = i < 0 ? -i : i;
    return k >= size ? 2 * (size - 1) - k : k;
  }

  private static double[] along(double[] x, Shape s, int axis, long size, IntUnaryOperator from) {
    int inner = (int) s.strides()[axis];
    int n = s.intDim(axis);
    int m = (int) size;
    double[] y = new double[(int) s.with(axis, size).elements()];
    for (int i = 0; i < y.length; i++) {
      int k = from.applyAsInt(i / inner % m);
      y[i] = x[(i / inner / m * n + k) * inner + i % inner];
    }
    return y;
  }

  private static double[] concat(int axis, List<OpCases.Arg> parts) {
    Shape first = parts.getFirst().type().shape();
    int inner = (int) first.strides()[axis];
    int outer = (int) (first.elements() / first.dim(axis)) / inner;
    double[] y = new double[parts.stream().mapToInt(p -> p.values().length).sum()];
    int at = 0;
    for (int o = 0; o < outer; o++) {
      for (OpCases.Arg part : parts) {
        int length = part.values().length / outer;
        System.arraycopy(part.values(), o * length, y, at, length);
        at += length;
      }
    }
    return y;
  }

  private static Image linear(Linear op, Image a, Image b) {
    return switch (op) {
      case Linear.MatMul o -> a;
      case Linear.Conv2d o -> Image.conv(o.geometry(), a, b);
      case Linear.ConvTranspose2d o -> {
        ConvGeometry g = o.geometry();
        Image x = new Image(a.n, (long) b.c * g.groups(), o.height(), o.width());
        Image.walk(
            g,
            a,
            b.c,
            b.h,
            b.w,
            (n, k, p, q, i, u, v, c, row, column) ->
                x.add(n, c, row, column, b.at(k, i, u, v) * a.at(n, k, p, q)));
        yield x;
      }
      case Linear.ConvWeightGradient o -> {
        ConvGeometry g = o.geometry();
        Image w = new Image(b.c, a.c / g.groups(), o.kernelHeight(), o.kernelWidth());
        Image.walk(
            g,
            b,
            w.c,
            w.h,
            w.w,
            (n, k, p, q, i, u, v, c, row, column) ->
                w.add(k, i, u, v, a.at(n, c, row, column) * b.at(n, k, p, q)));
        yield w;
      }
    };
  }

  private static double[] resampling(Resampling op, OpCases.Case c) {
    Image a = image(c, 0);
    Image grid = new Image(c.args().getLast());
    return switch (op) {
      case Resampling.Upfirdn2d o -> Image.upfirdn(o.geometry(), a, c.args().get(1)).values;
      case Resampling.GridSample o -> {
        Image y = new Image(a.n, a.c, grid.c, grid.h);
        for (int[] p : Image.positions(y.n, y.c, y.h, y.w)) {
          double px = pixel(grid.at(p[0], p[2], p[3], 0), a.w);
          double py = pixel(grid.at(p[0], p[2], p[3], 1), a.h);
          for (int[] q : Image.positions(1, 1, a.h, a.w)) {
            y.add(
                p[0],
                p[1],
                p[2],
                p[3],
                tent(px - q[3]) * tent(py - q[2]) * a.at(p[0], p[1], q[2], q[3]));
          }
        }
        yield y.values;
      }
      case Resampling.GridSampleInputGradient o -> {
        Image dx = new Image(a.n, a.c, o.height(), o.width());
        for (int[] p : Image.positions(a.n, a.c, a.h, a.w)) {
          double px = pixel(grid.at(p[0], p[2], p[3], 0), dx.w);
          double py = pixel(grid.at(p[0], p[2], p[3], 1), dx.h);
          for (int[] q : Image.positions(1, 1, dx.h, dx.w)) {
            double v = a.at(p[0], p[1], p[2], p[3]);
            dx.add(p[0], p[1], q[2], q[3], tent(px - q[3]) * tent(py - q[2]) * v);
          }
        }
        yield dx.values;
      }
      case Resampling.GridSampleGridGradient o -> {
        Image x = image(c, 1);
        Image d = new Image(grid.n, grid.c, grid.h, 2);
        for (int[] p : Image.positions(a.n, a.c, a.h, a.w)) {
          double px = pixel(grid.at(p[0], p[2], p[3], 0), x.w);
          double py = pixel(grid.at(p[0], p[2], p[3], 1), x.h);
          for (int[] q : Image.positions(1, 1, x.h, x.w)) {
            double v = a.at(p[0], p[1], p[2], p[3]) * x.at(p[0], p[1], q[2], q[3]);
            d.add(p[0], p[2], p[3], 0, v * tentSlope(px - q[3]) * tent(py - q[2]) * x.w / 2);
            d.add(p[0], p[2], p[3], 1, v * tent(px - q[3]) * tentSlope(py - q[2]) * x.h / 2);
          }
        }
        yield d.values;
      }
      case Resampling.Warp o -> NaiveWarp.warp(c);
      case Resampling.WarpInputGradient o -> NaiveWarp.inputGradient(c);
    };
  }

  private static double pixel(double g, int size) {
    return ((g + 1) * size - 1) / 2;
  }

  private static double tent(double t) {
    return Math.max(0, 1 - Math.abs(t));
  }

  private static double tentSlope(double t) {
    return Math.abs(t) < 1 ? -Math.signum(t) : 0;
  }

  private static List<double[]> adamStep(List<OpCases.Arg> in) {
    double[] parameter = in.get(0).values();
    double[] first = in.get(2).values();
    double[] second = in.get(3).values();
    double[] r = in.get(4).values();
    for (int i = 0; i < parameter.length; i++) {
      double g = in.get(1).values()[i]; // All cases are finite.
      first[i] = r[0] * first[i] + r[1] * g;
      second[i] = r[2] * second[i] + r[3] * g * g;
      parameter[i] -= r[4] * first[i] / (Math.sqrt(second[i]) / r[5] + r[6]);
    }
    return List.of(parameter, first, second);
  }

  private static List<double[]> fused(Fused op, OpCases.Case c) {
    if (op instanceof Fused.AdamStep) {
      return adamStep(c.args());
    }
    Image x = image(c, 0);
    return switch (op) {
      case Fused.BiasAct o -> {
        Shape s = c.args().getFirst().type().shape();
        int inner = (int) s.strides()[o.dim()];
        double[] b = c.args().get(1).values();
        double[] y = x.values.clone();
        Arrays.setAll(y, i -> o.gain() * f(o, x.values[i] + b[i / inner % b.length]));
        yield List.of(Arrays.stream(y).map(v -> clamp(v, o.clamp())).toArray());
      }
      case Fused.FilteredLrelu o -> filteredLrelu(o.activation(), x, c);
      case Fused.SignedFilter o -> {
        FilteredActivation a = o.activation();
        Image map = image(c, 1);
        Image t = Image.upfirdn(a.upFilter(), x, c.args().get(2));
        for (int[] p : Image.positions(t.n, t.c, t.h, t.w)) {
          int row = p[2] + o.offsetY();
          int column = p[3] + o.offsetX();
          boolean within = row >= 0 && row < map.h && column >= 0 && column < o.signWidth();
          int code = within ? (int) map.at(p[0], p[1], row, column / 4) >> (column % 4 * 2) & 3 : 0;
          double slope = code == 0 ? 1 : code == 1 ? a.slope() : 0;
          t.values[((p[0] * t.c + p[1]) * t.h + p[2]) * t.w + p[3]] *= slope * a.gain();
        }
        yield List.of(Image.upfirdn(a.downFilter(), t, c.args().get(3)).values);
      }
      case Fused.AdamStep o -> throw new AssertionError("done above");
      case Fused.ModulatedConv2d o -> {
        Image w = image(c, 1);
        double[] s = c.args().get(2).values();
        double[] d = c.args().get(3).values();
        double[][] parts = new double[x.n][];
        for (int n = 0; n < x.n; n++) {
          Image own = new Image(w.n, w.c, w.h, w.w);
          for (int[] p : Image.positions(w.n, w.c, w.h, w.w)) {
            double v = w.at(p[0], p[1], p[2], p[3]) * s[n * w.c + p[1]] * d[n * w.n + p[0]];
            own.add(p[0], p[1], p[2], p[3], v);
          }
          int size = x.values.length / x.n;
          double[] sample = Arrays.copyOfRange(x.values, n * size, (n + 1) * size);
          parts[n] = Image.conv(o.geometry(), new Image(1, x.c, x.h, x.w, sample), own).values;
        }
        yield List.of(Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray());
      }
    };
  }

  private static List<double[]> filteredLrelu(FilteredActivation a, Image x, OpCases.Case c) {
    Image biased = new Image(x.n, x.c, x.h, x.w, x.values.clone());
    double[] b = c.args().get(1).values();
    Arrays.setAll(biased.values, i -> x.values[i] + b[i / (x.h * x.w) % x.c]);
    Image t = Image.upfirdn(a.upFilter(), biased, c.args().get(2));
    Image signs = new Image(t.n, t.c, t.h, (t.w + 3) / 4);
    for (int[] p : Image.positions(t.n, t.c, t.h, t.w)) {
      int i = ((p[0] * t.c + p[1]) * t.h + p[2]) * t.w + p[3];
      double v = t.values[i] * a.gain();
      double sloped = v < 0 ? v * a.slope() : v;
      int code = Math.abs(sloped) > a.clamp() ? 2 : v < 0 ? 1 : 0;
      signs.add(p[0], p[1], p[2], p[3] / 4, code << (p[3] % 4 * 2));
      t.values[i] = clamp(sloped, a.clamp());
    }
    return List.of(Image.upfirdn(a.downFilter(), t, c.args().get(3)).values, signs.values);
  }

  private static double clamp(double v, double limit) {
    return Math.min(Math.max(v, -limit), limit);
  }

  /** The activation functions as the table of the paper's code has them. */
  static double f(Fused.BiasAct op, double t) {
    return switch (Objects.requireNonNull(op.activation())) {
      case LINEAR -> t;
      case RELU -> Math.max(t, 0);
      case LRELU -> t > 0 ? t : op.alpha() * t;
      case TANH -> Math.tanh(t);
      case SIGMOID -> 1 / (1 + Math.exp(-t));
      case ELU -> t >= 0 ? t : Math.exp(t) - 1;
      case SELU -> Activation.SELU_LAMBDA * (t >= 0 ? t : Activation.SELU_A * (Math.exp(t) - 1));
      case SOFTPLUS -> Math.log(1 + Math.exp(t));
      case SWISH -> t / (1 + Math.exp(-t));
    };
  }
}
