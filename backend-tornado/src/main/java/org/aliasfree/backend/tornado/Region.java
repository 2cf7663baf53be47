package org.aliasfree.backend.tornado;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The arrays of a {@link Layout}; where it needs nothing there is none. */
final class Region implements AutoCloseable {
  private final DeviceArrays.@Nullable Slice floats;
  private final DeviceArrays.@Nullable Slice ints;

  private Region(DeviceArrays.@Nullable Slice floats, DeviceArrays.@Nullable Slice ints) {
    this.floats = floats;
    this.ints = ints;
  }

  /** Allocates arrays of these sizes. */
  static Region allocate(DeviceArrays arrays, long floats, long ints, String holder) {
    DeviceArrays.Slice first = floats == 0 ? null : arrays.allocate(true, floats, holder);
    try {
      DeviceArrays.Slice second = ints == 0 ? null : arrays.allocate(false, ints, holder);
      return new Region(first, second);
    } catch (Throwable t) {
      if (first != null) {
        first.close();
      }
      throw t;
    }
  }

  DeviceArrays.Slice floats() {
    return java.util.Objects.requireNonNull(floats);
  }

  DeviceArrays.Slice ints() {
    return java.util.Objects.requireNonNull(ints);
  }

  /** The arrays that there are. */
  List<Object> arrays() {
    return java.util.stream.Stream.of(floats, ints)
        .filter(java.util.Objects::nonNull)
        .map(DeviceArrays.Slice::array)
        .toList();
  }

  @Override
  public void close() {
    if (floats != null) {
      floats.close();
    }
    if (ints != null) {
      ints.close();
    }
  }
}
