package org.aliasfree.tensor;

/** Element type and shape of a tensor: all that is known of it before a program runs. */
public record TensorType(DType dtype, Shape shape) {
  /** Type with these sizes. */
  public static TensorType of(DType dtype, long... sizes) {
    return new TensorType(dtype, Shape.of(sizes));
  }

  /** Shorthand for an f32 tensor. */
  public static TensorType f32(long... sizes) {
    return of(DType.F32, sizes);
  }

  /** Number of elements. */
  public long elements() {
    return shape.elements();
  }

  /** Bytes of the dense data. */
  public long bytes() {
    return Math.multiplyExact(shape.elements(), dtype.bytes());
  }

  /** The same shape with other elements. */
  public TensorType withDType(DType other) {
    return new TensorType(other, shape);
  }

  /** The same elements in another shape. */
  public TensorType withShape(Shape other) {
    return new TensorType(dtype, other);
  }

  /** For example {@code f32[1, 3, 64, 64]}. */
  @Override
  public String toString() {
    return dtype.label() + shape;
  }
}
