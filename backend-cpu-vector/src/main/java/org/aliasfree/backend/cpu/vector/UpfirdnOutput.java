package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.tensor.HostTensor;

/** Stores rows that lie de-interleaved in scratch as parts of the rows of a plane. */
final class UpfirdnOutput {
  private final UpfirdnRows rows;
  private final float[] s;
  private final int at;
  private final int subRows;
  private final int width;

  /**
   * @param at where {@link #floats} of the scratch array may be used
   * @param width values of a row in memory
   */
  UpfirdnOutput(UpfirdnRows rows, float[] s, int at, int subRows, int width) {
    this.rows = rows;
    this.s = s;
    this.at = at;
    this.subRows = subRows;
    this.width = width;
  }

  /** Scratch needed for strips of {@code lanes} lanes. */
  static int floats(int subRows, int lanes) {
    return subRows == 1 ? 0 : subRows * UpfirdnRows.round(lanes);
  }

  /**
   * Stores the lanes {@code firstLane} to {@code firstLane + lanes} of row {@code y} of the plane
   * that begins at element {@code plane}.
   */
  void store(int src, int stride, int firstLane, int lanes, MemorySegment data, long plane, int y) {
    int from = firstLane * subRows;
    int count = Math.min(width - from, lanes * subRows);
    int packed = src;
    if (subRows == 2) {
      rows.interleave(s, src, src + stride, at, lanes);
      packed = at;
    } else if (subRows > 2) {
      for (int i = 0; i < count; i++) {
        s[at + i] = s[src + i % subRows * stride + i / subRows];
      }
      packed = at;
    }
    long offset = 4 * (plane + (long) y * width + from);
    MemorySegment.copy(s, packed, data, HostTensor.F32, offset, count);
  }
}
