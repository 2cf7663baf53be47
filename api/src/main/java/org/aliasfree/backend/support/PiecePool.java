package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Allocator.Allocation;
import org.jspecify.annotations.Nullable;

/**
 * Small pieces of memory that come and go with every change of the variables. To free native memory
 * that threads share, the JVM stops them all; so once variables have changed under what was
 * prepared from them, pieces are kept for whoever wants the same size next. Large ones are always
 * freed.
 */
final class PiecePool implements AutoCloseable {
  /** Pieces above this are not kept. */
  private static final long LARGEST = 1 << 18;

  /** Bytes kept at most. */
  private static final long MOST = 1 << 25;

  private final Allocator allocator;
  private final Map<Long, Deque<Allocation>> kept = new HashMap<>();
  private long keptBytes;
  private boolean keeping;

  PiecePool(Allocator allocator) {
    this.allocator = allocator;
  }

  /** Memory with any content; see {@link Allocator#allocate}. */
  Allocation allocate(long bytes, String holder) {
    if (bytes > LARGEST) {
      return allocator.allocate(bytes, holder);
    }
    Allocation known = take(bytes);
    return new Piece(known == null ? allocator.allocate(bytes, holder) : known, bytes);
  }

  private synchronized @Nullable Allocation take(long bytes) {
    Deque<Allocation> same = kept.get(bytes);
    Allocation piece = same == null ? null : same.poll();
    keptBytes -= piece == null ? 0 : bytes;
    return piece;
  }

  /** Pieces will come and go from now on. */
  synchronized void keepFromNow() {
    keeping = true;
  }

  private synchronized boolean keep(Allocation piece, long bytes) {
    if (!keeping || keptBytes + bytes > MOST) {
      return false;
    }
    keptBytes += bytes;
    kept.computeIfAbsent(bytes, b -> new ArrayDeque<>()).push(piece);
    return true;
  }

  @Override
  public synchronized void close() {
    keeping = false;
    kept.values().forEach(same -> same.forEach(Allocation::close));
    kept.clear();
  }

  private final class Piece implements Allocation {
    private final Allocation memory;
    private final long bytes;
    private final AtomicBoolean open = new AtomicBoolean(true);

    Piece(Allocation memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }

    @Override
    public MemorySegment segment() {
      return memory.segment();
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false) && !keep(memory, bytes)) {
        memory.close();
      }
    }
  }
}
