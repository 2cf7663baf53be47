package org.aliasfree.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;

/**
 * Sizes of a tensor's axes, outermost first (images are [N, C, H, W], row-major). A rank of 0 is a
 * scalar; a size of 0 is allowed (labels of an unconditional network).
 */
public final class Shape {
  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape();

  private final long[] sizes;
  private final long elements;

  private Shape(long... sizes) {
    this.sizes = sizes;
    long product = 1;
    for (long size : sizes) {
      if (size < 0) {
        throw new AliasFreeException(
            "A shape has a negative size: " + Arrays.toString(sizes) + "; sizes are 0 or more.");
      }
      try {
        product = Math.multiplyExact(product, size);
      } catch (ArithmeticException e) {
        throw new AliasFreeException(
            "A shape has more than 2^63 elements: " + Arrays.toString(sizes) + ".", e);
      }
    }
    elements = product;
  }

  /** The shape with these sizes. */
  public static Shape of(long... sizes) {
    return sizes.length == 0 ? SCALAR : new Shape(sizes.clone());
  }

  /** Number of axes. */
  public int rank() {
    return sizes.length;
  }

  /** Size of an axis; negative axes count from the end, −1 being the innermost. */
  public long dim(int axis) {
    return sizes[axis(axis)];
  }

  /** Size of an axis as an int, for axes that index Java arrays. */
  public int intDim(int axis) {
    return Math.toIntExact(dim(axis));
  }

  /**
   * Turns an axis that may count from the end into one that counts from the start; fails when it is
   * out of range.
   */
  public int axis(int axis) {
    int a = axis < 0 ? axis + sizes.length : axis;
    if (a < 0 || a >= sizes.length) {
      throw new AliasFreeException(
          "Axis "
              + axis
              + " does not exist in the shape "
              + this
              + ", which has "
              + sizes.length
              + " axes.");
    }
    return a;
  }

  /** Product of all sizes; 1 for a scalar. */
  public long elements() {
    return elements;
  }

  /** A copy of the sizes. */
  public long[] toArray() {
    return sizes.clone();
  }

  /** This shape with one axis resized. */
  public Shape with(int axis, long size) {
    long[] s = sizes.clone();
    s[axis(axis)] = size;
    return new Shape(s);
  }

  /** Row-major strides in elements. */
  public long[] strides() {
    long[] s = new long[sizes.length];
    long stride = 1;
    for (int i = sizes.length - 1; i >= 0; i--) {
      s[i] = stride;
      stride *= sizes[i];
    }
    return s;
  }

  /**
   * Strides by which a tensor of this shape is seen as one of a larger shape that it broadcasts to:
   * 0 along axes that repeat it.
   */
  public long[] broadcastStrides(Shape to) {
    long[] own = strides();
    long[] all = new long[to.rank()];
    for (int axis = 0; axis < rank(); axis++) {
      all[to.rank() - rank() + axis] = dim(axis) == 1 ? 0 : own[axis];
    }
    return all;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(sizes, s.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** For example {@code [1, 3, 64, 64]}; a scalar is {@code []}. */
  @Override
  public String toString() {
    return Arrays.stream(sizes)
        .mapToObj(Long::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
