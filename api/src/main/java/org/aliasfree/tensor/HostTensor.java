package org.aliasfree.tensor;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.aliasfree.AliasFreeException;

/**
 * A dense row-major tensor in host memory: a type and the segment with its little-endian elements.
 * The segment may be a slice of a mapped file or a heap array; who made it decides how long it
 * lives.
 *
 * @param type element type and shape
 * @param data exactly {@code type.bytes()} bytes
 */
public record HostTensor(TensorType type, MemorySegment data) {
  /** Layouts that read a segment at any alignment, little-endian. */
  public static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** As {@link #F32}, for doubles. */
  public static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** As {@link #F32}, for 32-bit integers. */
  public static final ValueLayout.OfInt I32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** As {@link #F32}, for 64-bit integers. */
  public static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** As {@link #F32}, for the bits of a binary16. */
  public static final ValueLayout.OfShort F16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Checks that the segment has the size that the type needs. */
  public HostTensor {
    if (data.byteSize() != type.bytes()) {
      throw new AliasFreeException(
          "A tensor of type "
              + type
              + " needs "
              + type.bytes()
              + " bytes, but its memory has "
              + data.byteSize()
              + ".");
    }
  }

  /** Zeroed memory of its own, freed when the tensor is no longer reachable. */
  public static HostTensor allocate(TensorType type) {
    return allocate(type, Arena.ofAuto());
  }

  /** Zeroed memory from an allocator, which decides when it is freed. */
  public static HostTensor allocate(TensorType type, SegmentAllocator allocator) {
    return new HostTensor(type, allocator.allocate(type.bytes(), 64));
  }

  /** A scalar. */
  public static HostTensor scalar(DType dtype, double value) {
    HostTensor t = allocate(new TensorType(dtype, Shape.SCALAR));
    t.set(0, value);
    return t;
  }

  /** Element type. */
  public DType dtype() {
    return type.dtype();
  }

  /** Shape. */
  public Shape shape() {
    return type.shape();
  }

  /** Element at a row-major index, widened; integers beyond 2^53 lose digits. */
  public double get(long index) {
    return switch (type.dtype()) {
      case F16 -> Float.float16ToFloat(data.get(F16, index * 2));
      case F32 -> data.get(F32, index * 4);
      case F64 -> data.get(F64, index * 8);
      case I32 -> data.get(I32, index * 4);
      case I64 -> data.get(I64, index * 8);
      case U8 -> data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    };
  }

  /**
   * Stores an element, rounded to the nearest of the element type; integers are truncated and not
   * range-checked.
   */
  public void set(long index, double value) {
    switch (type.dtype()) {
      case F16 -> data.set(F16, index * 2, Halves.fromDouble(value));
      case F32 -> data.set(F32, index * 4, (float) value);
      case F64 -> data.set(F64, index * 8, value);
      case I32 -> data.set(I32, index * 4, (int) value);
      case I64 -> data.set(I64, index * 8, (long) value);
      case U8 -> data.set(ValueLayout.JAVA_BYTE, index, (byte) (int) value);
    }
  }

  /**
   * A copy with other elements, each rounded to the nearest; the same tensor when nothing changes.
   */
  public HostTensor to(DType other) {
    if (other == type.dtype()) {
      return this;
    }
    HostTensor copy = allocate(type.withDType(other));
    for (long i = 0; i < type.elements(); i++) {
      copy.set(i, get(i));
    }
    return copy;
  }

  /** The same memory seen in another shape with as many elements. */
  public HostTensor reshape(long... sizes) {
    return new HostTensor(type.withShape(Shape.of(sizes)), data);
  }

  /** The part with one index of the outermost axis, sharing the memory: image n of a batch. */
  public HostTensor row(long n) {
    long[] s = type.shape().toArray();
    if (s.length == 0 || n < 0 || n >= s[0]) {
      throw new AliasFreeException(
          "Row " + n + " does not exist in a tensor of type " + type + ".");
    }
    TensorType rowType = TensorType.of(type.dtype(), java.util.Arrays.copyOfRange(s, 1, s.length));
    return new HostTensor(rowType, data.asSlice(n * rowType.bytes(), rowType.bytes()));
  }
}
