package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.aliasfree.tensor.HostTensor;

/** Reads through bytes from front to back and never past their end. */
final class ByteCursor {
  private static final ValueLayout.OfDouble F64_BIG =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int LONGEST_LINE = 1024;

  private final MemorySegment bytes;
  private final long base;
  private final boolean inFile;
  private long at;

  /**
   * @param bytes what is read
   * @param base where the first byte lies in the file; errors name file offsets
   * @param inFile whether the bytes are a stretch of the file itself; if not they were decoded from
   *     something at base
   */
  ByteCursor(MemorySegment bytes, long base, boolean inFile) {
    this.bytes = bytes;
    this.base = base;
    this.inFile = inFile;
  }

  /** Position in the file. */
  long offset() {
    return inFile ? base + at : base;
  }

  long remaining() {
    return bytes.byteSize() - at;
  }

  /** The file offset of a slice taken just now that is {@code size} bytes long. */
  long offsetOfLast(long size) {
    return inFile ? base + at - size : base;
  }

  boolean inFile() {
    return inFile;
  }

  private long take(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw new Malformed(
          offset(),
          what
              + " needs "
              + Long.toUnsignedString(count)
              + " bytes, but only "
              + remaining()
              + " are left; the file is damaged or was cut short.");
    }
    long from = at;
    at += count;
    return from;
  }

  int u8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, take(1, what)) & 0xff;
  }

  int u16(String what) {
    return bytes.get(I16, take(2, what)) & 0xffff;
  }

  int i32(String what) {
    return bytes.get(HostTensor.I32, take(4, what));
  }

  long u32(String what) {
    return i32(what) & 0xffffffffL;
  }

  long i64(String what) {
    return bytes.get(HostTensor.I64, take(8, what));
  }

  double bigEndianDouble(String what) {
    return bytes.get(F64_BIG, take(8, what));
  }

  /** The next {@code count} bytes, sharing memory. */
  MemorySegment slice(long count, String what) {
    return bytes.asSlice(take(count, what), count);
  }

  /** Text up to the next line feed, which is skipped; at most 1024 bytes. */
  String line(String what) {
    long longest = Math.min(remaining(), LONGEST_LINE);
    for (long n = 0; n < longest; n++) {
      if (bytes.get(ValueLayout.JAVA_BYTE, at + n) == '\n') {
        byte[] text = slice(n, what).toArray(ValueLayout.JAVA_BYTE);
        at++;
        return new String(text, StandardCharsets.UTF_8);
      }
    }
    throw new Malformed(
        offset(),
        what
            + " has no end of line within "
            + longest
            + " bytes; the file is damaged or was cut short.");
  }
}
