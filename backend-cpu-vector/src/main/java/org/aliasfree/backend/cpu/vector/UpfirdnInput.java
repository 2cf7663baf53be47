package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** Rows of planes in memory as places: scaled, biased, with zeros around the plane. */
final class UpfirdnInput implements UpfirdnRow {
  /** Planes to read: [N, C, height, width], and what to do with their values. */
  record Planes(
      MemorySegment data,
      int channels,
      int height,
      int width,
      @Nullable MemorySegment scale,
      @Nullable MemorySegment bias) {}

  private final FilterLoops loops;
  private final Planes planes;
  private final UpfirdnTiling.Bundle bundle;
  private final int rate;
  private final int outRate;
  private final int column;
  private final int columns;
  private final MemorySegment s;
  private final int temp;
  private final FilterRows rows;

  /**
   * @param rate input rows for {@code outRate} output rows
   * @param column first column wanted, which may lie outside the plane
   * @param columns columns wanted
   * @param s scratch
   * @param from where {@link #scratch} floats of it may be used
   */
  UpfirdnInput(
      FilterLoops loops,
      Planes planes,
      UpfirdnTiling.Bundle bundle,
      int rate,
      int outRate,
      int column,
      int columns,
      MemorySegment s,
      int from) {
    this.loops = loops;
    this.planes = planes;
    this.bundle = bundle;
    this.rate = rate;
    this.outRate = outRate;
    this.column = column;
    this.columns = columns;
    this.s = s;
    int lanes = loops.lanes();
    temp = from;
    rows = new FilterRows(lanes);
    for (int l = 0; l < lanes; l++) {
      long plane = Math.max(0, bundle.plane(l));
      if (planes.scale != null) {
        rows.factor[l] = planes.scale.get(HostTensor.F32, 4 * plane);
      }
      if (planes.bias != null) {
        rows.term[l] = planes.bias.get(HostTensor.F32, 4 * (plane % planes.channels));
      }
    }
  }

  /** Floats needed. */
  static int scratch(int lanes) {
    return lanes * lanes;
  }

  @Override
  public int room() {
    // Whole squares are written.
    return (columns + loops.lanes()) * loops.lanes();
  }

  @Override
  public int termStep() {
    return 0;
  }

  @Override
  public int row(int y, int dst) {
    int lanes = loops.lanes();
    bundle.find(rows, y, rate, outRate, planes.height, 4L * planes.width);
    int from = Math.max(0, column);
    int to = Math.min(planes.width, column + columns);
    if (to <= from) {
      clear(dst, dst + columns * lanes);
      return dst;
    }
    clear(dst, dst + (from - column) * lanes);
    for (int x = from; x < to; x += lanes) {
      // The last square overlaps the one before it, so that it is whole.
      int first = Math.max(from, Math.min(x, to - lanes));
      int count = Math.min(lanes, to - first);
      int place = dst + (first - column) * lanes;
      loops.gather(planes.data, rows, first, count, s, temp, place);
    }
    clear(dst + (to - column) * lanes, dst + columns * lanes);
    return dst;
  }

  private void clear(int from, int to) {
    s.asSlice(4L * from, 4L * (to - from)).fill((byte) 0);
  }
}
