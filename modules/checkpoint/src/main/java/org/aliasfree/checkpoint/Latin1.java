package org.aliasfree.checkpoint;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Pickles of protocol 2 hold bytes as UTF-8 text of the characters 0 to 255. */
final class Latin1 {
  private static final long LARGEST_ON_HEAP = 64 << 10;

  private Latin1() {}

  /** The bytes that a UTF-8 text of such characters stands for. */
  static MemorySegment encode(MemorySegment utf8, long offset) {
    long size = count(utf8);
    MemorySegment bytes =
        size <= LARGEST_ON_HEAP
            ? MemorySegment.ofArray(new byte[(int) size])
            : Arena.ofAuto().allocate(size, 64);
    long from = 0;
    for (long to = 0; to < size; to++) {
      int lead = utf8.get(ValueLayout.JAVA_BYTE, from++) & 0xff;
      int value = lead;
      if (lead >= 0x80) {
        int next = from < utf8.byteSize() ? utf8.get(ValueLayout.JAVA_BYTE, from++) & 0xff : 0;
        if ((lead != 0xc2 && lead != 0xc3) || (next & 0xc0) != 0x80) {
          throw new Malformed(
              offset,
              "bytes given as latin1 text have a character above 255; the file is damaged.");
        }
        value = (lead & 0x03) << 6 | (next & 0x3f);
      }
      bytes.set(ValueLayout.JAVA_BYTE, to, (byte) value);
    }
    return bytes.asReadOnly();
  }

  /** Number of characters: bytes that do not continue one. */
  private static long count(MemorySegment utf8) {
    long count = 0;
    for (long i = 0; i < utf8.byteSize(); i++) {
      if ((utf8.get(ValueLayout.JAVA_BYTE, i) & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }
}
