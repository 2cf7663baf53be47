package org.aliasfree.network;

/**
 * The Fourier features that the synthesis network starts from.
 *
 * @param channels sine waves, and channels of the result
 * @param size height and width in pixels
 * @param samplingRate samples per image width
 * @param bandwidth largest frequency, in cycles per image width
 */
public record InputGeometry(int channels, int size, int samplingRate, double bandwidth) {
  /** Parameters that learn: the mixing matrix and the affine layer from w to the transformation. */
  public long parameterCount(int wDim) {
    return (long) channels * channels + 4 * (wDim + 1L);
  }
}
