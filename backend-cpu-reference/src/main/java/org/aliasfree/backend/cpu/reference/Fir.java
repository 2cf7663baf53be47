package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.FirGeometry;
import org.aliasfree.tensor.HostTensor;

/**
 * One filter applied to planes of one size: out[n] = gain · Σ_k f̂[k] · u[n·down + k − pad0], where
 * u[i·up] = x[i] and u is zero elsewhere, f̂ is f reversed (convolution) or f itself ({@code
 * flip}). A filter with one axis is applied along x, then along y.
 */
final class Fir {
  private final FirGeometry g;
  private final double[] taps;
  private final boolean separable;
  private final int tapsX;
  private final int tapsY;
  private final Line x;
  private final Line y;

  /** Along one axis: from {@code size} samples to {@code outputs}. */
  private record Line(int up, int down, int before, int size, int outputs) {
    /** The sample under tap k at output n, or −1 if an inserted zero or padding is there. */
    int at(int n, int k) {
      int position = n * down + k - before;
      boolean sample = position >= 0 && position % up == 0 && position / up < size;
      return sample ? position / up : -1;
    }
  }

  Fir(HostTensor filter, FirGeometry g, int height, int width) {
    this.g = g;
    taps = Doubles.read(filter);
    separable = filter.shape().rank() == 1;
    tapsX = filter.shape().intDim(-1);
    tapsY = filter.shape().intDim(0);
    x = new Line(g.upX(), g.downX(), g.padX0(), width, (int) g.outputWidth(width, tapsX));
    y = new Line(g.upY(), g.downY(), g.padY0(), height, (int) g.outputHeight(height, tapsY));
  }

  int width() {
    return x.outputs;
  }

  int height() {
    return y.outputs;
  }

  /** Filters a plane. */
  double[] apply(double[] plane) {
    double[] result = separable ? alongY(alongX(plane)) : along(plane);
    for (int i = 0; i < result.length; i++) {
      result[i] *= g.gain();
    }
    return result;
  }

  private double tap(int k) {
    return taps[g.flip() ? k : taps.length - 1 - k];
  }

  private double[] alongX(double[] plane) {
    double[] result = new double[y.size * x.outputs];
    for (int row = 0; row < y.size; row++) {
      for (int n = 0; n < x.outputs; n++) {
        double sum = 0;
        for (int k = 0; k < tapsX; k++) {
          int at = x.at(n, k);
          if (at >= 0) {
            sum += tap(k) * plane[row * x.size + at];
          }
        }
        result[row * x.outputs + n] = sum;
      }
    }
    return result;
  }

  private double[] alongY(double[] plane) {
    double[] result = new double[y.outputs * x.outputs];
    for (int n = 0; n < y.outputs; n++) {
      for (int k = 0; k < tapsY; k++) {
        int at = y.at(n, k);
        for (int column = 0; at >= 0 && column < x.outputs; column++) {
          result[n * x.outputs + column] += tap(k) * plane[at * x.outputs + column];
        }
      }
    }
    return result;
  }

  /** Both axes at once; reversing the row-major taps reverses both axes. */
  private double[] along(double[] plane) {
    double[] result = new double[y.outputs * x.outputs];
    for (int n = 0; n < y.outputs; n++) {
      for (int m = 0; m < x.outputs; m++) {
        double sum = 0;
        for (int j = 0; j < tapsY; j++) {
          int row = y.at(n, j);
          for (int k = 0; row >= 0 && k < tapsX; k++) {
            int column = x.at(m, k);
            if (column >= 0) {
              sum += tap(j * tapsX + k) * plane[row * x.size + column];
            }
          }
        }
        result[n * x.outputs + m] = sum;
      }
    }
    return result;
  }
}
