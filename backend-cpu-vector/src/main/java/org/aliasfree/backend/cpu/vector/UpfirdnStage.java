package org.aliasfree.backend.cpu.vector;

/**
 * An upfirdn2d as a function from rows to rows: along x first, into a ring of as many filtered rows
 * as the filter is tall, then along y. Only the taps are fixed here; {@link Strip} is one run over
 * a vertical strip of a plane.
 *
 * <p>Rows are de-interleaved as {@link UpfirdnAxis} says: A sub-rows in, B sub-rows out.
 */
final class UpfirdnStage {
  /** Where a stage takes its input rows from. */
  interface Source {
    /**
     * Makes row {@code y} and returns its place in the scratch array; it may be overwritten by the
     * next.
     */
    int row(int y);
  }

  final UpfirdnAxis x;
  final UpfirdnAxis y;
  final int subRowsIn;
  final int subRowsOut;
  final int minLane;
  final int maxLane;
  private final UpfirdnRows rows;
  private final int rank;
  private final float[][][] weightsX;
  private final int[][] tapLane;
  private final int[][] tapSubRow;
  private final boolean[] pairs;
  private final float[][] weightsY;

  /**
   * @param f the filter as a sum of separable correlations
   * @param subRowsOut how many sub-rows the output is de-interleaved into: a multiple of {@code up
   *     / gcd(up, down)} of the x axis
   * @param gainX factor of the taps along x
   * @param gainY factor of the taps along y
   */
  UpfirdnStage(
      UpfirdnRows rows,
      UpfirdnAxis x,
      UpfirdnAxis y,
      UpfirdnFilter.Factors f,
      int subRowsOut,
      double gainX,
      double gainY) {
    this.rows = rows;
    this.x = x;
    this.y = y;
    this.subRowsOut = subRowsOut;
    this.subRowsIn = subRowsOut * x.down / x.up;
    this.rank = f.rank();
    tapLane = new int[subRowsOut][];
    tapSubRow = new int[subRowsOut][];
    weightsX = new float[rank][subRowsOut][];
    int min = Integer.MAX_VALUE;
    int max = Integer.MIN_VALUE;
    for (int e = 0; e < subRowsOut; e++) {
      int count = x.count(e);
      tapLane[e] = new int[count];
      tapSubRow[e] = new int[count];
      for (int j = 0; j < count; j++) {
        int i = x.first(e) + j;
        tapLane[e][j] = Math.floorDiv(i, subRowsIn);
        tapSubRow[e][j] = Math.floorMod(i, subRowsIn);
        min = Math.min(min, tapLane[e][j]);
        max = Math.max(max, tapLane[e][j]);
      }
      for (int r = 0; r < rank; r++) {
        weightsX[r][e] = x.weights(e, f.rows[r], gainX);
      }
    }
    minLane = min == Integer.MAX_VALUE ? 0 : min;
    maxLane = min == Integer.MAX_VALUE ? 0 : max;
    pairs = new boolean[subRowsOut];
    for (int e = 0; e + 1 < subRowsOut; e++) {
      boolean second = e > 0 && pairs[e - 1];
      pairs[e] = !second && subRowsIn == 1 && x.count(e) == 6 && x.count(e + 1) == 6;
      pairs[e] &= x.first(e) == x.first(e + 1);
    }
    weightsY = new float[y.up][];
    for (int o = 0; o < y.up; o++) {
      int count = y.count(o);
      weightsY[o] = new float[rank * count];
      for (int r = 0; r < rank; r++) {
        System.arraycopy(y.weights(o, f.columns[r], gainY), 0, weightsY[o], r * count, count);
      }
    }
  }

  /** Floats that a sub-row of the input needs for {@code lanes} lanes of output. */
  int inputLanes(int lanes) {
    return UpfirdnRows.round(lanes) + maxLane - minLane;
  }

  /** Floats of scratch that a strip of {@code lanes} output lanes needs besides its rows. */
  int scratchFloats(int lanes) {
    return ringRows() * rowFloats(lanes);
  }

  private int ringRows() {
    return y.maxCount();
  }

  private int rowFloats(int lanes) {
    return rank * subRowsOut * UpfirdnRows.round(lanes);
  }

  /** One pass down a strip of a plane. Rows must be asked for in rising order. */
  final class Strip {
    private final float[] s;
    private final Source source;
    private final int sourceRows;
    private final int ring;
    private final int stride;
    private final int rowFloats;
    private final int[][] offX;
    private final int[] offY;
    private int next;

    /**
     * @param s scratch
     * @param ring where this stage's {@link #scratchFloats} begin
     * @param lanes output lanes of the strip
     * @param sourceStride distance of the source's sub-rows; lane {@link #minLane} of the first is
     *     where the source says that its row is
     * @param source the input rows; rows outside 0 … sourceRows − 1 are zeros
     */
    Strip(float[] s, int ring, int lanes, int sourceStride, Source source, int sourceRows) {
      this.s = s;
      this.source = source;
      this.sourceRows = sourceRows;
      this.ring = ring;
      stride = UpfirdnRows.round(lanes);
      rowFloats = rowFloats(lanes);
      offX = new int[subRowsOut][];
      for (int e = 0; e < subRowsOut; e++) {
        offX[e] = new int[tapLane[e].length];
        for (int j = 0; j < offX[e].length; j++) {
          offX[e][j] = tapSubRow[e][j] * sourceStride + tapLane[e][j] - minLane;
        }
      }
      offY = new int[rank * y.maxCount()];
      next = Integer.MIN_VALUE;
    }

    /** Distance of the sub-rows that {@link #row} makes. */
    int stride() {
      return stride;
    }

    /** Makes output row {@code o} at {@code dst}. */
    void row(int o, int dst) {
      float[] w = prepare(o);
      rows.fir(s, 0, offY, w, w.length, dst, subRowsOut * stride);
    }

    /** Makes output row {@code o} at {@code dst} and bends and limits its values. */
    void rowAct(int o, int dst, float slope, float clamp) {
      float[] w = prepare(o);
      rows.firAct(s, offY, w, w.length, dst, subRowsOut * stride, slope, clamp);
    }

    /** Fills the ring up to what output row {@code o} reads, and says where that lies. */
    private float[] prepare(int o) {
      int first = y.first(o);
      int count = y.count(o);
      for (int i = Math.max(next, first); i < first + count; i++) {
        fill(i);
      }
      next = Math.max(next, first + count);
      for (int r = 0; r < rank; r++) {
        for (int j = 0; j < count; j++) {
          offY[r * count + j] = slot(first + j) + r * subRowsOut * stride;
        }
      }
      // Outputs that lie up apart have the same taps.
      return weightsY[o % y.up];
    }

    private int slot(int i) {
      return ring + Math.floorMod(i, ringRows()) * rowFloats;
    }

    private void fill(int i) {
      int slot = slot(i);
      if (i < 0 || i >= sourceRows) {
        java.util.Arrays.fill(s, slot, slot + rowFloats, 0f);
        return;
      }
      int at = source.row(i);
      for (int r = 0; r < rank; r++) {
        for (int e = 0; e < subRowsOut; e++) {
          int dst = slot + (r * subRowsOut + e) * stride;
          float[] w = weightsX[r][e];
          if (pairs[e]) {
            rows.fir6Twice(s, at + offX[e][0], w, weightsX[r][e + 1], dst, dst + stride, stride);
            e++;
          } else {
            rows.fir(s, at, offX[e], w, w.length, dst, stride);
          }
        }
      }
    }
  }
}
