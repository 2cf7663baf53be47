package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.tensor.DType;

/** Element access by type, for the kernels whose speed does not matter. */
enum Elements {
  /** f32. */
  F32 {
    @Override
    double get(MemorySegment data, long index) {
      return data.getAtIndex(ValueLayout.JAVA_FLOAT, index);
    }

    @Override
    void set(MemorySegment data, long index, double value) {
      data.setAtIndex(ValueLayout.JAVA_FLOAT, index, (float) value);
    }
  },
  /** i32. */
  I32 {
    @Override
    double get(MemorySegment data, long index) {
      return data.getAtIndex(ValueLayout.JAVA_INT, index);
    }

    @Override
    void set(MemorySegment data, long index, double value) {
      data.setAtIndex(ValueLayout.JAVA_INT, index, (int) (long) value);
    }
  },
  /** u8. */
  U8 {
    @Override
    double get(MemorySegment data, long index) {
      return data.get(ValueLayout.JAVA_BYTE, index) & 0xff;
    }

    @Override
    void set(MemorySegment data, long index, double value) {
      data.set(ValueLayout.JAVA_BYTE, index, (byte) (int) value);
    }
  };

  /** Access to elements of a type that the backend has. */
  static Elements of(DType dtype) {
    return switch (dtype) {
      case F32 -> F32;
      case I32 -> I32;
      case U8 -> U8;
      case F16, F64, I64 -> throw new IllegalArgumentException(dtype.label());
    };
  }

  abstract double get(MemorySegment data, long index);

  abstract void set(MemorySegment data, long index, double value);
}
