package org.aliasfree.network;

import java.util.Optional;
import org.aliasfree.tensor.HostTensor;

/**
 * One layer of the synthesis network: sizes, channels, frequencies and filters (Karras et al. 2021,
 * section 3.2 and appendix D). Sizes are heights and widths in pixels; rates, cutoffs and
 * half-widths count cycles or samples per image width.
 *
 * @param name module name in network files, {@code L<index>_<outSize>_<outChannels>}
 * @param index position, from 0
 * @param isToRgb whether this is the last layer, which has no nonlinearity and no demodulation
 * @param isCriticallySampled whether the cutoff is half the sampling rate
 * @param useFp16 whether the official networks run this layer in f16 on a GPU
 * @param inChannels channels that enter
 * @param outChannels channels that leave
 * @param inSize size that enters
 * @param outSize size that leaves
 * @param inSamplingRate sampling rate that enters
 * @param outSamplingRate sampling rate that leaves
 * @param tmpSamplingRate sampling rate during the nonlinearity
 * @param inCutoff cutoff of the signal that enters
 * @param outCutoff cutoff of the signal that leaves
 * @param inHalfWidth half of the transition band's width of the signal that enters
 * @param outHalfWidth half of the transition band's width of the signal that leaves
 * @param convKernel size of the convolution kernel
 * @param upFactor upsampling before the nonlinearity
 * @param upTaps length of the upsampling filter; 1 for none
 * @param downFactor downsampling after the nonlinearity
 * @param downTaps length of the downsampling filter; 1 for none
 * @param downRadial whether the downsampling filter is radially symmetric, not separable
 * @param padLo padding of the upsampled signal at its left and top; negative crops
 * @param padHi the same at its right and bottom
 */
public record LayerGeometry(
    String name,
    int index,
    boolean isToRgb,
    boolean isCriticallySampled,
    boolean useFp16,
    int inChannels,
    int outChannels,
    int inSize,
    int outSize,
    int inSamplingRate,
    int outSamplingRate,
    int tmpSamplingRate,
    double inCutoff,
    double outCutoff,
    double inHalfWidth,
    double outHalfWidth,
    int convKernel,
    int upFactor,
    int upTaps,
    int downFactor,
    int downTaps,
    boolean downRadial,
    int padLo,
    int padHi) {

  /** The upsampling filter, f64[upTaps]; empty where the layer has none. */
  public Optional<HostTensor> upFilter() {
    return upTaps == 1
        ? Optional.empty()
        : Optional.of(FilterDesign.lowpass(upTaps, inCutoff, inHalfWidth * 2, tmpSamplingRate));
  }

  /**
   * The downsampling filter, f64[downTaps] or radial f64[downTaps, downTaps]; empty where the layer
   * has none.
   */
  public Optional<HostTensor> downFilter() {
    if (downTaps == 1) {
      return Optional.empty();
    }
    return Optional.of(
        downRadial
            ? FilterDesign.radialLowpass(downTaps, outCutoff, outHalfWidth * 2, tmpSamplingRate)
            : FilterDesign.lowpass(downTaps, outCutoff, outHalfWidth * 2, tmpSamplingRate));
  }

  /**
   * Fails where {@link #upFilter} or {@link #downFilter} would. It computes no tap: a network file
   * may ask for hundreds of large filters.
   */
  void requireFilters() {
    if (upTaps > 1) {
      FilterDesign.requireLowpass(upTaps, inCutoff, inHalfWidth * 2, tmpSamplingRate);
    }
    if (downTaps > 1 && downRadial) {
      FilterDesign.requireRadialLowpass(downTaps, outCutoff, outHalfWidth * 2, tmpSamplingRate);
    } else if (downTaps > 1) {
      FilterDesign.requireLowpass(downTaps, outCutoff, outHalfWidth * 2, tmpSamplingRate);
    }
  }

  /**
   * Parameters that learn: convolution weights and biases, and the affine layer from w to the
   * styles.
   */
  public long parameterCount(int wDim) {
    long weights = (long) outChannels * inChannels * convKernel * convKernel;
    return weights + outChannels + (wDim + 1L) * inChannels;
  }
}
