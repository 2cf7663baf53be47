package org.aliasfree.backend.cpu.vector;

/**
 * How the output planes of a filter are cut: into tasks, which are some planes or, where planes are
 * few and tall, bands of rows of one; and within a task into strips of lanes, so that a strip's
 * rows stay in the cache. It depends on the shape alone.
 */
final class UpfirdnTiling {
  private static final int FEW_PLANES = 24;
  private static final int BAND_ROWS = 128;
  private static final int TASK_VALUES = 1 << 15;

  final long planes;
  final int height;
  final int strips;
  final int stripLanes;
  private final int bands;
  private final int planesPerTask;
  private final int lanes;

  /**
   * @param planes output planes
   * @param height their rows
   * @param lanes lanes of a row: its width divided by the number of sub-rows, rounded up
   * @param maxLanes the widest strip wanted
   */
  UpfirdnTiling(long planes, int height, int lanes, int maxLanes) {
    this.planes = planes;
    this.height = height;
    this.lanes = lanes;
    bands = planes < FEW_PLANES ? Math.max(1, height / BAND_ROWS) : 1;
    planesPerTask = bands > 1 ? 1 : Math.clamp(TASK_VALUES / ((long) height * lanes), 1, 1 << 20);
    int wanted = Math.ceilDiv(lanes, maxLanes);
    stripLanes = UpfirdnRows.round(Math.ceilDiv(lanes, wanted));
    strips = Math.ceilDiv(lanes, stripLanes);
  }

  int tasks() {
    return Math.toIntExact(Math.ceilDiv(planes, planesPerTask) * bands);
  }

  long firstPlane(int task) {
    return (long) (task / bands) * planesPerTask;
  }

  long endPlane(int task) {
    return Math.min(planes, firstPlane(task) + planesPerTask);
  }

  int firstRow(int task) {
    return (int) ((long) height * (task % bands) / bands);
  }

  int endRow(int task) {
    return (int) ((long) height * (task % bands + 1) / bands);
  }

  /** Lanes of strip {@code strip}. */
  int lanes(int strip) {
    return Math.min(stripLanes, lanes - strip * stripLanes);
  }
}
