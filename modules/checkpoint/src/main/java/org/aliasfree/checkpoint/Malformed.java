package org.aliasfree.checkpoint;

/**
 * Something wrong at a byte of the file being read. It becomes a {@link NetworkFileException} where
 * the file's name is known. It carries no stack trace: hostile files would otherwise make their
 * rejection slow.
 */
final class Malformed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long offset;
  private final String reason;

  Malformed(long offset, String reason) {
    super(reason, null, false, false);
    this.offset = offset;
    this.reason = reason;
  }

  /** Byte of the file, or −1. */
  long offset() {
    return offset;
  }

  String reason() {
    return reason;
  }
}
