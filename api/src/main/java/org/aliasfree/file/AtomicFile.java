package org.aliasfree.file;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
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
    try (UnfinishedFile file = UnfinishedFile.begin(target)) {
      try {
        content.writeTo(file.channel());
      } catch (IOException e) {
        throw file.failure(e);
      }
      file.finish();
    }
  }
}
