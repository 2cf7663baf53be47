package org.aliasfree.op;

import java.util.List;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** The conditions that type inference checks again and again, each failing with a full sentence. */
final class Check {
  private Check() {}

  static void count(String op, List<TensorType> inputs, int expected) {
    if (inputs.size() != expected) {
      throw new ShapeException(
          op,
          "it takes "
              + expected
              + " inputs, but "
              + inputs.size()
              + " were given: "
              + inputs
              + ".");
    }
  }

  static void rank(String op, String what, TensorType type, int rank) {
    if (type.shape().rank() != rank) {
      throw new ShapeException(op, what + " must have " + rank + " axes, but it is " + type + ".");
    }
  }

  static void isFloat(String op, String what, TensorType type) {
    if (!type.dtype().isFloat()) {
      throw new ShapeException(
          op, what + " must hold floating-point numbers, but it is " + type + ".");
    }
  }

  static void dtype(String op, String what, TensorType type, DType dtype) {
    if (type.dtype() != dtype) {
      throw new ShapeException(
          op, what + " must be " + dtype.label() + ", but it is " + type + ".");
    }
  }

  static void sameDType(String op, String whatA, TensorType a, String whatB, TensorType b) {
    if (a.dtype() != b.dtype()) {
      throw new ShapeException(
          op,
          whatA
              + " and "
              + whatB
              + " must have the same element type, but they are "
              + a
              + " and "
              + b
              + "; cast one of them.");
    }
  }

  static void type(String op, String what, TensorType actual, Shape expected, String because) {
    if (!actual.shape().equals(expected)) {
      throw new ShapeException(
          op,
          what
              + " must have the shape "
              + expected
              + " "
              + because
              + ", but it is "
              + actual
              + ".");
    }
  }

  static void that(boolean condition, String op, String sentence) {
    if (!condition) {
      throw new ShapeException(op, sentence);
    }
  }
}
