package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.support.BufferPlan;

/**
 * Offsets in one piece of memory: first it is said what is needed and when, then the size is known.
 *
 * @param <K> what an offset is for
 */
final class Layout<K> {
  private final Map<K, Integer> known = new HashMap<>();
  private final List<BufferPlan.Life> lives = new ArrayList<>();
  private BufferPlan plan = BufferPlan.of(List.of());

  /** Bytes that are in use from one step to another. Asking twice for a key is asked once. */
  void need(K key, long bytes, int first, int last) {
    if (known.putIfAbsent(key, lives.size()) == null) {
      lives.add(new BufferPlan.Life(bytes, first, last));
    }
  }

  /** Nothing more is needed. */
  void close() {
    plan = BufferPlan.of(lives);
  }

  /** Size of the whole piece. */
  long bytes() {
    return plan.bytes();
  }

  /** Whether something is needed for the key. */
  boolean has(K key) {
    return known.containsKey(key);
  }

  /** The offset for a key, a multiple of 64. */
  long offset(K key) {
    return plan.offset(Objects.requireNonNull(known.get(key), () -> "no place for " + key));
  }
}
