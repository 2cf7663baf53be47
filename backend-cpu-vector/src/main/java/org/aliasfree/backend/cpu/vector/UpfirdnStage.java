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

  /** How the values of one term and phase along x come about. */
  private enum Way {
    SINGLE,
    WITH_NEXT_PHASE,
    WITH_NEXT_TERM,
    DONE
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
  private final Way[][] ways;
  private final float[][] weightsY;
  private final boolean twoRows;

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
    ways = ways();
    twoRows = y.up == 1 && y.down == 2 && y.taps == 12;
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
    return y.maxCount() + (twoRows ? 2 : 0);
  }

  private int rowFloats(int lanes) {
    return rank * subRowsOut * UpfirdnRows.round(lanes);
  }

  /** Whether {@link Strip#twoRows} can make two output rows in one go. */
  boolean makesTwoRows() {
    return twoRows;
  }

  /**
   * Whether {@link Strip#twoRowsAct} can make output rows {@code o} and {@code o + 1} in one go.
   */
  boolean makesTwoRowsAct(int o) {
    boolean six = rank == 1 && y.count(o) == 6 && y.count(o + 1) == 6;
    return six && y.first(o) == y.first(o + 1);
  }

  /** The way in which each term and phase along x is computed. */
  private Way[][] ways() {
    Way[][] all = new Way[rank][subRowsOut];
    for (int r = 0; r < rank; r++) {
      for (int e = 0; e < subRowsOut; e++) {
        if (all[r][e] != null) {
          continue;
        }
        boolean symmetric = r + 1 < rank && symmetric12(weightsX[r][e]);
        boolean six = e + 1 < subRowsOut && x.count(e) == 6 && x.count(e + 1) == 6;
        if (symmetric && symmetric12(weightsX[r + 1][e])) {
          all[r][e] = Way.WITH_NEXT_TERM;
          all[r + 1][e] = Way.DONE;
        } else if (six && subRowsIn == 1 && x.first(e) == x.first(e + 1)) {
          all[r][e] = Way.WITH_NEXT_PHASE;
          all[r][e + 1] = Way.DONE;
        } else {
          all[r][e] = Way.SINGLE;
        }
      }
    }
    return all;
  }

  private static boolean symmetric12(float[] w) {
    boolean symmetric = w.length == 12;
    for (int j = 0; symmetric && j < 6; j++) {
      symmetric = w[j] == w[11 - j];
    }
    return symmetric;
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
      offY = new int[rank * ringRows()];
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

    /** Makes output rows {@code o} and {@code o + 1}; see {@link #makesTwoRows}. */
    void twoRows(int o, int dst, int dst2) {
      float[] w = prepare(o, y.first(o), 14);
      rows.fir12Twice(s, offY, w, rank, dst, dst2, subRowsOut * stride);
    }

    /** As {@link #rowAct} for rows {@code o} and {@code o + 1}; see {@link #makesTwoRowsAct}. */
    void twoRowsAct(int o, int dst, int dst2, float slope, float clamp) {
      float[] w = prepare(o);
      float[] w2 = weightsY[(o + 1) % y.up];
      rows.fir6ActTwice(s, offY, w, w2, dst, dst2, subRowsOut * stride, slope, clamp);
    }

    private float[] prepare(int o) {
      return prepare(o, y.first(o), y.count(o));
    }

    /** Fills the ring with the given input rows and says where they lie; returns row o's taps. */
    private float[] prepare(int o, int first, int count) {
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
          switch (ways[r][e]) {
            case SINGLE -> rows.fir(s, at, offX[e], w, w.length, dst, stride);
            case WITH_NEXT_PHASE -> {
              float[] w2 = weightsX[r][e + 1];
              rows.fir6Twice(s, at + offX[e][0], w, w2, dst, dst + stride, stride);
            }
            case WITH_NEXT_TERM -> {
              float[] w2 = weightsX[r + 1][e];
              rows.fold12Twice(s, at, offX[e], w, w2, dst, dst + subRowsOut * stride, stride);
            }
            case DONE -> {}
          }
        }
      }
    }
  }
}
