package org.aliasfree.conformance;

import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** Variances of the rounding error in results of an element type. */
record Rounding(DType dtype) {
  /** Half the distance from 1 to the next number. */
  static double unit(DType dtype) {
    return switch (dtype) {
      case F16 -> 0x1p-11;
      case F32 -> 0x1p-24;
      default -> 0x1p-53;
    };
  }

  /** Half the distance of the smallest numbers; GPUs take the smallest f32 numbers for 0. */
  private double least() {
    return switch (dtype) {
      case F16 -> 0x1p-25;
      case F32 -> 0x1p-126;
      default -> 0x1p-500;
    };
  }

  /** What arithmetic on the type is done in. */
  Rounding inside() {
    return dtype == DType.F16 ? new Rounding(DType.F32) : this;
  }

  /** u²·y²; a result of 0 is taken to be exact. */
  Tensor of(Tensor y) {
    double u = unit(dtype);
    Tensor zero = y.scalar(0);
    return y.eq(zero).select(zero, y.square().mul(u * u).add(least() * least()));
  }

  /** u²·y² for one value everywhere; null where that is a number of the type. */
  @Nullable Tensor of(double value, Tensor y) {
    return HostTensor.scalar(dtype, value).get(0) == value ? null : of(y);
  }

  /** u²·y², and 0 where y is a number of the type (of f32, where the type is f64). */
  Tensor ofInexact(Tensor y) {
    DType narrow = dtype == DType.F64 ? DType.F32 : dtype;
    return y.cast(narrow).cast(DType.F64).eq(y).select(y.scalar(0), of(y));
  }

  /** Whether a variance allows for more than this times an error. */
  static Tensor limit(Tensor variance) {
    return variance.sqrt().mul(ErrorModel.UNITS);
  }

  /** The sum of variances, in the shape of {@code y}; null when there are none. */
  static @Nullable Tensor sum(Tensor y, @Nullable Tensor... variances) {
    Tensor sum = null;
    for (Tensor v : variances) {
      if (v != null) {
        sum = sum == null ? v : sum.add(v);
      }
    }
    return sum == null ? null : full(sum, y);
  }

  /** A tensor in the shape of {@code y}, which it broadcasts to. */
  static Tensor full(Tensor t, Tensor y) {
    return t.shape().equals(y.shape())
        ? t
        : t.add(Ops.fill(new TensorType(t.dtype(), y.shape()), 0));
  }
}
