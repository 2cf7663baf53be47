package org.aliasfree.backend.cpu.reference;

import java.lang.foreign.ValueLayout;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/** Ops that filter each channel of each image by itself. */
final class FilterKernels {
  private static final int PASSED = 0;
  private static final int NEGATIVE = 1;
  private static final int CLAMPED = 2;

  private FilterKernels() {}

  private static Fir fir(HostTensor filter, org.aliasfree.op.FirGeometry g, Shape image) {
    return new Fir(filter, g, image.intDim(2), image.intDim(3));
  }

  private static double[] plane(HostTensor x, int index) {
    int pixels = Math.multiplyExact(x.shape().intDim(2), x.shape().intDim(3));
    return Doubles.read(x, (long) index * pixels, pixels);
  }

  private static long planes(HostTensor x) {
    return x.shape().dim(0) * x.shape().dim(1);
  }

  static void upfirdn2d(Resampling.Upfirdn2d op, Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    Fir fir = fir(f.in(1), op.geometry(), x.shape());
    f.parallel(
        planes(x),
        i -> {
          double[] result = fir.apply(plane(x, i));
          Doubles.write(result, y, (long) i * result.length);
        });
  }

  /** Bias, filter up, gain, leaky ReLU, clamp, filter down. */
  static void filteredLrelu(Fused.FilteredLrelu op, Frame f) {
    HostTensor x = f.in(0);
    double[] bias = f.values(1);
    FilteredActivation a = op.activation();
    Fir up = fir(f.in(2), a.upFilter(), x.shape());
    Fir down = new Fir(f.in(3), a.downFilter(), up.height(), up.width());
    f.parallel(
        planes(x),
        i -> {
          double[] plane = plane(x, i);
          for (int k = 0; k < plane.length; k++) {
            plane[k] += bias[i % bias.length];
          }
          double[] high = up.apply(plane);
          int[] signs = activate(high, a);
          if (f.wants(0)) {
            double[] y = down.apply(high);
            Doubles.write(y, f.out(0), (long) i * y.length);
          }
          if (f.wants(1)) {
            pack(signs, up.width(), f.out(1), (long) i * up.height());
          }
        });
  }

  /** Replaces t by clamp(gain · lrelu(t)); tells what was done to each. */
  private static int[] activate(double[] t, FilteredActivation a) {
    int[] signs = new int[t.length];
    for (int i = 0; i < t.length; i++) {
      double scaled = t[i] * a.gain();
      double sloped = scaled < 0 ? scaled * a.slope() : scaled;
      boolean clamped = Math.abs(sloped) > a.clamp();
      signs[i] = clamped ? CLAMPED : scaled < 0 ? NEGATIVE : PASSED;
      t[i] = clamped ? Math.signum(sloped) * a.clamp() : sloped;
    }
    return signs;
  }

  /** Four neighbours to a byte, the leftmost lowest, from row {@code firstRow} of the map on. */
  private static void pack(int[] signs, int width, HostTensor map, long firstRow) {
    int bytes = map.shape().intDim(3);
    for (int row = 0; row < signs.length / width; row++) {
      for (int b = 0; b < bytes; b++) {
        int packed = 0;
        for (int k = 0; k < 4 && b * 4 + k < width; k++) {
          packed |= signs[row * width + b * 4 + k] << (2 * k);
        }
        map.set((firstRow + row) * bytes + b, packed);
      }
    }
  }

  /** Filter up, multiply by gain and by the slope that the map tells, filter down. */
  static void signedFilter(Fused.SignedFilter op, Frame f) {
    HostTensor v = f.in(0);
    HostTensor y = f.out(0);
    FilteredActivation a = op.activation();
    Fir up = fir(f.in(2), a.upFilter(), v.shape());
    Fir down = new Fir(f.in(3), a.downFilter(), up.height(), up.width());
    f.parallel(
        planes(v),
        i -> {
          double[] high = up.apply(plane(v, i));
          for (int row = 0; row < up.height(); row++) {
            for (int column = 0; column < up.width(); column++) {
              int sign = sign(f.in(1), op, i, row + op.offsetY(), column + op.offsetX());
              high[row * up.width() + column] *= a.gain() * slope(sign, a);
            }
          }
          double[] result = down.apply(high);
          Doubles.write(result, y, (long) i * result.length);
        });
  }

  private static double slope(int sign, FilteredActivation a) {
    return switch (sign) {
      case PASSED -> 1;
      case NEGATIVE -> a.slope();
      default -> 0;
    };
  }

  private static int sign(HostTensor map, Fused.SignedFilter op, int plane, int row, int column) {
    int height = map.shape().intDim(2);
    if (row < 0 || row >= height || column < 0 || column >= op.signWidth()) {
      return PASSED;
    }
    long at = ((long) plane * height + row) * map.shape().dim(3) + column / 4;
    return map.data().get(ValueLayout.JAVA_BYTE, at) >> (column % 4 * 2) & 3;
  }
}
