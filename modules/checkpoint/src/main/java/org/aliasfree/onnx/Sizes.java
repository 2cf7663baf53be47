package org.aliasfree.onnx;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.Shape;

/**
 * A shape of which some axes grow with the batch: axis i has {@code fixed[i] + perImage[i] · N}
 * elements.
 */
final class Sizes {
  private final long[] fixed;
  private final long[] perImage;

  private Sizes(long[] fixed, long[] perImage) {
    this.fixed = fixed;
    this.perImage = perImage;
  }

  /** A shape that does not depend on the batch. */
  static Sizes of(Shape shape) {
    return new Sizes(shape.toArray(), new long[shape.rank()]);
  }

  /** What the same tensor's shapes at two batch sizes tell. */
  static Sizes of(Shape shape, long batch, Shape other, long otherBatch) {
    long[] fixed = shape.toArray();
    long[] perImage = new long[fixed.length];
    for (int i = 0; i < fixed.length; i++) {
      perImage[i] = (other.dim(i) - fixed[i]) / (otherBatch - batch);
      fixed[i] -= perImage[i] * batch;
      if (fixed[i] + perImage[i] * otherBatch != other.dim(i)) {
        throw new AliasFreeException(
            "A tensor has the shape "
                + shape
                + " at a batch of "
                + batch
                + " and "
                + other
                + " at "
                + otherBatch
                + ": it does not grow evenly, so the network needs a fixed batch size.");
      }
    }
    return new Sizes(fixed, perImage);
  }

  int rank() {
    return fixed.length;
  }

  boolean isFixed(int axis) {
    return perImage[axis] == 0;
  }

  boolean isFixed() {
    return Arrays.stream(perImage).allMatch(p -> p == 0);
  }

  /** The size of an axis that does not depend on the batch. */
  long fixed(int axis) {
    return fixed[axis];
  }

  /** Whether just one axis grows with the batch. */
  boolean hasOneGrowingAxis() {
    return Arrays.stream(perImage).filter(p -> p != 0).count() == 1;
  }

  /** As ONNX's Reshape takes it: −1 for the axes that grow. */
  long[] withUnknown() {
    long[] sizes = fixed.clone();
    for (int i = 0; i < sizes.length; i++) {
      if (perImage[i] != 0) {
        sizes[i] = -1;
      }
    }
    return sizes;
  }

  /** The name of a list of integers with the sizes. */
  String emit(OnnxModel model, String batch) {
    String base = model.integers(fixed);
    return isFixed()
        ? base
        : model.node(
            "Add", List.of(base, model.node("Mul", List.of(model.integers(perImage), batch))));
  }

  @Override
  public String toString() {
    return Arrays.toString(fixed) + " + N·" + Arrays.toString(perImage);
  }
}
