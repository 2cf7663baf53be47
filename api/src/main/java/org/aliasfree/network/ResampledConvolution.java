package org.aliasfree.network;

import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FirGeometry;

/**
 * StyleGAN2's convolution that changes the resolution (Karras et al. 2020, section 4.2 and appendix
 * B): up-sample by a low-pass filter, convolve, filter and down-sample. Zeros are padded once, at
 * the start. Factors and padding are the same for both axes but for the sides of the padding.
 *
 * <p>It is computed so that no zero that up-sampling inserts is ever multiplied, and no output that
 * down-sampling drops is ever computed: filter and convolution commute.
 *
 * @param up factor of up-sampling, 1 or more
 * @param down factor of down-sampling, 1 or more
 * @param padX0 zeros at the left of the up-sampled image, besides what the filter needs to stay in
 *     place; padX1 at the right, padY0 above, padY1 below; negative values crop
 * @param groups blocks of channels that do not mix
 * @param flipWeight true: the kernel is applied as it is (correlation); false: reversed
 *     (convolution)
 * @param flipFilter the same of the filter
 */
public record ResampledConvolution(
    int up,
    int down,
    int padX0,
    int padX1,
    int padY0,
    int padY1,
    int groups,
    boolean flipWeight,
    boolean flipFilter) {

  /** The same padding on all sides, one group; kernels are reversed where they up-sample. */
  static ResampledConvolution of(int up, int down, int padding) {
    return new ResampledConvolution(
        up, down, padding, padding, padding, padding, 1, up == 1, false);
  }

  /** This with another number of groups. */
  ResampledConvolution withGroups(int count) {
    return new ResampledConvolution(
        up, down, padX0, padX1, padY0, padY1, count, flipWeight, flipFilter);
  }

  /** Whether it is an ordinary convolution. */
  boolean isPlain() {
    return up == 1 && down == 1;
  }

  /**
   * The result, [N, O, H′, W′].
   *
   * @param x [N, I, H, W]
   * @param weight [O, I/groups, kh, kw] of x's type
   * @param filter f32 [taps] or [fh, fw]
   */
  public Tensor apply(Tensor x, Tensor weight, Tensor filter) {
    boolean pointwise = weight.dim(2) == 1 && weight.dim(3) == 1;
    if (isPlain()) {
      return convolve(x, weight, plainGeometry());
    }
    FirGeometry fir = filtering(filter);
    if (up == 1) {
      if (pointwise) {
        Tensor small = Ops.upfirdn2d(x, filter, with(fir, 1, down));
        return convolve(small, weight, strided(1));
      }
      return convolve(Ops.upfirdn2d(x, filter, fir), weight, strided(down));
    }
    if (pointwise && down == 1) {
      Tensor y = convolve(x, weight, strided(1));
      return Ops.upfirdn2d(y, filter, with(fir, up, 1));
    }
    return transposed(x, weight, filter, fir);
  }

  /** The geometry of the convolution where nothing is resampled. */
  ConvGeometry plainGeometry() {
    return new ConvGeometry(1, 1, padY0, padY1, padX0, padX1, 1, 1, groups);
  }

  /** The weight as a correlation takes it. */
  Tensor correlated(Tensor weight) {
    return flipWeight ? weight : weight.flip(2, 3);
  }

  private Tensor convolve(Tensor x, Tensor weight, ConvGeometry geometry) {
    return Ops.conv2d(x, correlated(weight), geometry);
  }

  /** Every stride-th place, no padding. */
  private ConvGeometry strided(int stride) {
    return new ConvGeometry(stride, stride, 0, 0, 0, 0, 1, 1, groups);
  }

  /** Padding so that the filters leave the image where it is, without factors. */
  private FirGeometry filtering(Tensor filter) {
    int width = filter.shape().intDim(-1);
    int height = filter.shape().intDim(0);
    return new FirGeometry(
        1,
        1,
        1,
        1,
        padX0 + before(width),
        padX1 + after(width),
        padY0 + before(height),
        padY1 + after(height),
        flipFilter,
        (double) up * up);
  }

  private int before(int taps) {
    return (up > 1 ? Math.floorDiv(taps + up - 1, 2) : 0)
        + (down > 1 ? Math.floorDiv(taps - down + 1, 2) : 0);
  }

  private int after(int taps) {
    return (up > 1 ? Math.floorDiv(taps - up, 2) : 0)
        + (down > 1 ? Math.floorDiv(taps - down, 2) : 0);
  }

  private static FirGeometry with(FirGeometry g, int up, int down) {
    return new FirGeometry(
        up, up, down, down, g.padX0(), g.padX1(), g.padY0(), g.padY1(), g.flip(), g.gain());
  }

  /**
   * A strided transposed convolution, whose result extends beyond the padded image by the kernel
   * less one at the start and the kernel less the factor at the end; then the filter.
   */
  private Tensor transposed(Tensor x, Tensor weight, Tensor filter, FirGeometry fir) {
    int kh = weight.shape().intDim(2);
    int kw = weight.shape().intDim(3);
    int left = fir.padX0() - (kw - 1);
    int right = fir.padX1() - (kw - up);
    int top = fir.padY0() - (kh - 1);
    int bottom = fir.padY1() - (kh - up);
    // What would be cropped from the result is not computed.
    ConvGeometry g =
        new ConvGeometry(
            up,
            up,
            Math.max(-top, 0),
            Math.max(-bottom, 0),
            Math.max(-left, 0),
            Math.max(-right, 0),
            1,
            1,
            groups);
    long height = (x.dim(2) - 1) * up + kh - g.top() - g.bottom();
    long width = (x.dim(3) - 1) * up + kw - g.left() - g.right();
    Tensor y = Ops.convTranspose2d(x, transposedWeight(weight), g, height, width);
    FirGeometry rest =
        new FirGeometry(
            1,
            1,
            1,
            1,
            Math.max(left, 0),
            Math.max(right, 0),
            Math.max(top, 0),
            Math.max(bottom, 0),
            flipFilter,
            fir.gain());
    y = Ops.upfirdn2d(y, filter, rest);
    if (down == 1) {
      return y;
    }
    return Ops.upfirdn2d(y, filter, new FirGeometry(1, 1, down, down, 0, 0, 0, 0, flipFilter, 1));
  }

  /** [O, I/groups, kh, kw] to [I, O/groups, kh, kw]; transposing reverses the kernel by itself. */
  private Tensor transposedWeight(Tensor weight) {
    Tensor w = flipWeight ? weight.flip(2, 3) : weight;
    long outputs = w.dim(0) / groups;
    long inputs = w.dim(1);
    return w.reshape(groups, outputs, inputs, w.dim(2), w.dim(3))
        .permute(0, 2, 1, 3, 4)
        .reshape(groups * inputs, outputs, w.dim(2), w.dim(3));
  }
}
