package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.support.BufferPlan;
import org.aliasfree.tensor.DType;

/**
 * Places for tensors in two regions, one of {@code float[]} and one of {@code int[]}: first it is
 * said what is needed and when, then the sizes are known, arrays are allocated, and there are
 * places.
 *
 * @param <K> what a place is for
 */
final class Layout<K> {
  private final Half floats = new Half();
  private final Half ints = new Half();

  private final class Half {
    final Map<K, Integer> known = new HashMap<>();
    final List<BufferPlan.Life> lives = new ArrayList<>();
    BufferPlan plan = BufferPlan.of(List.of());
  }

  private Half half(boolean isFloat) {
    return isFloat ? floats : ints;
  }

  /** Elements that are in use from one step to another. Asking twice for a key is asked once. */
  void need(K key, DType dtype, long elements, int first, int last) {
    Half half = half(Place.isFloat(dtype));
    if (half.known.putIfAbsent(key, half.lives.size()) == null) {
      half.lives.add(new BufferPlan.Life(4 * elements, first, last));
    }
  }

  /** Elements that are in use all the time. */
  void need(K key, DType dtype, long elements) {
    need(key, dtype, elements, 0, Integer.MAX_VALUE);
  }

  /** Nothing more is needed. */
  void close() {
    floats.plan = BufferPlan.of(floats.lives);
    ints.plan = BufferPlan.of(ints.lives);
  }

  /** Elements of the region. */
  long size(boolean isFloat) {
    Half half = half(isFloat);
    // Tensors without elements want a place as well.
    return half.lives.isEmpty() ? 0 : Math.max(1, half.plan.bytes() / 4);
  }

  /** Whether there is a place for this. */
  boolean has(K key) {
    return floats.known.containsKey(key) || ints.known.containsKey(key);
  }

  /** The place for what was asked for. */
  Place place(K key, Region region) {
    Integer buffer = floats.known.get(key);
    if (buffer != null) {
      return region.floats().at(floats.plan.offset(buffer) / 4);
    }
    buffer = java.util.Objects.requireNonNull(ints.known.get(key), () -> "no place for " + key);
    return region.ints().at(ints.plan.offset(buffer) / 4);
  }
}
