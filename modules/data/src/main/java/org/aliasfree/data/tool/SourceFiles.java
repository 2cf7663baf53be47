package org.aliasfree.data.tool;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.aliasfree.AliasFreeException;

/** Reading what somebody else wrote: bounded, and with reasons in words. */
final class SourceFiles {
  /** No picture has a larger file; what claims so is damaged or an attack. */
  static final long LARGEST = 1L << 28;

  /** A file with the labels of this many pictures is longer than any. */
  static final long LARGEST_JSON = 1L << 30;

  private SourceFiles() {}

  /** All bytes of a file; its size is bounded by {@link #LARGEST}. */
  static byte[] read(Path file) {
    try (SeekableByteChannel channel = Files.newByteChannel(file);
        InputStream in = Channels.newInputStream(channel)) {
      return read(in, channel.size(), LARGEST);
    } catch (IOException e) {
      throw new AliasFreeException("cannot be read: " + reason(e) + ".", e);
    }
  }

  /** All bytes of a stream that says how many there are. */
  static byte[] read(InputStream in, long size, long largest) throws IOException {
    if (size > largest) {
      throw new AliasFreeException(
          "has " + size + " bytes; more than " + largest + " are refused.");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new EOFException("it ends after " + bytes.length + " of " + size + " bytes");
    }
    if (in.read() >= 0) {
      throw new AliasFreeException("has more bytes than the " + size + " that it says it has.");
    }
    return bytes;
  }

  /** Size and time of a file. */
  static String fingerprint(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime();
    } catch (IOException e) {
      return reason(e);
    }
  }

  /** Why the system refused, as a part of a sentence without its end. */
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "there is no such file any more";
      case EOFException _ when e.getMessage() == null || e.getMessage().startsWith("Unexpected") ->
          "it ends too early";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    };
  }
}
