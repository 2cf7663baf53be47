package org.aliasfree.backend.support;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.OutOfMemoryException;

/** Memory of the host outside the Java heap, counted. */
public final class NativeAllocator implements Allocator {
  private final AtomicLong live = new AtomicLong();
  private final AtomicLong pieces = new AtomicLong();

  /** An allocator that has given out nothing yet. */
  public NativeAllocator() {}

  /** Bytes given out and not given back. */
  public long liveBytes() {
    return live.get();
  }

  /** Allocations not given back. */
  public long livePieces() {
    return pieces.get();
  }

  @Override
  @SuppressWarnings("MustBeClosedChecker") // The allocation closes it.
  public Allocation allocate(long bytes, String holder) {
    Arena arena = Arena.ofShared();
    MemorySegment segment;
    try {
      segment = arena.allocate(bytes, 64);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw new OutOfMemoryException(
          bytes,
          holder,
          "main memory, of which this backend holds "
              + live.get()
              + ". Use a smaller batch or resolution, or allow more (-XX:MaxDirectMemorySize does not limit it; the system does).",
          e);
    }
    live.addAndGet(bytes);
    pieces.incrementAndGet();
    AtomicBoolean open = new AtomicBoolean(true);
    return new Allocation() {
      @Override
      public MemorySegment segment() {
        return segment;
      }

      @Override
      public void close() {
        if (open.compareAndSet(true, false)) {
          arena.close();
          live.addAndGet(-bytes);
          pieces.decrementAndGet();
        }
      }
    };
  }
}
