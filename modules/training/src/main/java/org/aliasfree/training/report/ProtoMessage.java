package org.aliasfree.training.report;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message in the binary form of Protocol Buffers: as much of it as event files need.
 * Fields must come in the order of their numbers.
 */
final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** An int32 or int64; 0 is the default, which is not written. */
  ProtoMessage integer(int field, long value) {
    if (value != 0) {
      key(field, VARINT);
      varint(value);
    }
    return this;
  }

  /** A double; 0 is the default, which is not written. */
  ProtoMessage float64(int field, double value) {
    long bits = Double.doubleToLongBits(value);
    if (bits != 0) {
      key(field, FIXED64);
      littleEndian(bits, 8);
    }
    return this;
  }

  /** A float of a oneof, where 0 is written too. */
  ProtoMessage float32(int field, float value) {
    key(field, FIXED32);
    littleEndian(Float.floatToIntBits(value), 4);
    return this;
  }

  ProtoMessage string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtoMessage message(int field, ProtoMessage value) {
    return bytes(field, value.toBytes());
  }

  ProtoMessage bytes(int field, byte[] value) {
    key(field, BYTES);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  byte[] toBytes() {
    return out.toByteArray();
  }

  private void key(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private void littleEndian(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (bits >>> (8 * i)));
    }
  }
}
