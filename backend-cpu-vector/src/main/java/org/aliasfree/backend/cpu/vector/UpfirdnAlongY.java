package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Filters along y, from as many rows of the source as the filter is tall. See {@link UpfirdnAlongX}
 * for terms.
 */
final class UpfirdnAlongY implements UpfirdnRow {
  private final UpfirdnTaps taps;
  private final boolean sum;
  private final UpfirdnRow source;
  private final int ring;
  private final int ringRows;
  private final int termStep;
  private final int outStep;
  private final int out;
  private final int[] at;
  private final int[] off;
  private final UpfirdnPass pass;
  private int next = Integer.MIN_VALUE;

  /** First of the rows that lie ready. */
  private int made = Integer.MIN_VALUE;

  /**
   * @param sum whether the source has a row for each term, else this makes one for each
   * @param places places of a row
   * @param s scratch
   * @param from where {@link #scratch} floats of it may be used
   */
  UpfirdnAlongY(
      FilterLoops loops,
      UpfirdnTaps taps,
      boolean sum,
      UpfirdnRow source,
      int places,
      MemorySegment s,
      int from) {
    this.taps = taps;
    this.sum = sum;
    this.source = source;
    ring = from;
    ringRows = ringRows(taps);
    out = ring + ringRows * source.room();
    at = new int[ringRows];
    off = new int[taps.terms * ringRows];
    termStep = places * loops.lanes();
    outStep = (sum ? 1 : taps.terms) * termStep;
    int lanes = loops.lanes();
    pass = new UpfirdnPass(loops, taps, s, lanes, off, outStep, lanes, places, false);
  }

  private static int ringRows(UpfirdnTaps taps) {
    int most = 0;
    for (int o = 0; o < taps.axis.phases(); o++) {
      most = Math.max(most, taps.batchInputs(taps.batchStart(o)));
    }
    return most;
  }

  /** Floats needed for rows of {@code places} places and source rows of {@code room} floats. */
  static int scratch(UpfirdnTaps taps, boolean sum, int room, int places, int lanes) {
    return ringRows(taps) * room + taps.batch() * (sum ? 1 : taps.terms) * places * lanes;
  }

  @Override
  public int room() {
    return 0;
  }

  @Override
  public int termStep() {
    return termStep;
  }

  /** {@inheritDoc} The row lies in this step's own room. */
  @Override
  public int row(int y, int dst) {
    if (y < made || y >= made + taps.batch()) {
      made = taps.batchStart(y);
      int count = taps.batchInputs(made);
      prepare(taps.axis.first(made), count);
      for (int r = 0; r < taps.terms; r++) {
        int to = sum ? out : out + r * termStep;
        pass.run(r, made, 0, sum ? r * count : 0, to, sum && r > 0);
      }
    }
    return out + (y - made) * outStep;
  }

  /** Fills the ring with the given input rows and says where they lie. */
  private void prepare(int first, int count) {
    for (int i = Math.max(next, first); i < first + count; i++) {
      int slot = Math.floorMod(i, ringRows);
      at[slot] = source.row(i, ring + slot * source.room());
    }
    next = Math.max(next, first + count);
    for (int j = 0; j < count; j++) {
      int place = at[Math.floorMod(first + j, ringRows)];
      for (int r = 0; r < (sum ? taps.terms : 1); r++) {
        off[r * count + j] = place + r * source.termStep();
      }
    }
  }
}
