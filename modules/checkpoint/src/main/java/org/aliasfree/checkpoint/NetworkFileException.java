package org.aliasfree.checkpoint;

import java.nio.file.Path;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * A network or tensor file that cannot be read: missing, empty, cut short, of another kind, or with
 * something in it that network files do not hold. The message is one line and names the file, the
 * byte and the cause.
 */
public final class NetworkFileException extends AliasFreeException {
  private static final long serialVersionUID = 1L;

  private final String file;
  private final long offset;

  NetworkFileException(Path file, long offset, String cause, @Nullable Throwable below) {
    super(message(file, offset, cause), below);
    this.file = file.toString();
    this.offset = offset;
  }

  NetworkFileException(Path file, Malformed malformed) {
    this(file, malformed.offset(), malformed.reason(), malformed);
  }

  private static String message(Path file, long offset, String cause) {
    String where = offset < 0 ? "" : "byte " + offset + ": ";
    return Quoted.oneLine(file.toString()) + ": " + where + Quoted.oneLine(cause);
  }

  /** The file as it was named by the caller. */
  public Path file() {
    return Path.of(file);
  }

  /** Byte of the file at which reading stopped, or −1 when the file as a whole is at fault. */
  public long offset() {
    return offset;
  }
}
