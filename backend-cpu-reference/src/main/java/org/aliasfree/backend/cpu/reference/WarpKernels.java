package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * The affine warp y = D·S·U·x of each plane, and its adjoint Uᵀ·Sᵀ·Dᵀ: U reflects and up-samples, S
 * samples bilinearly at the mapped points, D down-samples and crops.
 */
final class WarpKernels {
  private static final int LEFT = 0;
  private static final int TOP = 1;
  private static final int RIGHT = 2;
  private static final int BOTTOM = 3;

  private final double[] inverse;
  private final WarpAxis x;
  private final WarpAxis y;
  private final LineMap upX;
  private final LineMap upY;
  private final LineMap downX;
  private final LineMap downY;

  private WarpKernels(Frame f) {
    Shape image = f.in(0).shape();
    inverse = f.values(1);
    int[] margins = f.in(2).data().toArray(HostTensor.I32);
    Resampling.Warp.checkMargins(margins, image);
    double[] taps = f.values(3);
    x = new WarpAxis(image.intDim(3), margins[LEFT], margins[RIGHT], taps);
    y = new WarpAxis(image.intDim(2), margins[TOP], margins[BOTTOM], taps);
    upX = x.up();
    upY = y.up();
    downX = x.down();
    downY = y.down();
  }

  static void warp(Frame f) {
    WarpKernels warp = new WarpKernels(f);
    planes(f, warp::forward);
  }

  static void inputGradient(Frame f) {
    WarpKernels warp = new WarpKernels(f);
    planes(f, warp::backward);
  }

  /** What is done with a plane of image {@code n}. */
  @FunctionalInterface
  private interface Planewise {
    double[] apply(double[] plane, int n);
  }

  private static void planes(Frame f, Planewise function) {
    HostTensor in = f.in(0);
    HostTensor out = f.out(0);
    int channels = in.shape().intDim(1);
    int pixels = Math.multiplyExact(in.shape().intDim(2), in.shape().intDim(3));
    f.parallel(
        in.shape().dim(0) * channels,
        i -> {
          double[] plane = Doubles.read(in, (long) i * pixels, pixels);
          Doubles.write(function.apply(plane, i / channels), out, (long) i * pixels);
        });
  }

  private double[] forward(double[] plane, int n) {
    double[] up = upY.alongY(upX.alongX(plane, y.size()), x.upSize());
    double[] points = new double[y.points() * x.points()];
    visit(n, (point, sample, weight) -> points[point] += weight * up[sample]);
    return downY.alongY(downX.alongX(points, y.points()), x.size());
  }

  private double[] backward(double[] plane, int n) {
    double[] points = downX.backAlongX(downY.backAlongY(plane, x.size()), y.points());
    double[] up = new double[y.upSize() * x.upSize()];
    visit(n, (point, sample, weight) -> up[sample] += weight * points[point]);
    return upX.backAlongX(upY.backAlongY(up, x.upSize()), y.size());
  }

  /** Takes a non-zero weight of the bilinear sampling. */
  @FunctionalInterface
  private interface Weights {
    void accept(int point, int sample, double weight);
  }

  /** Every point with the up to four samples around where it is mapped to. */
  private void visit(int n, Weights to) {
    for (int row = 0; row < y.points(); row++) {
      for (int column = 0; column < x.points(); column++) {
        double u = x.fromCentre(column);
        double v = y.fromCentre(row);
        double px = x.sample(mapped(n, 0, u, v));
        double py = y.sample(mapped(n, 1, u, v));
        for (int k = 0; k < 4; k++) {
          double sx = Math.floor(px) + k % 2;
          double sy = Math.floor(py) + (k < 2 ? 0 : 1);
          if (sx >= 0 && sx < x.upSize() && sy >= 0 && sy < y.upSize()) {
            to.accept(
                row * x.points() + column,
                (int) (sy * x.upSize() + sx),
                (1 - Math.abs(px - sx)) * (1 - Math.abs(py - sy)));
          }
        }
      }
    }
  }

  private double mapped(int n, int row, double u, double v) {
    int at = (n * 2 + row) * 3;
    return inverse[at] * u + inverse[at + 1] * v + inverse[at + 2];
  }
}
