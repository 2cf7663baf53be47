package org.aliasfree.network;

import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.Shape;

/**
 * StyleGAN3's convolution with weights that a style modulates: weights scaled by the styles of the
 * input channels, and back to unit norm for each output channel (Karras et al. 2021, appendix F).
 *
 * <p>The weight stays as it is, the same for all samples: styles scale the input channels, and
 * everything else goes into one scale for each output channel. Styles are normalised for each
 * sample by itself, where the official code takes the mean square of the whole batch; the factor
 * cancels in the demodulation, up to its 1e-8, and a sample does not depend on the others.
 */
public final class ModulatedConvolution {
  private ModulatedConvolution() {}

  /**
   * The convolution, x's type.
   *
   * @param x [N, I, H, W], f32 or f16
   * @param weight [O, I, k, k]
   * @param styles [N, I]
   * @param demodulate whether output channels are scaled to the norm 1
   * @param padding zeros on each side
   * @param inputGain scale of the input, which demodulation does not take back: [] or [1], [I], or
   *     [N, I]
   */
  public static Tensor apply(
      Tensor x, Tensor weight, Tensor styles, boolean demodulate, int padding, Tensor inputGain) {
    Tensor s = styles;
    Tensor d = Ops.fill(weight.type().withShape(Shape.of(1, 1)), 1);
    if (demodulate) {
      s = styles.mul(styles.square().mean(1).rsqrt());
      d = demodulation(weight, s);
    }
    if (inputGain.type().elements() == 1) {
      d = d.mul(inputGain.reshape(1, 1));
    } else {
      s = s.mul(inputGain);
    }
    Shape channels = Shape.of(styles.dim(0), weight.dim(0));
    return Ops.modulatedConv2d(x, weight, s, d.expand(channels), ConvGeometry.padded(padding));
  }

  /**
   * 1 / norm of each modulated output channel, [N, O], the weight first scaled to a mean square of
   * 1. The sums over the kernel depend on variables only, so backends compute them once.
   */
  private static Tensor demodulation(Tensor weight, Tensor s) {
    long outputs = weight.dim(0);
    long inputs = weight.dim(1);
    Tensor squares = weight.square().sum(2, 3).reshape(outputs, inputs);
    double kernel = (double) weight.dim(2) * weight.dim(3);
    Tensor normalize = squares.mean(1).mul(1 / kernel).rsqrt();
    Tensor normalized = squares.mul(normalize.square());
    return s.square()
        .matmulTransposed(normalized)
        .add(1e-8)
        .rsqrt()
        .mul(normalize.reshape(1, outputs));
  }
}
