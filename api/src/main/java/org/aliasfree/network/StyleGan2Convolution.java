package org.aliasfree.network;

import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * StyleGAN2's convolution with weights that a style modulates (Karras et al. 2020, section 2.2).
 *
 * @param geometry padding and resampling; one group
 * @param demodulate whether output channels are scaled to the norm 1
 * @param fused whether weights are modulated, one set for each sample, rather than features: the
 *     same result but for rounding
 */
public record StyleGan2Convolution(
    ResampledConvolution geometry, boolean demodulate, boolean fused) {

  /**
   * The convolution, x's type.
   *
   * @param x [N, I, H, W], f32 or f16
   * @param weight f32 [O, I, k, k]
   * @param styles f32 [N, I]
   * @param filter f32, the filter of resampling
   */
  public Tensor apply(Tensor x, Tensor weight, Tensor styles, Tensor filter) {
    Tensor w = weight;
    Tensor s = styles;
    if (x.dtype() == DType.F16 && demodulate) {
      // Cancels in the demodulation, and keeps sums within the range of f16.
      double fanIn = (double) w.dim(1) * w.dim(2) * w.dim(3);
      w = w.mul(w.abs().reduceMax(1, 2, 3).reciprocal().mul(1 / Math.sqrt(fanIn)));
      s = s.mul(s.abs().reduceMax(1).reciprocal());
    }
    return fused ? modulatedWeights(x, w, s, filter) : modulatedFeatures(x, w, s, filter);
  }

  private Tensor modulatedFeatures(Tensor x, Tensor w, Tensor s, Tensor filter) {
    long n = x.dim(0);
    long outputs = w.dim(0);
    if (geometry.isPlain()) {
      Tensor d =
          demodulate ? demodulation(w, s) : Ops.fill(w.type().withShape(Shape.of(n, outputs)), 1);
      return Ops.modulatedConv2d(x, geometry.correlated(w), s, d, geometry.plainGeometry());
    }
    Tensor scaled = x.mul(s.cast(x.dtype()).reshape(n, w.dim(1), 1, 1));
    Tensor y = geometry.apply(scaled, w.cast(x.dtype()), filter);
    return demodulate ? y.mul(demodulation(w, s).cast(x.dtype()).reshape(n, outputs, 1, 1)) : y;
  }

  /** 1 / norm of each modulated output channel, [N, O]. */
  private static Tensor demodulation(Tensor w, Tensor s) {
    Tensor squares = w.square().sum(2, 3).reshape(w.dim(0), w.dim(1));
    return s.square().matmulTransposed(squares).add(1e-8).rsqrt();
  }

  private Tensor modulatedWeights(Tensor x, Tensor w, Tensor s, Tensor filter) {
    long n = x.dim(0);
    long outputs = w.dim(0);
    long inputs = w.dim(1);
    Tensor each =
        w.reshape(1, outputs, inputs, w.dim(2), w.dim(3)).mul(s.reshape(n, 1, inputs, 1, 1));
    if (demodulate) {
      each = each.mul(each.square().sum(2, 3, 4).add(1e-8).rsqrt());
    }
    Tensor y =
        geometry
            .withGroups(Math.toIntExact(n))
            .apply(
                x.reshape(1, n * inputs, x.dim(2), x.dim(3)),
                each.reshape(n * outputs, inputs, w.dim(2), w.dim(3)).cast(x.dtype()),
                filter);
    return y.reshape(n, outputs, y.dim(2), y.dim(3));
  }
}
