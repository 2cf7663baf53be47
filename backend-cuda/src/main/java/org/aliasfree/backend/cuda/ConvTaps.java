package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A convolution in steps without dilation or phases: element (r, c) of a part of the result sums
 * over taps that lie at fixed places of its input. An adjoint with stride is one such part for each
 * phase of the stride.
 *
 * @param rows of the part
 * @param row where the part begins in the result, which takes every {@code rowStep}-th row of it
 * @param strideY steps in the input from one row of the part to the next
 * @param originY the input's row under the top left tap of row 0
 * @param taps their places, counted from the origin
 */
record ConvTaps(
    int rows,
    int columns,
    int row,
    int column,
    int rowStep,
    int columnStep,
    int strideY,
    int strideX,
    int originY,
    int originX,
    List<Tap> taps) {

  /**
   * Where a tap lies.
   *
   * @param index which tap of the weight it is
   */
  record Tap(int row, int column, int index) {}

  /** The parts of a convolution, or of its adjoint. */
  static List<ConvTaps> of(ConvShape shape, boolean adjoint) {
    return adjoint ? adjoint(shape) : List.of(convolution(shape));
  }

  /** The one part of a convolution. */
  static ConvTaps convolution(ConvShape s) {
    List<Tap> taps =
        IntStream.range(0, s.taps())
            .mapToObj(
                i ->
                    new Tap(
                        i / s.kernelWidth() * s.geometry().dilationY(),
                        i % s.kernelWidth() * s.geometry().dilationX(),
                        i))
            .toList();
    return new ConvTaps(
        s.outHeight(),
        s.outWidth(),
        0,
        0,
        1,
        1,
        s.geometry().strideY(),
        s.geometry().strideX(),
        -s.geometry().top(),
        -s.geometry().left(),
        taps);
  }

  /** The parts of the adjoint of a convolution; their input is the convolution's output. */
  static List<ConvTaps> adjoint(ConvShape s) {
    List<ConvTaps> parts = new ArrayList<>();
    for (int y = 0; y < Math.min(s.geometry().strideY(), s.height()); y++) {
      for (int x = 0; x < Math.min(s.geometry().strideX(), s.width()); x++) {
        parts.add(phase(s, y, x));
      }
    }
    return parts;
  }

  private static ConvTaps phase(ConvShape s, int phaseY, int phaseX) {
    int strideY = s.geometry().strideY();
    int strideX = s.geometry().strideX();
    List<Tap> taps = new ArrayList<>();
    for (int i = 0; i < s.taps(); i++) {
      int y = phaseY + s.geometry().top() - i / s.kernelWidth() * s.geometry().dilationY();
      int x = phaseX + s.geometry().left() - i % s.kernelWidth() * s.geometry().dilationX();
      if (y % strideY == 0 && x % strideX == 0) {
        taps.add(new Tap(y / strideY, x / strideX, i));
      }
    }
    int top = taps.stream().mapToInt(Tap::row).min().orElse(0);
    int left = taps.stream().mapToInt(Tap::column).min().orElse(0);
    return new ConvTaps(
        Math.ceilDiv(s.height() - phaseY, strideY),
        Math.ceilDiv(s.width() - phaseX, strideX),
        phaseY,
        phaseX,
        strideY,
        strideX,
        1,
        1,
        top,
        left,
        taps.stream().map(t -> new Tap(t.row() - top, t.column() - left, t.index())).toList());
  }

  /** Rows from the first tap to the last. */
  int tapRows() {
    return taps.stream().mapToInt(Tap::row).max().orElse(0) + 1;
  }

  /** Columns from the first tap to the last. */
  int tapColumns() {
    return taps.stream().mapToInt(Tap::column).max().orElse(0) + 1;
  }

  /** Whether every element of the result is the sum of the elements in its own place. */
  boolean isPointwise(int height, int width) {
    return taps.size() == 1
        && strideY == 1
        && strideX == 1
        && rowStep == 1
        && columnStep == 1
        && originY == 0
        && originX == 0
        && rows == height
        && columns == width;
  }

  /** Where the taps lie in a patch that is so wide, counted row by row. */
  long[] offsets(int patchColumns) {
    return taps.stream().mapToLong(t -> (long) t.row() * patchColumns + t.column()).toArray();
  }

  /** This part of images whose rows are joined to one. */
  ConvTaps joined() {
    return new ConvTaps(1, rows * columns, 0, 0, 1, 1, 1, 1, 0, 0, taps);
  }

  /** This part with one more column of input on the left. */
  ConvTaps widened() {
    return new ConvTaps(
        rows,
        columns,
        row,
        column,
        rowStep,
        columnStep,
        strideY,
        strideX,
        originY,
        originX - 1,
        taps.stream().map(t -> new Tap(t.row(), t.column() + 1, t.index())).toList());
  }
}
