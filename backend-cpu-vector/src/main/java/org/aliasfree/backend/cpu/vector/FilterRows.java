package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;

/**
 * Rows of planes in memory, one for each lane that has one. The lanes that do are listed, so that
 * loops over them have no branch: one that is taken late makes the JVM discard a compiled kernel.
 */
final class FilterRows {
  /** How many lanes have a row. */
  int count;

  /** Which, in the first {@link #count} elements. */
  final int[] lane;

  /** The byte at which the row of each of them begins. */
  final long[] at;

  /** The factor of its values, by lane. */
  final float[] factor;

  /** What is added to them, by lane. */
  final float[] term;

  FilterRows(int lanes) {
    lane = new int[lanes];
    at = new long[lanes];
    factor = new float[lanes];
    term = new float[lanes];
    Arrays.fill(factor, 1f);
    // x + (−0) is x for every x.
    Arrays.fill(term, -0f);
  }

  void clear() {
    count = 0;
  }

  void add(int newLane, long begin) {
    lane[count] = newLane;
    at[count++] = begin;
  }
}
