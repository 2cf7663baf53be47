package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * The convolution y[n, o, p, q] = Σ_{i,u,v} w[o, i, u, v] · x[n, i, row(p, u), column(q, v)], x
 * being zero outside, and its adjoints in x and in w. Each is that sum, sorted by what it computes;
 * the product of two floats is exact in double.
 */
final class ConvolutionKernels {
  private ConvolutionKernels() {}

  /** The sizes of y = x ∗ w. */
  private record Sizes(
      int n, int inputs, int outputs, int groups, int kernelY, int kernelX, Axis y, Axis x) {
    static Sizes of(ConvGeometry g, Shape x, Shape w, Shape y) {
      return new Sizes(
          x.intDim(0),
          x.intDim(1),
          y.intDim(1),
          g.groups(),
          w.intDim(2),
          w.intDim(3),
          Axis.y(g, x.dim(2), y.dim(2)),
          Axis.x(g, x.dim(3), y.dim(3)));
    }

    int inputsPerGroup() {
      return inputs / groups;
    }

    int outputsPerGroup() {
      return outputs / groups;
    }

    /** First input channel of the group that an output channel belongs to. */
    int firstInput(int output) {
      return output / outputsPerGroup() * inputsPerGroup();
    }

    int weightAt(int o, int i, int u, int v) {
      return ((o * inputsPerGroup() + i) * kernelY + u) * kernelX + v;
    }

    int rowOfX(int n, int i, int row) {
      return ((n * inputs + i) * y.size() + row) * x.size();
    }

    int rowOfY(int n, int o, int p) {
      return ((n * outputs + o) * y.outputs() + p) * x.outputs();
    }
  }

  static void conv2d(Linear.Conv2d op, Frame f) {
    HostTensor y = f.out(0);
    Sizes s = Sizes.of(op.geometry(), f.in(0).shape(), f.in(1).shape(), y.shape());
    double[] x = f.values(0);
    double[] w = f.values(1);
    f.parallel(
        (long) s.n * s.outputs,
        task -> {
          double[] plane = convolved(s, x, w, task / s.outputs, task % s.outputs);
          Doubles.write(plane, y, (long) task * plane.length);
        });
  }

  /** y[n, o] = d[n, o] · conv(x[n] · s[n], w)[o]. */
  static void modulated(Fused.ModulatedConv2d op, Frame f) {
    HostTensor y = f.out(0);
    Sizes s = Sizes.of(op.geometry(), f.in(0).shape(), f.in(1).shape(), y.shape());
    double[] x = f.values(0);
    double[] w = f.values(1);
    double[] styles = f.values(2);
    double[] scales = f.values(3);
    int pixels = s.y.size() * s.x.size();
    for (int i = 0; i < x.length; i++) {
      x[i] *= styles[i / pixels];
    }
    f.parallel(
        (long) s.n * s.outputs,
        task -> {
          double[] plane = convolved(s, x, w, task / s.outputs, task % s.outputs);
          for (int i = 0; i < plane.length; i++) {
            plane[i] *= scales[task];
          }
          Doubles.write(plane, y, (long) task * plane.length);
        });
  }

  /** One output channel of one image. */
  private static double[] convolved(Sizes s, double[] x, double[] w, int n, int o) {
    double[] sums = new double[s.y.outputs() * s.x.outputs()];
    int stride = s.x.stride();
    for (int i = 0; i < s.inputsPerGroup(); i++) {
      for (int u = 0; u < s.kernelY; u++) {
        for (int v = 0; v < s.kernelX; v++) {
          double weight = w[s.weightAt(o, i, u, v)];
          for (int p = s.y.first(u); p < s.y.end(u); p++) {
            int row = s.rowOfX(n, s.firstInput(o) + i, s.y.at(p, u));
            int from = s.x.first(v);
            int at = row + s.x.at(from, v);
            for (int q = from; q < s.x.end(v); q++, at += stride) {
              sums[p * s.x.outputs() + q] += weight * x[at];
            }
          }
        }
      }
    }
    return sums;
  }

  /** x[n, i, row(p, u), column(q, v)] += w[o, i, u, v] · y[n, o, p, q]. */
  static void transpose(Linear.ConvTranspose2d op, Frame f) {
    HostTensor result = f.out(0);
    Sizes s = Sizes.of(op.geometry(), result.shape(), f.in(1).shape(), f.in(0).shape());
    double[] y = f.values(0);
    double[] w = f.values(1);
    f.parallel(
        (long) s.n * s.inputs,
        task -> {
          double[] plane = transposed(s, y, w, task / s.inputs, task % s.inputs);
          Doubles.write(plane, result, (long) task * plane.length);
        });
  }

  private static double[] transposed(Sizes s, double[] y, double[] w, int n, int input) {
    double[] sums = new double[s.y.size() * s.x.size()];
    int group = input / s.inputsPerGroup();
    int i = input % s.inputsPerGroup();
    for (int k = 0; k < s.outputsPerGroup(); k++) {
      int o = group * s.outputsPerGroup() + k;
      for (int u = 0; u < s.kernelY; u++) {
        for (int v = 0; v < s.kernelX; v++) {
          double weight = w[s.weightAt(o, i, u, v)];
          for (int p = s.y.first(u); p < s.y.end(u); p++) {
            int row = s.y.at(p, u) * s.x.size();
            int from = s.rowOfY(n, o, p);
            for (int q = s.x.first(v); q < s.x.end(v); q++) {
              sums[row + s.x.at(q, v)] += weight * y[from + q];
            }
          }
        }
      }
    }
    return sums;
  }

  /** w[o, i, u, v] = Σ_{n,p,q} x[n, i, row(p, u), column(q, v)] · y[n, o, p, q]. */
  static void weightGradient(Linear.ConvWeightGradient op, Frame f) {
    HostTensor w = f.out(0);
    Sizes s = Sizes.of(op.geometry(), f.in(0).shape(), w.shape(), f.in(1).shape());
    double[] x = f.values(0);
    double[] y = f.values(1);
    f.parallel(
        (long) s.outputs * s.inputsPerGroup(),
        task -> {
          int o = task / s.inputsPerGroup();
          int i = task % s.inputsPerGroup();
          for (int u = 0; u < s.kernelY; u++) {
            for (int v = 0; v < s.kernelX; v++) {
              w.set(s.weightAt(o, i, u, v), correlated(s, x, y, o, i, u, v));
            }
          }
        });
  }

  private static double correlated(Sizes s, double[] x, double[] y, int o, int i, int u, int v) {
    double sum = 0;
    for (int n = 0; n < s.n; n++) {
      for (int p = s.y.first(u); p < s.y.end(u); p++) {
        int rowX = s.rowOfX(n, s.firstInput(o) + i, s.y.at(p, u));
        int rowY = s.rowOfY(n, o, p);
        for (int q = s.x.first(v); q < s.x.end(v); q++) {
          sum += x[rowX + s.x.at(q, v)] * y[rowY + q];
        }
      }
    }
    return sum;
  }
}
