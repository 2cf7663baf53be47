package org.aliasfree.op;

/**
 * How {@code upfirdn2d} resamples: insert zeros, pad (negative: crop), filter, keep every down-th
 * sample.
 *
 * @param upX factor by which zeros widen the image; the others alike
 * @param padX0 samples added at the left of the up-sampled image, padX1 at the right, padY0 above,
 *     padY1 below
 * @param flip true: the filter is applied as it is (correlation); false: reversed (convolution)
 * @param gain factor of the result
 */
public record FirGeometry(
    int upX,
    int upY,
    int downX,
    int downY,
    int padX0,
    int padX1,
    int padY0,
    int padY1,
    boolean flip,
    double gain) {

  /** Checks the factors. */
  public FirGeometry {
    Check.that(
        upX >= 1 && upY >= 1 && downX >= 1 && downY >= 1,
        "upfirdn2d",
        "factors up ("
            + upX
            + ", "
            + upY
            + ") and down ("
            + downX
            + ", "
            + downY
            + ") must be 1 or more.");
  }

  /** Width of the result; 0 or less where the filter does not fit. */
  public long outputWidth(long width, long taps) {
    return size(width * upX + padX0 + padX1, taps, downX);
  }

  /** Height of the result. */
  public long outputHeight(long height, long taps) {
    return size(height * upY + padY0 + padY1, taps, downY);
  }

  private static long size(long padded, long taps, int down) {
    return padded < taps ? 0 : (padded - taps) / down + 1;
  }

  /**
   * The geometry of the adjoint: up and down change places, the filter is flipped, and the padding
   * makes an image of {@code width} × {@code height} come out of one of {@code outputWidth} ×
   * {@code outputHeight}.
   */
  public FirGeometry adjoint(long width, long height, int tapsX, int tapsY) {
    long ow = outputWidth(width, tapsX);
    long oh = outputHeight(height, tapsY);
    return new FirGeometry(
        /* upX= */ downX,
        /* upY= */ downY,
        /* downX= */ upX,
        /* downY= */ upY,
        tapsX - padX0 - 1,
        Math.toIntExact(width * upX - ow * downX + padX0 - upX + 1),
        tapsY - padY0 - 1,
        Math.toIntExact(height * upY - oh * downY + padY0 - upY + 1),
        !flip,
        gain);
  }

  /**
   * This geometry with padding added so that the image stays where it is: sizes change by the
   * factors alone, and no phase is introduced. It is what filter2d, upsample2d and downsample2d of
   * the official code add.
   */
  public FirGeometry centred(int tapsX, int tapsY) {
    return new FirGeometry(
        upX,
        upY,
        downX,
        downY,
        padX0 + Math.floorDiv(tapsX + upX - downX, 2),
        padX1 + Math.floorDiv(tapsX - upX - downX + 1, 2),
        padY0 + Math.floorDiv(tapsY + upY - downY, 2),
        padY1 + Math.floorDiv(tapsY - upY - downY + 1, 2),
        flip,
        gain);
  }
}
