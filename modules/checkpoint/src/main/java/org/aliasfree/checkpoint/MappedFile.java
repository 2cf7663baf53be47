package org.aliasfree.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A whole file seen as memory. Pages are read when they are touched, so a file costs no heap. The
 * mapping ends when neither it nor any tensor cut from it is reachable any more. A file must not be
 * cut short while it is in use: the process would be told by a fault (an {@link InternalError}) at
 * the next touch.
 */
record MappedFile(Path path, MemorySegment bytes) {
  /**
   * Maps a file read-only.
   *
   * @throws NetworkFileException when it is missing, empty, not a plain file or not readable
   */
  static MappedFile open(Path path) {
    if (!Files.exists(path)) {
      throw new NetworkFileException(path, -1, "there is no such file.", null);
    }
    if (!Files.isRegularFile(path)) {
      String kind = Files.isDirectory(path) ? "a folder" : "not a plain file";
      throw new NetworkFileException(
          path, -1, "this is " + kind + "; a network file is expected.", null);
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size == 0) {
        throw new NetworkFileException(path, 0, "the file is empty.", null);
      }
      return new MappedFile(path, channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto()));
    } catch (AccessDeniedException e) {
      throw new NetworkFileException(path, -1, "the file may not be read (permission denied).", e);
    } catch (IOException e) {
      throw new NetworkFileException(
          path, -1, "the file cannot be read: " + e.getMessage() + ".", e);
    }
  }

  long size() {
    return bytes.byteSize();
  }
}
