package org.aliasfree.backend.cpu.vector;

/**
 * How the output planes of a filter are cut. Planes are cut into bands of rows, and a task takes as
 * many bands, of one plane or several, as there are lanes; within a task a strip of columns is done
 * at a time, so that its rows stay in the cache. It depends on the shape alone.
 */
final class UpfirdnTiling {
  /** Rows that a band costs besides its own: those that it shares with its neighbours. */
  private static final int SHARED_ROWS = 6;

  /** What waiting for the last tasks costs, in tasks. */
  private static final int LAST_TASKS = 4;

  private static final int MOST_BANDS = 64;

  /** Rows that the loops along y make at once. */
  private static final int ROWS_AT_ONCE = 4;

  /**
   * The widest strip; narrower ones read planes in pieces too short for the processor to fetch
   * ahead.
   */
  private static final int STRIP_COLUMNS = 576;

  /** Columns of the sign map that fill whole words. */
  private static final int COLUMN_UNIT = 16;

  final int strips;
  private final long planes;
  private final int height;
  private final int lanes;
  private final int bands;
  private final int bandRows;
  private final int width;
  private final int stripColumns;

  /**
   * @param planes output planes
   * @param height their rows
   * @param width their columns
   * @param lanes values of a place
   * @param up up-sampling factor along y: bands begin at whole input rows
   */
  UpfirdnTiling(long planes, int height, int width, int lanes, int up) {
    this.planes = planes;
    this.height = height;
    this.width = width;
    this.lanes = lanes;
    int rowUnit = UpfirdnAxis.lcm(ROWS_AT_ONCE, up);
    int best = 1;
    for (int b = 2; b <= MOST_BANDS; b++) {
      if (cost(b, rowUnit) < cost(best, rowUnit)) {
        best = b;
      }
    }
    bandRows = bandRows(best, rowUnit);
    bands = Math.max(1, Math.ceilDiv(height, bandRows));
    int wanted = Math.max(1, Math.ceilDiv(width, STRIP_COLUMNS));
    stripColumns = Math.ceilDiv(Math.ceilDiv(width, wanted), COLUMN_UNIT) * COLUMN_UNIT;
    strips = Math.ceilDiv(width, Math.max(1, stripColumns));
  }

  private int bandRows(int count, int unit) {
    return Math.max(unit, Math.ceilDiv(Math.ceilDiv(height, count), unit) * unit);
  }

  private long cost(int count, int unit) {
    int rows = bandRows(count, unit);
    long tasks = Math.ceilDiv(planes * Math.ceilDiv(height, rows), lanes);
    return (tasks + LAST_TASKS) * (rows + SHARED_ROWS);
  }

  int tasks() {
    return Math.toIntExact(Math.ceilDiv(planes * bands, lanes));
  }

  /** First column of strip {@code strip}. */
  int column(int strip) {
    return strip * stripColumns;
  }

  /** Columns of strip {@code strip}. */
  int columns(int strip) {
    return Math.min(stripColumns, width - column(strip));
  }

  /** The bands of task {@code task}. */
  Bundle bundle(int task) {
    return new Bundle((long) task * lanes);
  }

  /** As many bands as there are lanes, or fewer at the end. */
  final class Bundle {
    private final long[] plane = new long[lanes];
    private final int[] band = new int[lanes];

    private Bundle(long first) {
      for (int l = 0; l < lanes; l++) {
        boolean some = first + l < planes * bands;
        plane[l] = some ? (first + l) / bands : -1;
        band[l] = (int) ((first + l) % bands);
      }
    }

    /** Output rows to make: those of the tallest band. */
    int rows() {
      return Math.min(bandRows, height);
    }

    /**
     * Rows of a tensor of planes that the lanes cover: with a last band among them to the end of
     * the plane.
     *
     * @param rate rows of the tensor for an output row
     * @param height rows of a plane of the tensor
     */
    int rows(int rate, int height) {
      boolean ends = false;
      for (int l = 0; l < lanes; l++) {
        ends |= plane[l] >= 0 && last(l);
      }
      int inner = bandRows * rate;
      return bands == 1 ? height : ends ? Math.max(inner, height - (bands - 1) * inner) : inner;
    }

    /** The plane of a lane, or −1. */
    long plane(int lane) {
      return plane[lane];
    }

    /** Whether a lane has the last band of its plane. */
    boolean last(int lane) {
      return band[lane] == bands - 1;
    }

    /**
     * Finds the rows of a tensor of planes.
     *
     * @param y row counted from the top of the bands
     * @param rate rows of the tensor for {@code outRate} output rows
     * @param height rows of a plane of the tensor
     * @param rowBytes bytes of such a row
     */
    void find(FilterRows rows, int y, int rate, int outRate, int height, long rowBytes) {
      rows.clear();
      for (int l = 0; l < lanes; l++) {
        long row = (long) band[l] * bandRows * rate / outRate + y;
        if (plane[l] >= 0 && row >= 0 && row < height) {
          rows.add(l, (plane[l] * height + row) * rowBytes);
        }
      }
    }
  }
}
