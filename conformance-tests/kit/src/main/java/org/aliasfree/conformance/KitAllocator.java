package org.aliasfree.conformance;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.OutOfMemoryException;

/**
 * Watches a backend's allocator: fences every piece of memory, fills it with rubbish when asked to,
 * fails when asked to, and counts what was not given back. Memory that the host cannot reach is
 * counted only.
 */
final class KitAllocator implements Allocator {
  /** Bytes before and after each piece; a multiple of its alignment. */
  private static final int FENCE = 192;

  private static final byte FENCE_BYTE = 0x5c;

  /** Makes floats NaN and indices negative. */
  private static final byte RUBBISH = (byte) 0xff;

  private final Allocator inner;
  private final Set<Piece> live = ConcurrentHashMap.newKeySet();
  private final AtomicLong made = new AtomicLong();
  private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicBoolean onHost = new AtomicBoolean(true);
  private volatile boolean filling;
  private volatile String broken = "";

  KitAllocator(Allocator inner) {
    this.inner = inner;
  }

  @Override
  public Allocation allocate(long bytes, String holder) {
    if (left.getAndUpdate(n -> Math.max(0, n - 1)) == 0) {
      throw new OutOfMemoryException(
          bytes, holder, "memory that the conformance tests keep back; nothing can help.", null);
    }
    made.incrementAndGet();
    Allocation whole = inner.allocate(bytes + 2 * FENCE, holder);
    if (!whole.isHostMemory()) {
      onHost.set(false);
    }
    Piece piece = new Piece(whole, bytes, holder);
    live.add(piece);
    return piece;
  }

  /** From now on new memory holds rubbish, or zeros again. */
  void fillWithRubbish(boolean yes) {
    filling = yes;
  }

  /** Allocations from now on until the first fails. */
  void allow(int allocations) {
    left.set(allocations);
  }

  /** Ends the failing. */
  void allowAll() {
    left.set(Integer.MAX_VALUE);
  }

  /** Pieces not given back. */
  int livePieces() {
    return live.size();
  }

  /** Who holds what was not given back. */
  String holders() {
    return String.join(", ", live.stream().map(p -> p.holder + " " + p.bytes + " bytes").toList());
  }

  /** Allocations ever made. */
  long made() {
    return made.get();
  }

  /** Whether all memory so far could be reached by the host, and fences mean something. */
  boolean isHostMemory() {
    return onHost.get();
  }

  /** What was written outside a piece of memory, as a sentence; empty when nothing was. */
  String brokenFence() {
    live.forEach(Piece::checkFence);
    return broken;
  }

  private final class Piece implements Allocation {
    private final Allocation whole;
    private final long bytes;
    private final String holder;
    private final MemorySegment inside;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Piece(Allocation whole, long bytes, String holder) {
      this.whole = whole;
      this.bytes = bytes;
      this.holder = holder;
      inside = whole.segment().asSlice(FENCE, bytes);
      if (whole.isHostMemory()) {
        whole.segment().asSlice(0, FENCE).fill(FENCE_BYTE);
        whole.segment().asSlice(FENCE + bytes, FENCE).fill(FENCE_BYTE);
        if (filling) {
          inside.fill(RUBBISH);
        }
      }
    }

    private void checkFence() {
      if (!whole.isHostMemory()) {
        return;
      }
      for (int i = 0; i < FENCE; i++) {
        check(i, i - FENCE);
        check(FENCE + bytes + i, bytes + i);
      }
    }

    private void check(long at, long offset) {
      if (whole.segment().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at) != FENCE_BYTE) {
        broken = "byte " + offset + " of the " + bytes + " bytes of \"" + holder + "\" was written";
      }
    }

    @Override
    public MemorySegment segment() {
      return inside;
    }

    @Override
    public boolean isHostMemory() {
      return whole.isHostMemory();
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        checkFence();
        live.remove(this);
        whole.close();
      }
    }
  }
}
