package org.aliasfree.backend.cpu.reference;

import org.aliasfree.tensor.HostTensor;

/** Tensors as arrays of doubles, in which every element type is exact. */
final class Doubles {
  private Doubles() {}

  /** All elements. */
  static double[] read(HostTensor t) {
    return read(t, 0, Math.toIntExact(t.type().elements()));
  }

  /** {@code count} elements, starting at the row-major index {@code from}. */
  static double[] read(HostTensor t, long from, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = t.get(from + i);
    }
    return values;
  }

  /** Stores values from the row-major index {@code at} on, each rounded to the tensor's type. */
  static void write(double[] values, HostTensor t, long at) {
    for (int i = 0; i < values.length; i++) {
      t.set(at + i, values[i]);
    }
  }
}
