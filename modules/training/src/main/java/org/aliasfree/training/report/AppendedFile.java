package org.aliasfree.training.report;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.aliasfree.AliasFreeException;

/**
 * A file that grows by whole pieces. A piece is with the system when {@link #append} returns, so it
 * outlives the process however that ends; a piece that could not be written in full is taken back.
 */
final class AppendedFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private long size;

  private AppendedFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /**
   * Opens a file, which is made where there is none.
   *
   * @param size bytes to keep; what follows is cut off
   */
  static AppendedFile open(Path path, long size) {
    try {
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        channel.truncate(size);
        return new AppendedFile(path, channel, size);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw cannot("write", path, e);
    }
  }

  Path path() {
    return path;
  }

  void append(ByteBuffer piece) {
    int bytes = piece.remaining();
    try {
      while (piece.hasRemaining()) {
        channel.write(piece, size + bytes - piece.remaining());
      }
      size += bytes;
    } catch (IOException e) {
      AliasFreeException failure = cannot("write", path, e);
      try {
        channel.truncate(size);
      } catch (IOException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  /** Returns when everything is on the disk, not only with the system. */
  void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw cannot("write", path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw cannot("write", path, e);
    }
  }

  static AliasFreeException cannot(String what, Path path, IOException e) {
    String reason =
        switch (e) {
          case AccessDeniedException _ -> "permission denied";
          case NoSuchFileException _ -> "it does not exist";
          case FileSystemException named when named.getReason() != null -> named.getReason();
          default -> String.valueOf(e.getMessage());
        };
    return new AliasFreeException("Cannot " + what + " " + path + ": " + reason + ".", e);
  }
}
