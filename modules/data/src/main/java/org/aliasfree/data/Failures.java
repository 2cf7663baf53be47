package org.aliasfree.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong with a file, in words. */
final class Failures {
  private Failures() {}

  /** The reason alone: the name of the file is told by whoever knows it. */
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "permission denied";
      case NoSuchFileException missing -> "it does not exist";
      case FileSystemException named when named.getReason() != null -> named.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }

  /** A file that nobody would take for an image. */
  static IOException tooLarge(long size) {
    return new IOException(
        "it has " + size + " bytes, more than the " + FileSource.LARGEST_FILE + " that are read");
  }
}
