package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The sign map of filtered_lrelu: two bits a value of the up-sampled signal that say by which
 * factor the non-linearity multiplied it: 0 by 1, 1 by slope, 2 by 0 (limited). U8 [planes, height,
 * ⌈width / 4⌉], the first of four values in the lowest bits.
 */
final class FilteredLreluSigns {
  private final MemorySegment map;
  private final int height;
  private final int width;
  private final float slope;
  private final float clamp;
  private final int subRows;
  private final int sx;
  private final int sy;

  /** A map to write, for a signal de-interleaved into {@code subRows} sub-rows. */
  FilteredLreluSigns(
      MemorySegment map, int height, int width, float slope, float clamp, int subRows) {
    this(map, height, width, slope, clamp, subRows, 0, 0);
  }

  private FilteredLreluSigns(
      MemorySegment map,
      int height,
      int width,
      float slope,
      float clamp,
      int subRows,
      int sx,
      int sy) {
    this.map = map;
    this.height = height;
    this.width = width;
    this.slope = slope;
    this.clamp = clamp;
    this.subRows = subRows;
    this.sx = sx;
    this.sy = sy;
  }

  /**
   * A map to read at an offset.
   *
   * @param height rows of the map
   * @param width columns of the signal that the map belongs to
   * @param slope factor where the map holds 1
   * @param up the reader's up-sampling factor
   * @param down the reader's down-sampling factor
   * @param sx column of the map for the reader's column 0
   * @param sy row of the map for the reader's row 0
   */
  static FilteredLreluSigns reading(
      MemorySegment map, int height, int width, double slope, int up, int down, int sx, int sy) {
    int subRows = UpfirdnAxis.lcm(up, down);
    return new FilteredLreluSigns(map, height, width, (float) slope, 0, subRows, sx, sy);
  }

  /** Bytes of a row of a map for a signal of {@code width} columns. */
  static int rowBytes(int width) {
    return Math.ceilDiv(width, 4);
  }

  private long rowAt(long plane, int y) {
    return (plane * height + y) * rowBytes(width);
  }

  /**
   * Stores the signs of {@code lanes} lanes (a multiple of 4 columns but at the end of the row).
   */
  void write(float[] s, int at, int stride, int firstLane, int lanes, long plane, int y) {
    int from = firstLane * subRows;
    int to = Math.min(width, from + lanes * subRows);
    long rowAt = rowAt(plane, y);
    int bits = 0;
    for (int x = from; x < to; x++) {
      float t = s[at + (x - from) % subRows * stride + (x - from) / subRows];
      float v = t < 0 ? t * slope : t;
      int sign = Math.abs(v) > clamp ? 2 : t < 0 ? 1 : 0;
      bits |= sign << (2 * (x & 3));
      if ((x & 3) == 3 || x == to - 1) {
        map.set(ValueLayout.JAVA_BYTE, rowAt + (x >> 2), (byte) bits);
        bits = 0;
      }
    }
  }

  /**
   * Multiplies {@code lanes} lanes of row {@code y} by the factors of the map; outside it they
   * stay.
   */
  void multiply(float[] s, int at, int stride, int firstLane, int lanes, long plane, int y) {
    if (y + sy < 0 || y + sy >= height) {
      return;
    }
    int origin = firstLane * subRows + sx;
    int from = Math.max(0, origin);
    int to = Math.min(width, origin + lanes * subRows);
    long rowAt = rowAt(plane, y + sy);
    for (int x = from; x < to; x++) {
      int sign = (map.get(ValueLayout.JAVA_BYTE, rowAt + (x >> 2)) >> (2 * (x & 3))) & 3;
      if (sign != 0) {
        int i = at + (x - origin) % subRows * stride + (x - origin) / subRows;
        s[i] *= sign == 1 ? slope : 0;
      }
    }
  }
}
