package org.aliasfree.backend.cuda;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A copy of elements from places to places along axes, in the largest units that stay together.
 *
 * @param axes merged, the innermost first
 * @param from place of index 0 in the source, in elements; may lie outside where there is nothing
 * @param to place of index 0 in the target
 * @param bytes of an element
 */
record StridedCopy(List<CopyAxis> axes, long from, long to, int bytes) {
  private static final int MOST_AXES = 8;
  private static final long MOST_UNITS = 1L << 31;
  private static final int WIDEST = 16;
  private static final int TILE = 32;
  private static final int LEAST_TRANSPOSED = 16;
  private static final int MOST_OTHER_AXES = 6;

  /** A copy along axes, the outermost first. */
  static StridedCopy of(List<CopyAxis> axes, long from, long to, int bytes) {
    return new StridedCopy(CopyAxis.merged(axes), from, to, bytes);
  }

  private long count() {
    return axes.stream().mapToLong(CopyAxis::size).reduce(1, Math::multiplyExact);
  }

  /** Adds the launches. */
  void launch(long x, long y, Launches launches) {
    long count = count();
    int other = transposed();
    if (count == 0) {
      return;
    }
    if (isLine()) {
      launches.copy(y + to * bytes, x + from * bytes, count * bytes);
    } else if (other > 0) {
      transpose(other, x, y, launches);
    } else {
      inUnits().move(x, y, launches);
    }
  }

  private boolean isLine() {
    return axes.isEmpty()
        || (axes.size() == 1
            && axes.getFirst().isWhole()
            && axes.getFirst().from() == 1
            && axes.getFirst().to() == 1);
  }

  private StridedCopy inUnits() {
    for (int group = WIDEST / bytes; group > 1; group /= 2) {
      int n = group;
      if (from % n == 0
          && to % n == 0
          && IntStream.range(0, axes.size()).allMatch(k -> axes.get(k).fits(k == 0, n))) {
        List<CopyAxis> grouped =
            IntStream.range(0, axes.size()).mapToObj(k -> axes.get(k).inGroups(k == 0, n)).toList();
        return new StridedCopy(grouped, from / n, to / n, bytes * n);
      }
    }
    return this;
  }

  /** Where there are more units or axes than a kernel can count, there are more launches. */
  private void move(long x, long y, Launches launches) {
    long count = count();
    if (count < MOST_UNITS && axes.size() <= MOST_AXES) {
      movePart(count, x, y, launches);
      return;
    }
    CopyAxis outer = axes.getLast();
    long inner = count / outer.size();
    long most = axes.size() > MOST_AXES ? 1 : Math.max(1, (MOST_UNITS - 1) / inner);
    for (long start = 0; start < outer.size(); start += most) {
      long size = Math.min(most, outer.size() - start);
      CopyAxis part =
          new CopyAxis(size, outer.from(), outer.to(), outer.first() - start, outer.end() - start);
      List<CopyAxis> parts = new java.util.ArrayList<>(axes.subList(0, axes.size() - 1));
      parts.add(part);
      new StridedCopy(
              size == 1 ? CopyAxis.merged(parts.reversed()) : List.copyOf(parts),
              from + start * outer.from(),
              to + start * outer.to(),
              bytes)
          .move(x, y, launches);
    }
  }

  private void movePart(long count, long x, long y, Launches launches) {
    Arguments arguments = new Arguments().address(x + from * bytes).address(y + to * bytes);
    for (int k = 0; k < MOST_AXES; k++) {
      CopyAxis axis = k < axes.size() ? axes.get(k) : CopyAxis.of(1, 0, 0);
      arguments
          .int64(axis.from())
          .int64(axis.to())
          .int32(Math.clamp(axis.first(), 0, axis.size()))
          .int32(Math.clamp(axis.end(), 0, axis.size()));
    }
    for (int k = 0; k < MOST_AXES; k++) {
      Divisor.of(k < axes.size() ? axes.get(k).size() : 1).addTo(arguments);
    }
    arguments.int32(Math.max(1, axes.size())).int32(count);
    launches.forEach("move_" + bytes, count, arguments);
  }

  /** The axis along which the source's neighbours lie, if it is worth while to go by tiles. */
  private int transposed() {
    if (axes.size() < 2
        || axes.size() > MOST_OTHER_AXES + 2
        || axes.getFirst().size() < LEAST_TRANSPOSED
        || axes.getFirst().to() != 1
        || !axes.stream().allMatch(CopyAxis::isWhole)) {
      return 0;
    }
    for (int k = 1; k < axes.size(); k++) {
      if (axes.get(k).from() == 1 && axes.get(k).size() >= LEAST_TRANSPOSED) {
        return k;
      }
    }
    return 0;
  }

  private void transpose(int other, long x, long y, Launches launches) {
    CopyAxis rows = axes.getFirst();
    CopyAxis columns = axes.get(other);
    List<CopyAxis> others =
        IntStream.range(1, axes.size()).filter(k -> k != other).mapToObj(axes::get).toList();
    long rowTiles = Math.ceilDiv(rows.size(), TILE);
    long columnTiles = Math.ceilDiv(columns.size(), TILE);
    Arguments arguments =
        new Arguments()
            .address(x + from * bytes)
            .address(y + to * bytes)
            .int64(rows.from())
            .int64(columns.to())
            .int64s(MOST_OTHER_AXES, others.stream().mapToLong(CopyAxis::from).toArray())
            .int64s(MOST_OTHER_AXES, others.stream().mapToLong(CopyAxis::to).toArray())
            .int32s(MOST_OTHER_AXES, others.stream().mapToLong(CopyAxis::size).toArray())
            .int32(others.size())
            .int32(rows.size())
            .int32(columns.size())
            .int32(rowTiles)
            .int32(columnTiles);
    long tiles = rowTiles * columnTiles;
    long blocks = others.stream().mapToLong(CopyAxis::size).reduce(tiles, Math::multiplyExact);
    launches.launch("transpose_" + bytes, blocks, 1, 1, 256, 0, arguments);
  }
}
