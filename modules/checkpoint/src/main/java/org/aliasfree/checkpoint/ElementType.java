package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Element types of torch storages and numpy arrays, and the type each has in a {@link HostTensor}.
 */
enum ElementType {
  F16("f2", "HalfStorage", 2, DType.F16),
  /** The upper half of an f32; numpy has no such type. */
  BF16("", "BFloat16Storage", 2, DType.F32),
  F32("f4", "FloatStorage", 4, DType.F32),
  F64("f8", "DoubleStorage", 8, DType.F64),
  I64("i8", "LongStorage", 8, DType.I64),
  I32("i4", "IntStorage", 4, DType.I32),
  I16("i2", "ShortStorage", 2, DType.I32),
  I8("i1", "CharStorage", 1, DType.I32),
  U8("u1", "ByteStorage", 1, DType.U8),
  BOOL("b1", "BoolStorage", 1, DType.U8);

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
      if (type.numpyCode.equals(code) && !code.isEmpty()) {
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

  /** The type that holds elements of a tensor as they are in memory. */
  static ElementType of(DType dtype) {
    return switch (dtype) {
      case F16 -> F16;
      case F32 -> F32;
      case F64 -> F64;
      case I64 -> I64;
      case I32 -> I32;
      case U8 -> U8;
    };
  }

  /** The class of torch that holds such elements. */
  String storageClass() {
    return storageClass;
  }

  /** Bytes in the file. */
  int bytes() {
    return bytes;
  }

  /** Type in memory; bf16 is widened to f32, 8- and 16-bit signed integers to i32. */
  DType dtype() {
    return dtype;
  }

  /** Whether an element is the same bytes in the file and in memory. */
  boolean isNative() {
    return bytes == dtype.bytes();
  }

  /**
   * Copies elements of the file's data, {@code stride} apart, to adjacent elements of a tensor.
   *
   * @param from index of the first element in the data
   * @param to index of the first element in the tensor
   */
  void copy(MemorySegment data, long from, long stride, MemorySegment tensor, long to, long count) {
    for (long i = 0; i < count; i++) {
      long at = from + i * stride;
      switch (this) {
        case BF16 ->
            tensor.set(HostTensor.I32, (to + i) * 4, data.get(HostTensor.F16, at * 2) << 16);
        case I16 -> tensor.set(HostTensor.I32, (to + i) * 4, data.get(HostTensor.F16, at * 2));
        case I8 -> tensor.set(HostTensor.I32, (to + i) * 4, data.get(ValueLayout.JAVA_BYTE, at));
        case U8, BOOL ->
            tensor.set(ValueLayout.JAVA_BYTE, to + i, data.get(ValueLayout.JAVA_BYTE, at));
        case F16 -> tensor.set(HostTensor.F16, (to + i) * 2, data.get(HostTensor.F16, at * 2));
        case F32, I32 -> tensor.set(HostTensor.I32, (to + i) * 4, data.get(HostTensor.I32, at * 4));
        case F64, I64 -> tensor.set(HostTensor.I64, (to + i) * 8, data.get(HostTensor.I64, at * 8));
      }
    }
  }
}
