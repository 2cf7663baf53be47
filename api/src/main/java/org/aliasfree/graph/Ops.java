package org.aliasfree.graph;

import java.util.List;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * Functions that apply the ops that are not methods of {@link Tensor}, and the small compositions
 * built from them.
 */
public final class Ops {
  private Ops() {}

  private static Tensor apply(Op op, Tensor... inputs) {
    return Node.of(op, List.of(inputs)).outputs().getFirst();
  }

  /** A value bound before each run. */
  public static Tensor input(String name, TensorType type) {
    return apply(new Source.Input(name, type));
  }

  /** The value a variable had when the run began. */
  public static Tensor read(Variable variable) {
    return apply(new Source.Read(variable));
  }

  /** A tensor known now; it is copied. */
  public static Tensor constant(HostTensor value) {
    HostTensor copy = HostTensor.allocate(value.type());
    copy.data().copyFrom(value.data());
    return apply(new Source.Constant(copy));
  }

  /** One value everywhere. */
  public static Tensor fill(TensorType type, double value) {
    return apply(new Source.Fill(type, value));
  }

  /** The index along an axis. */
  public static Tensor iota(DType dtype, Shape shape, int axis) {
    return apply(new Source.Iota(shape, axis, dtype));
  }

  /** Joins tensors along an axis. */
  public static Tensor concat(int axis, List<Tensor> tensors) {
    return tensors.size() == 1
        ? tensors.getFirst()
        : Node.of(new Movement.Concat(tensors.getFirst().shape().axis(axis)), tensors)
            .outputs()
            .getFirst();
  }

  /** a + t·(b − a), written so that t = 0 gives a and t = 1 gives b to the last bit. */
  public static Tensor lerp(Tensor a, Tensor b, Tensor t) {
    return a.mul(t.scalar(1).sub(t)).add(b.mul(t));
  }

  /** x[…, indices[k], …] along an axis. */
  public static Tensor gather(Tensor x, int axis, Tensor indices) {
    return apply(new Movement.Gather(x.shape().axis(axis)), x, indices);
  }

  /** Convolution of x [N, I, H, W] with w [O, I/groups, kh, kw]. */
  public static Tensor conv2d(Tensor x, Tensor w, ConvGeometry geometry) {
    return apply(new Linear.Conv2d(geometry), x, w);
  }

  /** Transposed convolution to an image of the given size; see {@link Linear.ConvTranspose2d}. */
  public static Tensor convTranspose2d(
      Tensor y, Tensor w, ConvGeometry geometry, long height, long width) {
    return apply(new Linear.ConvTranspose2d(geometry, height, width), y, w);
  }

  /** Gradient of a convolution in its weight. */
  public static Tensor convWeightGradient(
      Tensor x, Tensor y, ConvGeometry geometry, long kernelHeight, long kernelWidth) {
    return apply(new Linear.ConvWeightGradient(geometry, kernelHeight, kernelWidth), x, y);
  }

  /** Convolution modulated by styles s [N, I] with output scales d [N, O]. */
  public static Tensor modulatedConv2d(
      Tensor x, Tensor w, Tensor s, Tensor d, ConvGeometry geometry) {
    return apply(new Fused.ModulatedConv2d(geometry), x, w, s, d);
  }

  /** A filter that changes nothing. */
  public static Tensor identityFilter() {
    return fill(TensorType.f32(1), 1);
  }

  /** Up-sample, filter, down-sample. */
  public static Tensor upfirdn2d(Tensor x, Tensor filter, FirGeometry geometry) {
    return apply(new Resampling.Upfirdn2d(geometry), x, filter);
  }

  /** Filters without changing the size; padding is added to what the filter needs. */
  public static Tensor filter2d(Tensor x, Tensor f, int padding, boolean flip, double gain) {
    return resample(x, f, 1, 1, padding, flip, gain);
  }

  /** Up-samples by a factor, keeping the mean. */
  public static Tensor upsample2d(
      Tensor x, Tensor f, int up, int padding, boolean flip, double gain) {
    return resample(x, f, up, 1, padding, flip, gain * up * up);
  }

  /** Down-samples by a factor. */
  public static Tensor downsample2d(
      Tensor x, Tensor f, int down, int padding, boolean flip, double gain) {
    return resample(x, f, 1, down, padding, flip, gain);
  }

  private static Tensor resample(
      Tensor x, Tensor f, int up, int down, int padding, boolean flip, double gain) {
    FirGeometry g =
        new FirGeometry(up, up, down, down, padding, padding, padding, padding, flip, gain);
    return upfirdn2d(x, f, g.centred(f.shape().intDim(-1), f.shape().intDim(0)));
  }

  /** Bilinear samples of x at grid [N, H, W, 2]. */
  public static Tensor gridSample(Tensor x, Tensor grid) {
    return apply(new Resampling.GridSample(), x, grid);
  }

  /**
   * Warps images by affine maps, filtered against aliasing; see {@link Resampling.Warp}.
   *
   * @param x [N, C, H, W]
   * @param inverse f32 [N, 2, 3], from output to input pixels about the centre
   * @param margins i32 [4]: left, top, right, bottom
   * @param filter f32 [taps]
   */
  public static Tensor warp(Tensor x, Tensor inverse, Tensor margins, Tensor filter) {
    return apply(new Resampling.Warp(), x, inverse, margins, filter);
  }

  /**
   * The sampling grid [N, height, width, 2] of affine maps theta [N, 2, 3] from output to input
   * positions.
   */
  public static Tensor affineGrid(Tensor theta, long height, long width) {
    Shape plane = Shape.of(1, height * width, 1);
    Tensor index =
        iota(DType.I32, Shape.of(1, height, width, 1), 2).reshape(plane).cast(theta.dtype());
    Tensor row =
        iota(DType.I32, Shape.of(1, height, width, 1), 1).reshape(plane).cast(theta.dtype());
    Tensor x = index.mul(2).add(1).mul(1.0 / width).add(-1);
    Tensor y = row.mul(2).add(1).mul(1.0 / height).add(-1);
    Tensor one = fill(new TensorType(theta.dtype(), plane), 1);
    return concat(2, List.of(x, y, one))
        .matmulTransposed(theta)
        .reshape(theta.dim(0), height, width, 2);
  }

  /** Bias along axis {@code dim}, activation with its default slope and gain, no clamp. */
  public static Tensor biasAct(Tensor x, Tensor bias, int dim, Activation activation) {
    return biasAct(
        x,
        bias,
        new Fused.BiasAct(
            dim,
            activation,
            activation.defaultAlpha(),
            activation.defaultGain(),
            Double.POSITIVE_INFINITY));
  }

  /** Bias, activation, gain and clamp. */
  public static Tensor biasAct(Tensor x, Tensor bias, Fused.BiasAct act) {
    return apply(act, x, bias);
  }

  /** The alias-free non-linearity; the sign map is the node's second output. */
  public static Tensor filteredLrelu(
      Tensor x, Tensor bias, Tensor upFilter, Tensor downFilter, FilteredActivation a) {
    return apply(new Fused.FilteredLrelu(a), x, bias, upFilter, downFilter);
  }

  /** Applies any op with one output. */
  static Tensor of(Op op, Tensor... inputs) {
    return apply(op, inputs);
  }
}
