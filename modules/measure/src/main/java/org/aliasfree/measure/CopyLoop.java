package org.aliasfree.measure;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Copies memory that no cache holds, block after block. */
final class CopyLoop implements Together.Loop {
  private static final long BYTES = 48L << 20;
  private static final long BLOCK = 2L << 20;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment from = arena.allocate(BYTES, 64).fill((byte) 1);
  private final MemorySegment to = arena.allocate(BYTES, 64).fill((byte) 2);
  private long at;

  @Override
  public double run() {
    MemorySegment.copy(from, at, to, at, BLOCK);
    at = (at + BLOCK) % BYTES;
    return 2.0 * BLOCK;
  }

  /** The memory goes back to the system at once, and is in no later measurement. */
  @Override
  public void close() {
    arena.close();
  }
}
