package org.aliasfree.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.aliasfree.AliasFreeException;

/**
 * Writes a file so that it is either there in full or not at all: into a file of another name in
 * the same folder, then to the disk, then renamed over the target in one step.
 */
public final class AtomicFile {
  /** Puts the bytes. */
  @FunctionalInterface
  public interface Content {
    /** Writes all of the file. */
    void writeTo(FileChannel channel) throws IOException;
  }

  private AtomicFile() {}

  /** As {@link #write(Path, Content)}, of bytes that are in memory. */
  public static void write(Path target, byte[] bytes) {
    write(target, List.of(MemorySegment.ofArray(bytes)));
  }

  /**
   * As {@link #write(Path, Content)}, of bytes that are in memory.
   *
   * @param parts one after the other, each less than 2 GiB
   */
  public static void write(Path target, List<MemorySegment> parts) {
    write(
        target,
        channel -> {
          for (MemorySegment part : parts) {
            ByteBuffer left = part.asByteBuffer();
            while (left.hasRemaining()) {
              channel.write(left);
            }
          }
        });
  }

  /**
   * Writes or replaces {@code target}. When that fails nothing new is left in the folder and an
   * earlier file of that name is as it was.
   *
   * @throws AliasFreeException naming the file and what the system says
   */
  public static void write(Path target, Content content) {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(target)) {
      throw new AliasFreeException("Cannot write " + target + ": it is a folder, not a file.");
    }
    if (!Files.isDirectory(folder)) {
      throw new AliasFreeException(
          "Cannot write " + target + ": the folder " + folder + " does not exist.");
    }
    Path part = null;
    try {
      part = writePart(folder, target, content);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      part = null;
      syncFolder(folder);
    } catch (AccessDeniedException e) {
      throw new AliasFreeException("Cannot write " + target + ": permission denied.", e);
    } catch (IOException e) {
      throw new AliasFreeException(
          "Cannot write " + target + ": " + reason(e) + ". Nothing was left behind.", e);
    } finally {
      deleteQuietly(part);
    }
  }

  /** What went wrong, without the name of the passing file. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException named) {
      String reason = named.getReason();
      return reason == null
          ? "the system refuses it (" + e.getClass().getSimpleName() + ")"
          : reason;
    }
    return String.valueOf(e.getMessage());
  }

  private static Path writePart(Path folder, Path target, Content content) throws IOException {
    while (true) {
      String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
      Path part = folder.resolve("." + target.getFileName() + "." + random + ".part");
      boolean done = false;
      try (FileChannel channel =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
        done = true;
        return part;
      } catch (FileAlreadyExistsException e) {
        done = true; // somebody else's: keep it and draw another name
      } finally {
        if (!done) {
          deleteQuietly(part);
        }
      }
    }
  }

  /**
   * Makes the rename itself durable. Not every system lets a folder be opened; the data is safe
   * without.
   */
  private static void syncFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      System.getLogger(AtomicFile.class.getName())
          .log(System.Logger.Level.DEBUG, "The folder {0} cannot be synced.", folder);
    }
  }

  private static void deleteQuietly(@org.jspecify.annotations.Nullable Path part) {
    if (part == null) {
      return;
    }
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      System.getLogger(AtomicFile.class.getName())
          .log(System.Logger.Level.WARNING, "The unfinished file {0} could not be removed.", part);
    }
  }
}
