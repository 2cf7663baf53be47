package org.aliasfree.backend.cpu.vector;

import org.aliasfree.tensor.Shape;

/**
 * Walks over the rows (innermost axes) of a shape and tells, for tensors that are seen in it
 * through strides, where each row begins. Neighbouring axes that all tensors walk through alike are
 * merged, so rows are as long as they can be.
 */
final class Walk {
  private final long[] sizes;
  private final long[][] strides;
  private final long rows;

  /**
   * @param shape what is walked over
   * @param strides of each tensor along each axis of the shape, in elements; 0 repeats
   */
  Walk(Shape shape, long[]... strides) {
    int rank = Math.max(shape.rank(), 1);
    long[] mergedSizes = new long[rank];
    long[][] merged = new long[strides.length][rank];
    int at = rank - 1; // next free place, filled from the inside
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      if (shape.dim(axis) == 1) {
        continue;
      }
      if (at < rank - 1 && continues(mergedSizes[at + 1], merged, strides, at + 1, axis)) {
        mergedSizes[at + 1] *= shape.dim(axis);
        continue;
      }
      mergedSizes[at] = shape.dim(axis);
      for (int t = 0; t < strides.length; t++) {
        merged[t][at] = strides[t][axis];
      }
      at--;
    }
    if (at == rank - 1) {
      mergedSizes[at--] = 1;
    }
    int used = rank - 1 - at;
    this.sizes = java.util.Arrays.copyOfRange(mergedSizes, at + 1, rank);
    this.strides = new long[strides.length][];
    for (int t = 0; t < strides.length; t++) {
      this.strides[t] = java.util.Arrays.copyOfRange(merged[t], at + 1, rank);
    }
    long product = 1;
    for (int i = 0; i < used - 1; i++) {
      product *= sizes[i];
    }
    rows = product;
  }

  private static boolean continues(
      long inner, long[][] merged, long[][] strides, int at, int axis) {
    for (int t = 0; t < strides.length; t++) {
      if (strides[t][axis] != merged[t][at] * inner) {
        return false;
      }
    }
    return true;
  }

  /** Number of rows. */
  long rows() {
    return rows;
  }

  /** Elements of a row. */
  long rowLength() {
    return sizes[sizes.length - 1];
  }

  /** Stride of a tensor within a row. */
  long step(int tensor) {
    return strides[tensor][sizes.length - 1];
  }

  /** Where a row begins in a tensor, relative to its first element. */
  long start(int tensor, long row) {
    long offset = 0;
    long rest = row;
    for (int i = sizes.length - 2; i >= 0; i--) {
      offset += rest % sizes[i] * strides[tensor][i];
      rest /= sizes[i];
    }
    return offset;
  }
}
