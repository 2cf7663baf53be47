package org.aliasfree.op;

import java.util.List;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Ops that resample images by filters or at free positions. */
public sealed interface Resampling extends Op {

  /**
   * Up-sample, FIR filter, down-sample: x [N, C, H, W] and an f32 filter, [taps] (separable:
   * applied along x, then y) or [taps y, taps x].
   */
  record Upfirdn2d(FirGeometry geometry) implements Resampling {
    @Override
    public String name() {
      return "upfirdn2d";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType x = in.get(0);
      Check.rank(name(), "x", x, 4);
      Check.isFloat(name(), "x", x);
      checkFilter(name(), "the filter", in.get(1));
      long w = geometry.outputWidth(x.shape().dim(3), tapsX(in.get(1)));
      long h = geometry.outputHeight(x.shape().dim(2), tapsY(in.get(1)));
      Check.that(
          w >= 1 && h >= 1,
          name(),
          "x "
              + x
              + " resampled by "
              + geometry
              + " is smaller than the filter "
              + in.get(1)
              + ".");
      return List.of(TensorType.of(x.dtype(), x.shape().dim(0), x.shape().dim(1), h, w));
    }
  }

  /**
   * Bilinear samples of x [N, C, H, W] at grid [N, H', W', 2], whose last axis is (x, y) with −1
   * and 1 at the outer edges of the image (corners not aligned). Outside the image is zero.
   */
  record GridSample() implements Resampling {
    @Override
    public String name() {
      return "grid_sample";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType x = in.get(0);
      checkGrid(name(), x, in.get(1));
      Shape g = in.get(1).shape();
      return List.of(
          TensorType.of(x.dtype(), x.shape().dim(0), x.shape().dim(1), g.dim(1), g.dim(2)));
    }
  }

  /**
   * The adjoint of {@link GridSample} in x: inputs dy [N, C, H', W'] and the grid; result [N, C,
   * height, width].
   */
  record GridSampleInputGradient(long height, long width) implements Resampling {
    @Override
    public String name() {
      return "grid_sample_input_gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      TensorType dy = in.get(0);
      checkGrid(name(), dy, in.get(1));
      Shape g = in.get(1).shape();
      Shape s = dy.shape();
      Check.type(
          name(),
          "dy",
          dy,
          Shape.of(s.dim(0), s.dim(1), g.dim(1), g.dim(2)),
          "(the size of the grid)");
      return List.of(TensorType.of(dy.dtype(), s.dim(0), s.dim(1), height, width));
    }
  }

  /**
   * The gradient of {@link GridSample} in the grid: inputs dy, x and the grid; the result has the
   * grid's shape.
   */
  record GridSampleGridGradient() implements Resampling {
    @Override
    public String name() {
      return "grid_sample_grid_gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 3);
      checkGrid(name(), in.get(1), in.get(2));
      return List.of(in.get(2));
    }
  }

  @Override
  default boolean isCore() {
    return false;
  }

  /** Taps along x of a filter. */
  static long tapsX(TensorType filter) {
    return filter.shape().dim(-1);
  }

  /** Taps along y of a filter. */
  static long tapsY(TensorType filter) {
    return filter.shape().dim(0);
  }

  /** Checks that a filter is f32 with one or two axes. */
  static void checkFilter(String op, String what, TensorType filter) {
    Check.dtype(op, what, filter, DType.F32);
    int rank = filter.shape().rank();
    Check.that(
        (rank == 1 || rank == 2) && filter.elements() > 0,
        op,
        what + " must be [taps] or [taps y, taps x], but it is " + filter + ".");
  }

  private static void checkGrid(String op, TensorType x, TensorType grid) {
    Check.rank(op, "x", x, 4);
    Check.rank(op, "the grid", grid, 4);
    Check.isFloat(op, "x", x);
    Check.sameDType(op, "x", x, "the grid", grid);
    Check.that(
        grid.shape().dim(0) == x.shape().dim(0) && grid.shape().dim(3) == 2,
        op,
        "the grid must be [" + x.shape().dim(0) + ", height, width, 2], but it is " + grid + ".");
  }
}
