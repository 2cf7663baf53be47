package org.aliasfree.backend.support;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Places buffers in one piece of memory so that buffers that are in use at the same time do not
 * overlap: the largest first, each at the lowest address that is free during its life.
 */
public final class BufferPlan {
  private static final long ALIGNMENT = 64;

  private final long[] offsets;
  private final long bytes;

  private BufferPlan(long[] offsets, long bytes) {
    this.offsets = offsets;
    this.bytes = bytes;
  }

  /**
   * The life of a buffer.
   *
   * @param bytes its size
   * @param first step that writes it
   * @param last step that uses it, {@code first} or later
   */
  public record Life(long bytes, int first, int last) {
    private boolean meets(Life other) {
      return first <= other.last && other.first <= last;
    }
  }

  /** Places buffers. */
  public static BufferPlan of(List<Life> lives) {
    long[] offsets = new long[lives.size()];
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < lives.size(); i++) {
      order.add(i);
    }
    order.sort(
        Comparator.comparingLong((Integer i) -> -lives.get(i).bytes()).thenComparing(i -> i));
    List<Integer> placed = new ArrayList<>(); // by offset
    long end = 0;
    for (int i : order) {
      Life life = lives.get(i);
      long at = 0;
      int position = 0;
      for (int k = 0; k < placed.size(); k++) {
        Life other = lives.get(placed.get(k));
        if (!life.meets(other)) {
          continue;
        }
        long otherAt = offsets[placed.get(k)];
        if (at + life.bytes() <= otherAt) {
          break;
        }
        at = Math.max(at, align(otherAt + other.bytes()));
      }
      offsets[i] = at;
      while (position < placed.size() && offsets[placed.get(position)] <= at) {
        position++;
      }
      placed.add(position, i);
      end = Math.max(end, at + life.bytes());
    }
    return new BufferPlan(offsets, align(end));
  }

  private static long align(long offset) {
    return Math.ceilDiv(offset, ALIGNMENT) * ALIGNMENT;
  }

  /** Offset of a buffer, a multiple of 64. */
  public long offset(int buffer) {
    return offsets[buffer];
  }

  /** Size of the whole piece. */
  public long bytes() {
    return bytes;
  }
}
