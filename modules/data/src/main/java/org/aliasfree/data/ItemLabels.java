package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** The labels of all images of a data set: none, a class each, or a vector each. */
final class ItemLabels {
  private final int[] classes;
  private final float[] vectors;
  private final int dim;

  private ItemLabels(int[] classes, float[] vectors, int dim) {
    this.classes = classes;
    this.vectors = vectors;
    this.dim = dim;
  }

  static ItemLabels none() {
    return new ItemLabels(new int[0], new float[0], 0);
  }

  /** A class for each image, from 0. */
  static ItemLabels ofClasses(int[] classes) {
    int greatest = 0;
    for (int c : classes) {
      greatest = Math.max(greatest, c);
    }
    return new ItemLabels(classes, new float[0], greatest + 1);
  }

  /** A vector of {@code dim} values for each image, one after the other. */
  static ItemLabels ofVectors(float[] vectors, int dim) {
    return new ItemLabels(new int[0], vectors, dim);
  }

  int dim() {
    return dim;
  }

  boolean oneHot() {
    return classes.length > 0;
  }

  /** Writes {@link #dim()} floats, little-endian. */
  void put(int image, MemorySegment destination) {
    for (int k = 0; k < dim; k++) {
      float value = oneHot() ? (classes[image] == k ? 1 : 0) : vectors[image * dim + k];
      destination.set(HostTensor.F32, 4L * k, value);
    }
  }

  HostTensor raw(int image) {
    if (oneHot()) {
      return HostTensor.scalar(DType.I64, classes[image]);
    }
    HostTensor vector = heap(TensorType.f32(dim));
    put(image, vector.data());
    return vector;
  }

  /** Memory that the garbage collector sees: these tensors are many and short-lived. */
  static HostTensor heap(TensorType type) {
    return new HostTensor(type, MemorySegment.ofArray(new byte[Math.toIntExact(type.bytes())]));
  }
}
