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

  /** A file decides how long some causes are: those that list its names. */
  private static final int LONGEST_CAUSE = 2000;

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
    String shown =
        cause.length() <= LONGEST_CAUSE ? cause : cause.substring(0, LONGEST_CAUSE) + "….";
    return Quoted.oneLine(file.toString()) + ": " + where + Quoted.oneLine(shown);
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
