package org.aliasfree.backend.tornado;

import org.aliasfree.op.FirGeometry;
import org.aliasfree.tensor.Shape;

/**
 * A resampling filter along one axis.
 *
 * @param padding before the up-sampled samples; negative: cropped
 * @param size samples that go in
 * @param outputs samples that come out
 */
record FirAxis(int up, int down, int padding, int size, int outputs, int taps) {
  private static final int LANES = 8;

  static FirAxis x(FirGeometry g, int width, Shape filter) {
    int taps = filter.intDim(-1);
    int outputs = Math.toIntExact(g.outputWidth(width, taps));
    return new FirAxis(g.upX(), g.downX(), g.padX0(), width, outputs, taps);
  }

  static FirAxis y(FirGeometry g, int height, Shape filter) {
    int taps = filter.intDim(0);
    int outputs = Math.toIntExact(g.outputHeight(height, taps));
    return new FirAxis(g.upY(), g.downY(), g.padY0(), height, outputs, taps);
  }

  /** Outputs that are so far apart have the same taps. */
  int phases() {
    return up / gcd(up, down);
  }

  /** The samples of such outputs are so far apart. */
  int step() {
    return down / gcd(up, down);
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /** Blocks of eight such outputs. */
  int blocks() {
    return Math.ceilDiv(Math.ceilDiv(outputs, phases()), LANES);
  }

  /** Samples needed before the first; negative if some of the first are not. */
  int before() {
    return -Math.ceilDiv(-padding, up);
  }

  /** Samples from the first needed to the last, which blocks that are not full may ask for. */
  int span() {
    int last = blocks() * LANES * phases() - 1;
    return before() + Math.ceilDiv(last * down - padding, up) + Math.ceilDiv(taps, up);
  }

  /** The base of positions for samples counted from {@code shift} before the first. */
  int base(int shift) {
    return shift * up - padding;
  }

  /** Size of rows that hold the outputs in whole blocks of eight. */
  int stride() {
    return Math.ceilDiv(outputs, LANES) * LANES;
  }
}
