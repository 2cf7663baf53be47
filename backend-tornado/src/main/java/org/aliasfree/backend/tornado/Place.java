package org.aliasfree.backend.tornado;

import org.aliasfree.tensor.DType;

/**
 * Where the elements of a tensor lie, in row-major order: in an array that the device has a copy
 * of. f32 is kept in a {@code float[]}; i32 and u8 in an {@code int[]}, as bytes in wider sums come
 * out wrong in TornadoVM.
 *
 * @param array {@code float[]} or {@code int[]}
 * @param offset index of the first element
 */
record Place(Object array, int offset) {
  /** The array of an f32 tensor. */
  float[] floats() {
    return (float[]) array;
  }

  /** The array of an i32 or u8 tensor. */
  int[] ints() {
    return (int[]) array;
  }

  /** Whether elements of this type lie in a {@code float[]}. */
  static boolean isFloat(DType dtype) {
    return dtype == DType.F32;
  }
}
