package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/** Stores rows of places as parts of the rows of planes [planes, height, width]. */
final class UpfirdnOutput {
  private final FilterLoops loops;
  private final UpfirdnTiling.Bundle bundle;
  private final MemorySegment data;
  private final int height;
  private final int width;
  private final MemorySegment s;
  private final int temp;
  private final FilterRows rows;

  /**
   * @param s scratch
   * @param temp where lanes² floats of it may be used
   */
  UpfirdnOutput(
      FilterLoops loops,
      UpfirdnTiling.Bundle bundle,
      MemorySegment data,
      int height,
      int width,
      MemorySegment s,
      int temp) {
    this.loops = loops;
    this.bundle = bundle;
    this.data = data;
    this.height = height;
    this.width = width;
    this.s = s;
    this.temp = temp;
    rows = new FilterRows(loops.lanes());
  }

  /** Stores row {@code y} of the bands, {@code columns} places at {@code src}. */
  void store(int src, int y, int column, int columns) {
    int lanes = loops.lanes();
    bundle.find(rows, y, 1, 1, height, 4L * width);
    for (int x = 0; x < columns; x += lanes) {
      int first = Math.max(0, Math.min(x, columns - lanes));
      int count = Math.min(lanes, columns - first);
      loops.scatter(s, src + first * lanes, temp, data, rows, column + first, count);
    }
  }
}
