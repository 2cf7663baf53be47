package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.backend.support.StridedAxes;
import org.aliasfree.tensor.DType;

/**
 * One launch of a reduction: where there are few outputs, each is combined in parts, which are
 * combined in turn.
 *
 * @param kept axes of the outputs, by strides of what is combined
 * @param combined axes that are combined
 * @param near whether neighbours are combined with each other
 * @param group neighbours that a thread takes at once
 * @param lanes threads for an output, where near; outputs side by side in a block, where not
 * @param parts of each output
 */
record ReductionStage(
    StridedAxes kept, StridedAxes combined, boolean near, int group, int lanes, long parts) {
  private static final int THREADS = 256;
  private static final int WARP = 32;
  private static final int MOST_AXES = 6;
  private static final int ENOUGH_FOR_BLOCK = 1024; // groups
  private static final int LEAST_FOR_THREAD = 16;
  private static final int BLOCKS = 1024; // that keep a device busy

  /** What elements are combined as, and how many of them are loaded at once. */
  enum Values {
    HALVES(8, 4),
    FLOATS(4),
    INTEGERS(4),
    /** Parts of sums of integers. */
    LONGS();

    @SuppressWarnings("ImmutableEnumChecker") // List.of gives one that cannot change
    private final List<Integer> groups;

    Values(Integer... groups) {
      this.groups = List.of(groups);
    }

    static Values of(DType dtype) {
      return switch (dtype) {
        case F16 -> HALVES;
        case F32 -> FLOATS;
        case I32, U8 -> INTEGERS;
        case F64, I64 -> throw new IllegalArgumentException("kernels have no " + dtype.label());
      };
    }
  }

  /** A launch that combines along axes. */
  static ReductionStage of(StridedAxes kept, StridedAxes combined, Values values) {
    boolean near =
        combined.rank() > 0 && (kept.rank() == 0 || combined.stride(0, 0) < kept.stride(0, 0));
    StridedAxes innermost = near || kept.rank() == 0 ? combined : kept;
    int group =
        values.groups.stream()
            .filter(g -> innermost.rank() > 0 && innermost.sizes().getFirst() % g == 0)
            .findFirst()
            .orElse(1);
    long outputs = near ? kept.count() : Math.ceilDiv(kept.count(), group);
    long count = near ? combined.count() / group : combined.count();
    int lanes = near ? lanes(count) : powerOfTwo(Math.min(WARP, outputs));
    long blocks = Math.max(1, Math.ceilDiv(outputs, near ? THREADS / lanes : lanes));
    long each = LEAST_FOR_THREAD * (long) (near ? lanes : THREADS / lanes);
    long parts = Math.max(1, Math.min(BLOCKS / blocks, count / each));
    long length = Math.ceilDiv(count, parts);
    return new ReductionStage(
        kept, combined, near, group, lanes, length == 0 ? 1 : Math.ceilDiv(count, length));
  }

  private static int lanes(long count) {
    return count >= ENOUGH_FOR_BLOCK
        ? THREADS
        : powerOfTwo(Math.clamp(Math.ceilDiv(count, 2), 1, WARP));
  }

  private static int powerOfTwo(long least) {
    return Math.toIntExact(Long.highestOneBit(Math.max(1, 2 * least - 1)));
  }

  /** Number of results: of all parts. */
  long count() {
    return Math.multiplyExact(kept.count(), parts);
  }

  /** The launch that combines the parts. */
  ReductionStage next(boolean floats) {
    long outputs = kept.count();
    return of(line(outputs, 1), line(parts, outputs), floats ? Values.FLOATS : Values.LONGS);
  }

  private static StridedAxes line(long size, long stride) {
    return size == 1
        ? new StridedAxes(List.of(), List.of(List.of()))
        : new StridedAxes(List.of(size), List.of(List.of(stride)));
  }

  /**
   * Where a launch reads and writes.
   *
   * @param from address
   * @param fromType as kernels number it
   * @param other address of what the elements are multiplied by, of {@code otherType}; 0 for none
   */
  record Ends(long from, int fromType, long other, int otherType, long to, int toType) {}

  /**
   * Adds the launch.
   *
   * @param maximum whether the largest is looked for, not the sum
   */
  void launch(String kernel, Ends ends, boolean maximum, Launches launches) {
    long outputs = near ? kept.count() : kept.count() / group;
    long groups = near ? combined.count() / group : combined.count();
    Arguments arguments = new Arguments().address(ends.from).address(ends.to).address(ends.other);
    addStrides(kept, !near, arguments);
    addStrides(combined, near, arguments);
    addSizes(kept, !near, arguments);
    addSizes(combined, near, arguments);
    arguments
        .int32(Math.max(1, kept.rank()))
        .int32(Math.max(1, combined.rank()))
        .int32(outputs)
        .int32(groups)
        .int32(Math.ceilDiv(groups, parts))
        .int32(lanes)
        .int32(ends.fromType)
        .int32(ends.toType)
        .int32(maximum ? 1 : 0)
        .int32(ends.otherType);
    long blocks = Math.ceilDiv(outputs, near ? THREADS / lanes : lanes);
    String name = kernel + (near ? "near_" : "far_") + group;
    launches.launch(name, blocks, parts, 1, THREADS, 0, arguments);
  }

  private void addStrides(StridedAxes axes, boolean grouped, Arguments arguments) {
    for (int k = 0; k < MOST_AXES; k++) {
      long stride = k < axes.rank() ? axes.stride(0, k) : 0;
      arguments.int64(grouped && k == 0 ? stride * group : stride);
    }
  }

  private void addSizes(StridedAxes axes, boolean grouped, Arguments arguments) {
    for (int k = 0; k < MOST_AXES; k++) {
      long size = k < axes.rank() ? Math.max(1, axes.sizes().get(k)) : 1;
      Divisor.of(grouped && k == 0 ? Math.max(1, size / group) : size).addTo(arguments);
    }
  }
}
