package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * What an affine warp and its adjoint mean. Shapes must not depend on the margins, so the image is
 * always padded by as much as reflection allows, size − 1 on each side, and what lies beyond the
 * margins is set to zero, before and after the up-sampling.
 */
final class WarpDefinitions {
  private static final int LEFT = 0;
  private static final int TOP = 1;
  private static final int RIGHT = 2;
  private static final int BOTTOM = 3;

  private WarpDefinitions() {}

  /** Pad, up-sample, sample, down-sample, crop. */
  static Tensor warp(Tensor x, Tensor inverse, Tensor margins, Tensor filter) {
    DType type = Definitions.computeType(x.dtype());
    long beyondX = x.dim(3) - 1;
    long beyondY = x.dim(2) - 1;
    Tensor padded = clipped(margins, x, 1, reflected(x.cast(type), beyondY, beyondX));
    Tensor up = Ops.upsample2d(padded, filter, 2, 0, false, 1);
    Tensor seen = clipped(margins, x, 2, up);
    int border = border(filter);
    Tensor grid =
        Ops.affineGrid(
            normalized(inverse.cast(type), x, border),
            2 * (x.dim(2) + 2L * border),
            2 * (x.dim(3) + 2L * border));
    return Ops.downsample2d(Ops.gridSample(seen, grid), filter, 2, -2 * border, true, 1)
        .cast(x.dtype());
  }

  /** The gradient of ⟨dy, warp(x)⟩, which is the same for every x. */
  static Tensor inputGradient(Tensor dy, Tensor inverse, Tensor margins, Tensor filter) {
    Tensor anyX = Ops.fill(dy.type(), 0);
    return Gradients.of(warp(anyX, inverse, margins, filter), dy).wrt(anyX).getFirst();
  }

  /** Output pixels that are computed and cropped again on each side. */
  private static int border(Tensor filter) {
    return Math.toIntExact(filter.dim(0) / 4);
  }

  private static Tensor reflected(Tensor x, long beyondY, long beyondX) {
    List<Long> sides = List.of(0L, 0L, beyondY, beyondX);
    return x.apply(new Movement.Pad(sides, sides, Movement.PadMode.REFLECT));
  }

  /**
   * Values with zeros for what lies beyond the margins.
   *
   * @param image without padding
   * @param rate samples of the values for a pixel of x
   */
  private static Tensor clipped(Tensor margins, Tensor image, long rate, Tensor values) {
    Tensor rows = within(values, 2, margins, TOP, BOTTOM, image.dim(2), rate);
    Tensor columns = within(values, 3, margins, LEFT, RIGHT, image.dim(3), rate);
    return rows.select(columns.select(values, values.scalar(0)), values.scalar(0));
  }

  /** Mask along an axis: −before·rate ≤ i − (size − 1)·rate < (size + after)·rate. */
  private static Tensor within(
      Tensor values, int axis, Tensor margins, int before, int after, long size, long rate) {
    Shape line = Shape.of(1, 1, 1, 1).with(axis, values.dim(axis));
    Tensor i = Ops.iota(DType.I32, line, axis).add((double) -(size - 1) * rate);
    Tensor first = margin(margins, before).mul((double) -rate);
    Tensor end = margin(margins, after).add((double) size).mul((double) rate);
    return first.le(i).select(i.lt(end), Ops.fill(TensorType.of(DType.U8, 1), 0));
  }

  private static Tensor margin(Tensor margins, int side) {
    return margins.slice(0, side, 1);
  }

  /**
   * The matrices for normalised coordinates, −1 and 1 being the outer edges of the sampled points
   * and of the padded, up-sampled image. Pixel i lies under sample 2i, so that sample a of A, which
   * lies at u' = (a − (A − 1)/2 + ½)/2 from the centre, comes from the up-sampled sample 2u + W −
   * 1, counted from that of the first pixel.
   */
  private static Tensor normalized(Tensor inverse, Tensor x, int border) {
    double height = x.dim(2);
    double width = x.dim(3);
    Tensor points =
        matrix(inverse.dtype(), 3, width + 2 * border, 0, .5, 0, height + 2 * border, .5, 0, 0, 2);
    Tensor scale = matrix(inverse.dtype(), 2, 1 / (3 * width - 2), 0, 0, 1 / (3 * height - 2));
    Tensor shift = matrix(inverse.dtype(), 2, 0, 0, -.5, 0, 0, -.5);
    return scale.matmul(inverse.matmul(points).add(shift));
  }

  private static Tensor matrix(DType type, long rows, double... values) {
    HostTensor m = HostTensor.allocate(TensorType.of(type, 1, rows, values.length / rows));
    for (int i = 0; i < values.length; i++) {
      m.set(i, values[i]);
    }
    return Ops.constant(m);
  }
}
