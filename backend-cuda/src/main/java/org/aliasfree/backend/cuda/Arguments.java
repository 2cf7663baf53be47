package org.aliasfree.backend.cuda;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.aliasfree.tensor.DType;

/**
 * The structure that a kernel takes, laid out as C does: each field at a multiple of its size, the
 * whole a multiple of 8 when it holds an address or a long, else of 4.
 */
final class Arguments {
  private static final int MOST = 4096; // what kernels of any device can take

  private final ByteBuffer bytes = ByteBuffer.allocate(MOST).order(ByteOrder.nativeOrder());
  private int alignment = 4;

  /** Adds an address; 0 for none. */
  Arguments address(long address) {
    return int64(address);
  }

  /** Adds a {@code long long}. */
  Arguments int64(long value) {
    align(8);
    bytes.putLong(value);
    return this;
  }

  /** Adds an {@code int}. */
  Arguments int32(long value) {
    align(4);
    bytes.putInt(Math.toIntExact(value));
    return this;
  }

  /** Adds an {@code unsigned}, given by its bits. */
  Arguments bits(int value) {
    align(4);
    bytes.putInt(value);
    return this;
  }

  /** Adds a {@code float}. */
  Arguments float32(double value) {
    align(4);
    bytes.putFloat((float) value);
    return this;
  }

  /** Adds an {@code ElementType}. */
  Arguments type(DType dtype) {
    return int32(number(dtype));
  }

  /** The number of an {@code ElementType}. */
  static int number(DType dtype) {
    return switch (dtype) {
      case F32 -> 0;
      case F16 -> 1;
      case I32 -> 2;
      case U8 -> 3;
      case F64, I64 -> throw new IllegalArgumentException("kernels have no " + dtype.label());
    };
  }

  /** Adds an array of {@code int} with room for {@code size}; what is not given is 0. */
  Arguments int32s(int size, long... values) {
    for (int i = 0; i < size; i++) {
      int32(i < values.length ? values[i] : 0);
    }
    return this;
  }

  /** Adds an array of {@code long long} with room for {@code size}; what is not given is 0. */
  Arguments int64s(int size, long... values) {
    for (int i = 0; i < size; i++) {
      int64(i < values.length ? values[i] : 0);
    }
    return this;
  }

  private void align(int to) {
    alignment = Math.max(alignment, to);
    bytes.position(Math.ceilDiv(bytes.position(), to) * to);
  }

  /** The structure. */
  byte[] bytes() {
    align(alignment);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
