package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;

/** What the ops mean that filter images: upfirdn2d and those built on it. */
final class FilterDefinitions {
  private FilterDefinitions() {}

  /**
   * Inserts zeros, pads, convolves each channel, keeps every down-th sample, multiplies by the
   * gain; a filter with one axis goes along x, then along y.
   */
  static Tensor upfirdn2d(Tensor x, Tensor filter, FirGeometry g) {
    DType type = Definitions.computeType(x.dtype());
    Tensor f = filter.cast(type);
    if (!g.flip()) {
      f = f.shape().rank() == 1 ? f.flip(0) : f.flip(0, 1);
    }
    Tensor y = x.cast(type).reshape(x.dim(0) * x.dim(1), 1, x.dim(2), x.dim(3));
    if (f.shape().rank() == 1) {
      long taps = f.dim(0);
      y = Definitions.insertZeros(y, 3, g.upX());
      y = Ops.conv2d(y, f.reshape(1, 1, 1, taps), alongX(g));
      y = Definitions.insertZeros(y, 2, g.upY());
      y = Ops.conv2d(y, f.reshape(1, 1, taps, 1), alongY(g));
    } else {
      y = Definitions.insertZeros(Definitions.insertZeros(y, 2, g.upY()), 3, g.upX());
      y = Ops.conv2d(y, f.reshape(1, 1, f.dim(0), f.dim(1)), alongBoth(g));
    }
    y = g.gain() == 1 ? y : y.mul(g.gain());
    return y.reshape(x.dim(0), x.dim(1), y.dim(2), y.dim(3)).cast(x.dtype());
  }

  private static ConvGeometry alongX(FirGeometry g) {
    return new ConvGeometry(1, g.downX(), 0, 0, g.padX0(), g.padX1(), 1, 1, 1);
  }

  private static ConvGeometry alongY(FirGeometry g) {
    return new ConvGeometry(g.downY(), 1, g.padY0(), g.padY1(), 0, 0, 1, 1, 1);
  }

  private static ConvGeometry alongBoth(FirGeometry g) {
    return new ConvGeometry(
        g.downY(), g.downX(), g.padY0(), g.padY1(), g.padX0(), g.padX1(), 1, 1, 1);
  }

  /**
   * Adds the bias, filters up, multiplies by the gain, applies leaky ReLU and clamp, filters down.
   * The second output says for each sample at the high rate what was done to it.
   */
  static List<Tensor> filteredLrelu(
      Tensor x, Tensor bias, Tensor upFilter, Tensor downFilter, FilteredActivation a) {
    DType type = Definitions.computeType(x.dtype());
    Tensor biased = x.cast(type).add(bias.cast(type).reshape(1, x.dim(1), 1, 1));
    Tensor t = Ops.upfirdn2d(biased, upFilter, a.upFilter());
    t = a.gain() == 1 ? t : t.mul(a.gain());
    Tensor negative = t.lt(t.scalar(0));
    Tensor sloped = negative.select(t.mul(a.slope()), t);
    Tensor signs = negative.cast(type);
    Tensor y = sloped;
    if (a.clamp() != Double.POSITIVE_INFINITY) {
      Tensor clamped = t.scalar(a.clamp()).lt(sloped.abs());
      y = clamped.select(sloped.sign().mul(a.clamp()), sloped);
      signs = clamped.select(t.scalar(2), signs);
    }
    return List.of(Ops.upfirdn2d(y, downFilter, a.downFilter()).cast(x.dtype()), packSigns(signs));
  }

  /** Four neighbours along x to a byte, the leftmost in its lowest two bits. */
  private static Tensor packSigns(Tensor signs) {
    long bytes = (signs.dim(3) + 3) / 4;
    Tensor padded = signs.pad(3, 0, bytes * 4 - signs.dim(3));
    Tensor sum = padded.slice(3, 0, bytes, 4);
    for (int k = 1; k < 4; k++) {
      sum = sum.add(padded.slice(3, k, bytes, 4).mul(1 << (2 * k)));
    }
    return sum.cast(DType.U8);
  }

  /** The reverse of {@link #packSigns}: floor(byte / 4^k) mod 4 for the k-th neighbour. */
  private static Tensor unpackSigns(Tensor packed, long width, DType type) {
    Tensor bytes = packed.cast(type);
    List<Tensor> codes = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      Tensor rest = bytes.mul(1.0 / (1 << (2 * k))).floor();
      Tensor above = bytes.mul(1.0 / (1 << (2 * k + 2))).floor();
      codes.add(
          rest.sub(above.mul(4))
              .reshape(packed.dim(0), packed.dim(1), packed.dim(2), packed.dim(3), 1));
    }
    return Ops.concat(4, codes)
        .reshape(packed.dim(0), packed.dim(1), packed.dim(2), packed.dim(3) * 4)
        .slice(3, 0, width);
  }

  /** Filters up, multiplies by the gain and the slope that the map tells, filters down. */
  static Tensor signedFilter(
      Tensor v, Tensor signs, Tensor upFilter, Tensor downFilter, Fused.SignedFilter op) {
    FilteredActivation a = op.activation();
    DType type = Definitions.computeType(v.dtype());
    Tensor t = Ops.upfirdn2d(v.cast(type), upFilter, a.upFilter());
    // Outside the map the code is 0, as the padding is: slope 1.
    Tensor codes =
        unpackSigns(signs, op.signWidth(), type)
            .pad(2, -op.offsetY(), t.dim(2) - (signs.dim(2) - op.offsetY()))
            .pad(3, -op.offsetX(), t.dim(3) - (op.signWidth() - op.offsetX()));
    Tensor sloped = codes.scalar(0).lt(codes).select(t.mul(a.slope()), t);
    Tensor passed = codes.scalar(1).lt(codes).select(t.scalar(0), sloped);
    Tensor scaled = a.gain() == 1 ? passed : passed.mul(a.gain());
    return Ops.upfirdn2d(scaled, downFilter, a.downFilter()).cast(v.dtype());
  }
}
