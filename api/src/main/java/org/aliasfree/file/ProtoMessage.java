package org.aliasfree.file;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;

/**
 * Writes a message in the binary form of <a
 * href="https://protobuf.dev/programming-guides/encoding/">Protocol Buffers</a>: as much of it as
 * TensorBoard's event files and ONNX models need. Fields should come in the order of their numbers.
 * Large values are referred to, not copied, and must stay as they are until the message was
 * written.
 */
public final class ProtoMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Up to here bytes are copied. */
  private static final int SMALL = 1 << 16;

  private final List<MemorySegment> parts = new ArrayList<>();
  private final ByteArrayOutputStream end = new ByteArrayOutputStream();

  /** The bytes in {@link #parts}. */
  private long size;

  /** A message without fields. */
  public ProtoMessage() {}

  /** An int32, int64, bool or enum; 0 is the default, which is not written. */
  public ProtoMessage integer(int field, long value) {
    return value == 0 ? this : element(field, value);
  }

  /** As {@link #integer}, where 0 is written too: of a oneof, or one of a repeated field. */
  public ProtoMessage element(int field, long value) {
    key(field, VARINT);
    varint(value);
    return this;
  }

  /** A double; 0 is the default, which is not written. */
  public ProtoMessage float64(int field, double value) {
    long bits = Double.doubleToLongBits(value);
    if (bits != 0) {
      key(field, FIXED64);
      littleEndian(bits, Double.BYTES);
    }
    return this;
  }

  /** A float of a oneof, where 0 is written too. */
  public ProtoMessage float32(int field, float value) {
    key(field, FIXED32);
    littleEndian(Float.floatToIntBits(value), Float.BYTES);
    return this;
  }

  /** A string. */
  public ProtoMessage string(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes. */
  public ProtoMessage bytes(int field, byte[] value) {
    return bytes(field, MemorySegment.ofArray(value));
  }

  /** Bytes. */
  public ProtoMessage bytes(int field, MemorySegment value) {
    key(field, BYTES);
    varint(value.byteSize());
    append(value);
    return this;
  }

  /** A message, as it is now. */
  public ProtoMessage message(int field, ProtoMessage value) {
    key(field, BYTES);
    varint(value.size());
    value.segments().forEach(this::append);
    return this;
  }

  /** Bytes of the message. */
  public long size() {
    return size + end.size();
  }

  /** The message in pieces, each to be written after the other. */
  public List<MemorySegment> segments() {
    List<MemorySegment> all = new ArrayList<>(parts);
    all.add(MemorySegment.ofArray(end.toByteArray()));
    return all;
  }

  /** The message in one piece. */
  public byte[] toBytes() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw new AliasFreeException(
          "A message of " + size() + " bytes is too large for an array; write it in pieces.");
    }
    byte[] all = new byte[(int) size()];
    MemorySegment target = MemorySegment.ofArray(all);
    long at = 0;
    for (MemorySegment part : segments()) {
      MemorySegment.copy(part, 0, target, at, part.byteSize());
      at += part.byteSize();
    }
    return all;
  }

  private void append(MemorySegment value) {
    if (value.byteSize() <= SMALL) {
      end.writeBytes(value.toArray(ValueLayout.JAVA_BYTE));
      return;
    }
    byte[] before = end.toByteArray();
    end.reset();
    parts.add(MemorySegment.ofArray(before));
    parts.add(value.asReadOnly());
    size += before.length + value.byteSize();
  }

  private void key(int field, int wireType) {
    varint(((long) field << 3) | wireType);
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      end.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    end.write((int) rest);
  }

  private void littleEndian(long bits, int bytes) {
    for (int i = 0; i < bytes; i++) {
      end.write((int) (bits >>> (8 * i)));
    }
  }
}
