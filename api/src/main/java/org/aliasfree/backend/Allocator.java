package org.aliasfree.backend;

import java.lang.foreign.MemorySegment;

/** Where all memory of a backend comes from. Safe for use by several threads. */
public interface Allocator {
  /**
   * Memory of at least this many bytes, zeroed, aligned to 64 bytes.
   *
   * @param holder who will hold it, for messages and leak reports: {@code activations of generate}
   * @throws OutOfMemoryException if there is not enough
   */
  Allocation allocate(long bytes, String holder);

  /** A piece of memory; closing it gives it back, closing it again does nothing. */
  interface Allocation extends AutoCloseable {
    /** The memory; of a device, a segment with the device's address that the host cannot read. */
    MemorySegment segment();

    /** Whether the host can read and write the segment. */
    default boolean isHostMemory() {
      return true;
    }

    @Override
    void close();
  }
}
