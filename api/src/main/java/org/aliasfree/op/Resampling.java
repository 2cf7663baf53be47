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

  /**
   * An affine warp of images, filtered against aliasing: the geometry of adaptive discriminator
   * augmentation (Karras et al. 2020, appendix B). Inputs:
   *
   * <ul>
   *   <li>x [N, C, H, W];
   *   <li>inverse f32 [N, 2, 3]: where output pixels come from, [u, v] = inverse · [u', v', 1], in
   *       pixels from the centre of the image, u to the right and v down;
   *   <li>margins i32 [4]: left, top, right, bottom, each 0 … size − 1: how far the image goes on
   *       as its own mirror image before all is zero;
   *   <li>filter f32 [T]: the low-pass filter, applied along both axes.
   * </ul>
   *
   * With P = ⌊T/4⌋ it equals: pad x by the margins with its reflection; {@code upsample2d} by 2;
   * sample bilinearly, with zeros outside, at 2(H + 2P) × 2(W + 2P) points half a pixel apart about
   * the centre of the output, mapped by the inverse; {@code downsample2d} by 2 with the filter
   * flipped, cropping P pixels on each side. The result has the shape of x and is linear in x.
   */
  record Warp() implements Resampling {
    @Override
    public String name() {
      return "warp";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      return inferWarp(name(), "x", in);
    }

    /**
     * Checks the values of margins: left and right at least 0 and less than the width, top and
     * bottom less than the height.
     *
     * @param image shape of x
     */
    public static void checkMargins(int[] margins, Shape image) {
      for (int i = 0; i < margins.length; i++) {
        long size = image.dim(3 - i % 2);
        Check.that(
            margins[i] >= 0 && margins[i] < size,
            "warp",
            "margin "
                + i
                + " of left, top, right, bottom is "
                + margins[i]
                + ", but an image of "
                + size
                + " pixels is reflected by 0 to "
                + (size - 1)
                + ".");
      }
    }
  }

  /**
   * The adjoint of {@link Warp} in x: inputs dy [N, C, H, W], and inverse, margins and filter as
   * there; the result has the shape of dy.
   */
  record WarpInputGradient() implements Resampling {
    @Override
    public String name() {
      return "warp_input_gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      return inferWarp(name(), "dy", in);
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

  private static List<TensorType> inferWarp(String op, String what, List<TensorType> in) {
    Check.count(op, in, 4);
    TensorType x = in.get(0);
    Check.rank(op, what, x, 4);
    Check.isFloat(op, what, x);
    Check.dtype(op, "the inverse", in.get(1), DType.F32);
    Check.type(
        op,
        "the inverse",
        in.get(1),
        Shape.of(x.shape().dim(0), 2, 3),
        "(a matrix for each image of " + x + ")");
    Check.dtype(op, "the margins", in.get(2), DType.I32);
    Check.type(op, "the margins", in.get(2), Shape.of(4), "(left, top, right, bottom)");
    checkFilter(op, "the filter", in.get(3));
    Check.rank(op, "the filter", in.get(3), 1);
    return List.of(x);
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
