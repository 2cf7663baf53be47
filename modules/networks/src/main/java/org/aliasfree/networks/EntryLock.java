package org.aliasfree.networks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to change an entry of the cache, held by one thread of one process of this machine. The
 * system gives it back when the process dies.
 */
final class EntryLock implements AutoCloseable {
  private static final long POLL_MILLIS = 50;

  /** A process holds locks of files as a whole, so its threads need locks of their own. */
  private static final ConcurrentHashMap<Path, ReentrantLock> IN_PROCESS =
      new ConcurrentHashMap<>();

  private final ReentrantLock local;
  private final FileChannel channel;

  private EntryLock(ReentrantLock local, FileChannel channel) {
    this.local = local;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file is made, stays empty and is never removed: whoever waits has it open
   * @param waiting is called once when somebody else has the lock
   */
  static EntryLock take(Path file, Runnable waiting) throws IOException, InterruptedException {
    ReentrantLock local =
        IN_PROCESS.computeIfAbsent(file.toAbsolutePath(), _ -> new ReentrantLock());
    boolean told = !local.tryLock();
    if (told) {
      waiting.run();
      local.lockInterruptibly();
    }
    boolean taken = false;
    try {
      FileChannel channel = locked(file, told, waiting);
      taken = true;
      return new EntryLock(local, channel);
    } finally {
      if (!taken) {
        local.unlock();
      }
    }
  }

  private static FileChannel locked(Path file, boolean told, Runnable waiting)
      throws IOException, InterruptedException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      for (boolean first = !told; tryLock(channel) == null; first = false) {
        if (first) {
          waiting.run();
        }
        Thread.sleep(POLL_MILLIS);
      }
      locked = true;
      return channel;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  /** Null when somebody else has it, be it another copy of this class in this process. */
  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close(); // which gives the lock of the file back
    } finally {
      local.unlock();
    }
  }
}
