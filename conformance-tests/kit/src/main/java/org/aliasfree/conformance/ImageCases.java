package org.aliasfree.conformance;

import static org.aliasfree.conformance.LinearCases.tensor;

import java.util.List;
import java.util.Map;
import org.aliasfree.op.Activation;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Cases of the ops that resample images, and of activations. */
final class ImageCases {
  private ImageCases() {}

  static void putInto(Map<String, CaseGenerators.Generator> all) {
    all.put("Upfirdn2d", ImageCases::upfirdn2d);
    all.put("BiasAct", ImageCases::biasAct);
    all.put("FilteredLrelu", ImageCases::filteredLrelu);
    all.put("SignedFilter", ImageCases::signedFilter);
    all.put("GridSample", (c, t) -> gridSample(c, t, 0));
    all.put("GridSampleInputGradient", (c, t) -> gridSample(c, t, 1));
    all.put("GridSampleGridGradient", (c, t) -> gridSample(c, t, 2));
    all.put("Warp", (c, t) -> warp(c, t, new Resampling.Warp(), 9, 12));
    all.put("WarpInputGradient", (c, t) -> warp(c, t, new Resampling.WarpInputGradient(), 4, 4));
  }

  private static Argument images(Choices c, DType t, int mostWidth) {
    int large = c.below(3);
    return tensor(
            t,
            c.from(1, 3),
            c.from(1, 3),
            large == 1 ? c.large(mostWidth) : c.from(1, 9),
            large == 2 ? c.large(mostWidth) : c.from(1, 9))
        .perImage();
  }

  /** f32 taps, separable or not, as many as the networks have and fewer. */
  private static Argument filter(Choices c) {
    TensorType type =
        c.coin()
            ? TensorType.f32(c.from(1, 4), c.from(1, 6))
            : TensorType.f32(c.of(1, 2, 4, 6, 7, 12, 24));
    return Argument.of(type, Content.NORMAL).storedIf(c.coin());
  }

  private static int pad(Choices c) {
    return c.between(-3, 6);
  }

  private static Case upfirdn2d(Choices c, DType t) {
    Argument x = images(c, t, 140);
    FirGeometry g =
        new FirGeometry(
            c.from(1, 4),
            c.from(1, 4),
            c.from(1, 4),
            c.from(1, 4),
            pad(c),
            pad(c),
            pad(c),
            pad(c),
            c.coin(),
            c.coin() ? c.number(-2.0625) : 1);
    return new Case(new Resampling.Upfirdn2d(g), List.of(x, filter(c)), ElementwiseCases.seed(c));
  }

  private static Case biasAct(Choices c, DType t) {
    Shape shape = c.shapeOf(c.from(2, 3));
    int dim = c.from(1, shape.rank() - 1);
    Activation act = c.of(Activation.values());
    double clamp = c.below(3) == 0 ? Double.POSITIVE_INFINITY : c.number(0.3);
    double gain = c.coin() ? act.defaultGain() : c.number(-1.9);
    return new Case(
        new Fused.BiasAct(dim, act, c.coin() ? act.defaultAlpha() : 0.4, gain, clamp),
        List.of(
            tensor(t, shape.toArray()).perImage(), tensor(t, shape.dim(dim)).storedIf(c.coin())),
        ElementwiseCases.seed(c));
  }

  private static FilteredActivation activation(Choices c) {
    return new FilteredActivation(
        c.of(1, 2, 4),
        c.of(1, 2, 4),
        pad(c),
        pad(c),
        pad(c),
        pad(c),
        c.below(3) == 0 ? 1 : c.number(0.45),
        c.of(0.2, 0.0, 0.6),
        c.below(3) == 0 ? Double.POSITIVE_INFINITY : c.number(0.3),
        c.coin());
  }

  private static Case filteredLrelu(Choices c, DType t) {
    Argument x = images(c, t, 80);
    FilteredActivation a = activation(c);
    Argument bias = tensor(t, x.type().shape().dim(1)).storedIf(c.coin());
    return new Case(
        new Fused.FilteredLrelu(a),
        List.of(x, bias, filter(c), filter(c)),
        ElementwiseCases.seed(c));
  }

  private static Case signedFilter(Choices c, DType t) {
    Argument v = images(c, t, 80);
    FilteredActivation a = activation(c);
    Shape s = v.type().shape();
    long width = Math.max(1, s.dim(3) * a.up() + c.between(-3, 5));
    long height = Math.max(1, s.dim(2) * a.up() + c.between(-3, 5));
    Argument signs =
        Argument.of(
            TensorType.of(DType.U8, s.dim(0), s.dim(1), height, (width + 3) / 4), Content.SIGNS);
    return new Case(
        new Fused.SignedFilter(a, c.between(-4, 4), c.between(-4, 4), width),
        List.of(v, signs.perImage(), filter(c), filter(c)),
        ElementwiseCases.seed(c));
  }

  private static Case gridSample(Choices c, DType t, int form) {
    Argument x = images(c, t, 40);
    Shape s = x.type().shape();
    long height = c.from(1, 6);
    long width = c.coin() ? c.size(40) : c.from(1, 6);
    Argument grid = tensor(t, s.dim(0), height, width, 2).perImage();
    Argument dy = tensor(t, s.dim(0), s.dim(1), height, width).perImage();
    long seed = ElementwiseCases.seed(c);
    return switch (form) {
      case 0 -> new Case(new Resampling.GridSample(), List.of(x, grid), seed);
      case 1 ->
          new Case(
              new Resampling.GridSampleInputGradient(s.dim(2), s.dim(3)), List.of(dy, grid), seed);
      default -> new Case(new Resampling.GridSampleGridGradient(), List.of(dy, x, grid), seed);
    };
  }

  /** The definition of the adjoint compares all points with all samples, so these are few. */
  private static Case warp(Choices c, DType t, Op op, int size, int taps) {
    long n = c.from(1, 2);
    long height = c.from(1, size);
    long width = c.from(1, size);
    return new Case(
        op,
        List.of(
            tensor(t, n, c.from(1, 2), height, width).perImage(),
            tensor(DType.F32, n, 2, 3).perImage(),
            Argument.index(TensorType.of(DType.I32, 4), Math.min(height, width)),
            tensor(DType.F32, c.from(1, taps)).storedIf(c.coin())),
        ElementwiseCases.seed(c));
  }
}
