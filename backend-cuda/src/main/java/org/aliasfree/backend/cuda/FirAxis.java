package org.aliasfree.backend.cuda;

/**
 * One axis of a filter: output n is the sum over taps k of the sample at n · down + k − pad, where
 * sample i of the image lies at i · up and all else is zero. As the kernels' {@code FirAxis}.
 */
record FirAxis(int up, int down, int pad, int taps, int size, int outputs) {
  /** Leaves an axis as it is. */
  static FirAxis none(int size) {
    return new FirAxis(1, 1, 0, 1, size, size);
  }

  void putInto(Arguments arguments) {
    arguments.int32(up).int32(down).int32(pad).int32(taps).int32(size).int32(outputs);
  }
}
