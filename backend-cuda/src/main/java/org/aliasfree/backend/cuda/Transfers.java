package org.aliasfree.backend.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Copies between any memory of the host and the device, now, by way of a piece of memory that the
 * device reaches. Used under the driver's monitor.
 */
final class Transfers implements AutoCloseable {
  private static final long PIECE = 4 << 20;

  private final Driver driver;
  private final Arena arena = Arena.ofShared();
  private @Nullable MemorySegment staging;

  Transfers(Driver driver) {
    this.driver = driver;
  }

  private MemorySegment staging() {
    MemorySegment known = staging;
    if (known == null) {
      known = driver.allocateHost(PIECE, arena);
      staging = known;
    }
    return known;
  }

  /** Copies to the device. */
  void upload(long to, MemorySegment from) {
    for (long at = 0; at < from.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, from.byteSize() - at);
      MemorySegment piece = staging().asSlice(0, bytes);
      piece.copyFrom(from.asSlice(at, bytes));
      driver.submit(List.of(new Driver.Upload(to + at, piece)));
      driver.await();
    }
  }

  /** Copies to the host. */
  void download(MemorySegment to, long from) {
    for (long at = 0; at < to.byteSize(); at += PIECE) {
      long bytes = Math.min(PIECE, to.byteSize() - at);
      MemorySegment piece = staging().asSlice(0, bytes);
      driver.submit(List.of(new Driver.Download(piece, from + at)));
      driver.await();
      to.asSlice(at, bytes).copyFrom(piece);
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
