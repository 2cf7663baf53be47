package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Element types of torch storages and numpy arrays, and the type each has in a {@link HostTensor}.
 */
enum ElementType {
  F16("f2", "HalfStorage", 2, DType.F16),
  F32("f4", "FloatStorage", 4, DType.F32),
  F64("f8", "DoubleStorage", 8, DType.F64),
  I64("i8", "LongStorage", 8, DType.I64),
  I32("i4", "IntStorage", 4, DType.I32),
  I16("i2", "ShortStorage", 2, DType.I32),
  I8("i1", "CharStorage", 1, DType.I32),
  U8("u1", "ByteStorage", 1, DType.U8),
  BOOL("b1", "BoolStorage", 1, DType.U8);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String numpyCode;
  private final String storageClass;
  private final int bytes;
  private final DType dtype;

  ElementType(String numpyCode, String storageClass, int bytes, DType dtype) {
    this.numpyCode = numpyCode;
    this.storageClass = storageClass;
    this.bytes = bytes;
    this.dtype = dtype;
  }

  static @Nullable ElementType ofNumpy(String code) {
    for (ElementType type : values()) {
      if (type.numpyCode.equals(code)) {
        return type;
      }
    }
    return null;
  }

  static @Nullable ElementType ofStorage(String storageClass) {
    for (ElementType type : values()) {
      if (type.storageClass.equals(storageClass)) {
        return type;
      }
    }
    return null;
  }

  /** Bytes in the file. */
  int bytes() {
    return bytes;
  }

  /** Type in memory; 8- and 16-bit signed integers are widened to i32. */
  DType dtype() {
    return dtype;
  }

  /** Whether an element is the same bytes in the file and in memory. */
  boolean isNative() {
    return bytes == dtype.bytes();
  }

  /** Copies element {@code from} of the file's data to element {@code to} of a tensor. */
  void copy(MemorySegment data, long from, MemorySegment tensor, long to) {
    switch (this) {
      case I16 -> tensor.set(HostTensor.I32, to * 4, data.get(SHORT, from * 2));
      case I8 -> tensor.set(HostTensor.I32, to * 4, data.get(ValueLayout.JAVA_BYTE, from));
      default -> MemorySegment.copy(data, from * bytes, tensor, to * bytes, bytes);
    }
  }
}
