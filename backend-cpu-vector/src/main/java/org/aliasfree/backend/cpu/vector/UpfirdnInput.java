package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.aliasfree.tensor.HostTensor;

/**
 * Rows of a plane in memory as a stage wants them: scaled, biased, with zeros around,
 * de-interleaved.
 */
final class UpfirdnInput implements UpfirdnStage.Source {
  private final UpfirdnRows rows;
  private final float[] s;
  private final int at;
  private final int subRows;
  private final int lanes;
  private final int stride;
  private final int width;
  private MemorySegment data = MemorySegment.NULL;
  private long plane;
  private int firstLane;
  private boolean adjust;
  private float scale;
  private float bias;

  /**
   * @param s scratch
   * @param at where {@link #floats} of it may be used
   * @param subRows sub-rows that a row of {@code width} values is de-interleaved into
   * @param lanes values of a sub-row that are read
   */
  UpfirdnInput(UpfirdnRows rows, float[] s, int at, int subRows, int lanes, int width) {
    this.rows = rows;
    this.s = s;
    this.at = at;
    this.subRows = subRows;
    this.lanes = lanes;
    this.width = width;
    stride = stride(lanes);
  }

  private static int stride(int lanes) {
    return UpfirdnRows.round(lanes) + UpfirdnRows.ROUND;
  }

  /** Scratch needed. */
  static int floats(int subRows, int lanes) {
    return subRows * stride(lanes) * (subRows == 1 ? 1 : 2);
  }

  /** Distance of the sub-rows. */
  int stride() {
    return stride;
  }

  /** Begins a strip of a plane: its first lane, which may be negative. */
  void begin(MemorySegment data, long plane, int firstLane) {
    this.data = data;
    this.plane = plane;
    this.firstLane = firstLane;
    adjust = false;
    Arrays.fill(s, at, at + subRows * stride, 0f);
  }

  /** Makes every value of the plane x·scale + bias. */
  void adjust(float scale, float bias) {
    this.scale = scale;
    this.bias = bias;
    adjust = true;
  }

  @Override
  public int row(int y) {
    int origin = firstLane * subRows;
    int from = Math.max(0, origin);
    int to = Math.min(width, origin + lanes * subRows);
    if (to > from) {
      int copy = subRows == 1 ? at + from - origin : at + subRows * stride;
      long offset = 4 * (plane + (long) y * width + from);
      MemorySegment.copy(data, HostTensor.F32, offset, s, copy, to - from);
      if (adjust) {
        rows.scaleBias(s, copy, to - from, scale, bias);
        // Whole vectors also changed what lies behind the row, where the padding must stay zero.
        Arrays.fill(s, copy + to - from, copy + to - from + UpfirdnRows.ROUND, 0f);
      }
      for (int i = from; i < to && subRows > 1; i++) {
        s[at + (i - origin) % subRows * stride + (i - origin) / subRows] = s[copy + i - from];
      }
    }
    return at;
  }
}
