package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The sign map of filtered_lrelu: two bits a value of the up-sampled signal that say by which
 * factor the non-linearity multiplied it: 0 by 1, 1 by slope, 2 by 0 (limited). U8 [planes, height,
 * ⌈width / 4⌉], the first of four values in the lowest bits.
 */
final class FilteredLreluSigns {
  private static final ValueLayout.OfInt WORD =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Columns whose signs fill a word. */
  private static final int WORD_COLUMNS = 16;

  private final FilterLoops loops;
  private final MemorySegment map;
  private final int height;
  private final int width;
  private final float slope;
  private final float clamp;
  private final int sx;
  private final int sy;

  /** A map to write. */
  FilteredLreluSigns(
      FilterLoops loops, MemorySegment map, int height, int width, float slope, float clamp) {
    this(loops, map, height, width, slope, clamp, 0, 0);
  }

  private FilteredLreluSigns(
      FilterLoops loops,
      MemorySegment map,
      int height,
      int width,
      float slope,
      float clamp,
      int sx,
      int sy) {
    this.loops = loops;
    this.map = map;
    this.height = height;
    this.width = width;
    this.slope = slope;
    this.clamp = clamp;
    this.sx = sx;
    this.sy = sy;
  }

  /**
   * A map to read at an offset.
   *
   * @param height rows of the map
   * @param width columns of the signal that the map belongs to
   * @param slope factor where the map holds 1
   * @param sx column of the map for the reader's column 0
   * @param sy row of the map for the reader's row 0
   */
  static FilteredLreluSigns reading(
      MemorySegment map, int height, int width, double slope, int sx, int sy) {
    FilterLoops loops = FilterLoops.best();
    return new FilteredLreluSigns(loops, map, height, width, (float) slope, 0, sx, sy);
  }

  /** Bytes of a row of a map for a signal of {@code width} columns. */
  static int rowBytes(int width) {
    return Math.ceilDiv(width, 4);
  }

  /**
   * Stores the signs of the places at {@code at}.
   *
   * @param column their first column, a multiple of 4
   * @param columns how many, a multiple of 4 but at the end of the row
   * @param y row counted from the top of the bands
   * @param down rows of the map for an output row
   */
  void write(
      MemorySegment s,
      int at,
      UpfirdnTiling.Bundle bundle,
      int column,
      int columns,
      int y,
      int down) {
    int lanes = loops.lanes();
    int[] bits = new int[lanes];
    FilterRows rows = new FilterRows(lanes);
    bundle.find(rows, y, down, 1, height, rowBytes(width));
    // The rows below a band's own are the next band's.
    boolean own = y < bundle.rows() * down;
    for (int x = 0; x < columns; x += WORD_COLUMNS) {
      int n = Math.min(WORD_COLUMNS, columns - x);
      loops.signs(s, at + x * lanes, n, slope, clamp, bits);
      for (int i = 0; i < rows.count; i++) {
        int l = rows.lane[i];
        if (own || bundle.last(l)) {
          store(rows.at[i] + (column + x) / 4, bits[l], n);
        }
      }
    }
  }

  private void store(long at, int bits, int n) {
    if (n == WORD_COLUMNS) {
      map.set(WORD, at, bits);
      return;
    }
    for (int i = 0; 4 * i < n; i++) {
      map.set(ValueLayout.JAVA_BYTE, at + i, (byte) (bits >> (8 * i)));
    }
  }

  /** Multiplies places by the factors of the map; outside it they stay. See {@link #write}. */
  void multiply(
      MemorySegment s,
      int at,
      UpfirdnTiling.Bundle bundle,
      int column,
      int columns,
      int y,
      int down) {
    int lanes = loops.lanes();
    int[] bits = new int[lanes];
    FilterRows rows = new FilterRows(lanes);
    bundle.find(rows, y + sy, down, 1, height, rowBytes(width));
    int first = Math.max(0, -(column + sx));
    int end = Math.min(columns, width - (column + sx));
    for (int x = first; x < end; x += WORD_COLUMNS) {
      int n = Math.min(WORD_COLUMNS, end - x);
      for (int i = 0; i < rows.count; i++) {
        bits[rows.lane[i]] = load(rows.at[i], column + sx + x, n);
      }
      loops.multiply(s, at + x * lanes, n, slope, bits);
    }
  }

  /** The signs of {@code n} columns from {@code column} on. */
  private int load(long row, int column, int n) {
    int shift = 2 * (column & 3);
    long at = row + (column >> 2);
    if (n == WORD_COLUMNS) {
      int low = map.get(WORD, at) >>> shift;
      return shift == 0 ? low : low | map.get(ValueLayout.JAVA_BYTE, at + 4) << (32 - shift);
    }
    int bits = 0;
    for (int i = 0; i < n; i++) {
      int c = (column & 3) + i;
      int sign = map.get(ValueLayout.JAVA_BYTE, at + (c >> 2)) >> (2 * (c & 3));
      bits |= (sign & 3) << (2 * i);
    }
    return bits;
  }
}
