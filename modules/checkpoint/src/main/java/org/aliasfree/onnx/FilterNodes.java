package org.aliasfree.onnx;

import java.util.List;
import java.util.stream.IntStream;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * Resampling by filters, each channel by itself: down-sampling is a convolution with a stride;
 * up-sampling by a separable filter {@link PolyphaseNodes}, by another a transposed convolution.
 */
final class FilterNodes {
  /**
   * One walk over the image.
   *
   * @param taps f32 [height, width]
   * @param gain factor of the taps
   * @param sides padding of the up-sampled image
   */
  private record Pass(
      HostTensor taps,
      double gain,
      int upY,
      int upX,
      int downY,
      int downX,
      Sides sides,
      boolean flip) {
    int height() {
      return taps.shape().intDim(0);
    }

    int width() {
      return taps.shape().intDim(1);
    }

    boolean onlyScales() {
      return upX == 1
          && upY == 1
          && downX == 1
          && downY == 1
          && sides.isEmpty()
          && taps.type().elements() == 1;
    }

    List<Float> values(boolean reversed) {
      return FilterNodes.taps(taps, reversed).stream().map(t -> (float) (t * gain)).toList();
    }
  }

  private final Translation translation;
  private final OnnxModel model;
  private final FilterKernels kernels;

  FilterNodes(Translation translation) {
    this.translation = translation;
    model = translation.model();
    kernels = new FilterKernels(model);
  }

  void add(Resampling op, Node node) {
    FirGeometry geometry = ((Resampling.Upfirdn2d) op).geometry();
    Tensor x = node.inputs().getFirst();
    translation.alias(
        node.outputs().getFirst(),
        filtered(translation.of(x), x.shape(), node.inputs().get(1), geometry, 1));
  }

  /** Bias, filter up with the gain, leaky ReLU, clamp, filter down. */
  void add(Fused.FilteredLrelu op, Node node) {
    FilteredActivation a = op.activation();
    Tensor x = node.inputs().get(0);
    String bias =
        model.node(
            "Reshape", List.of(translation.of(node.inputs().get(1)), model.integers(1, -1, 1, 1)));
    String y = model.node("Add", List.of(translation.of(x), bias));
    y = filtered(y, x.shape(), node.inputs().get(2), a.upFilter(), a.gain());
    if (a.slope() != 1) {
      y = model.node("LeakyRelu", List.of(y), Attribute.of("alpha", a.slope()));
    }
    y = model.clamped(y, x.dtype(), a.clamp());
    translation.alias(
        node.outputs().getFirst(), filtered(y, x.shape(), node.inputs().get(3), a.downFilter(), 1));
  }

  /**
   * upfirdn2d with a further factor.
   *
   * @param shape of the image; where nothing is up-sampled, only its channels are looked at
   */
  private String filtered(String x, Shape shape, Tensor filter, FirGeometry g, double factor) {
    HostTensor f = translation.known(filter);
    long channels = shape.dim(1);
    double gain = g.gain() * factor;
    Sides sides = new Sides(g.padY0(), g.padX0(), g.padY1(), g.padX1());
    if (f.shape().rank() == 2) {
      return pass(
          x, channels, new Pass(f, gain, g.upY(), g.upX(), g.downY(), g.downX(), sides, g.flip()));
    }
    long count = f.shape().dim(0);
    boolean onlyUp = g.upX() > 1 && g.upX() == g.upY() && g.downX() == 1 && g.downY() == 1;
    if (onlyUp && count >= g.upX()) {
      return new PolyphaseNodes(model, kernels, g.upX())
          .add(x, channels, shape.dim(2), shape.dim(3), taps(f, !g.flip()), gain, sides);
    }
    Pass alongX =
        new Pass(
            f.reshape(1, count),
            gain,
            1,
            g.upX(),
            1,
            g.downX(),
            new Sides(0, sides.left(), 0, sides.right()),
            g.flip());
    Pass alongY =
        new Pass(
            f.reshape(count, 1),
            1,
            g.upY(),
            1,
            g.downY(),
            1,
            new Sides(sides.top(), 0, sides.bottom(), 0),
            g.flip());
    return pass(pass(x, channels, alongX), channels, alongY);
  }

  private String pass(String x, long channels, Pass p) {
    if (p.onlyScales()) {
      float scale = p.values(false).getFirst();
      return scale == 1 ? x : model.node("Mul", List.of(x, model.scalar(DType.F32, scale)));
    }
    if (p.upX == 1 && p.upY == 1) {
      String kept = model.padded(x, p.sides.negative());
      return kernels.convolved(
          kept,
          channels,
          p.values(!p.flip),
          p.height(),
          p.width(),
          p.downY,
          p.downX,
          p.sides.positive());
    }
    String y = up(x, channels, p);
    return p.downX == 1 && p.downY == 1
        ? y
        : model.node(
            "Slice",
            List.of(
                y,
                model.integers(0, 0),
                model.integers(Integer.MAX_VALUE, Integer.MAX_VALUE),
                model.integers(2, 3),
                model.integers(p.downY, p.downX)));
  }

  /**
   * A transposed convolution is the full convolution of the image with zeros between its elements,
   * taps − 1 longer than it; of that what the padding leaves is kept.
   */
  private String up(String x, long channels, Pass p) {
    Sides crop =
        new Sides(
            p.height() - 1 - p.sides.top(),
            p.width() - 1 - p.sides.left(),
            p.height() - p.upY - p.sides.bottom(),
            p.width() - p.upX - p.sides.right());
    String y =
        model.node(
            "ConvTranspose",
            List.of(x, kernels.constant(p.values(p.flip), p.height(), p.width(), channels)),
            Attribute.of("group", channels),
            Attribute.ints("kernel_shape", p.height(), p.width()),
            Attribute.ints("strides", p.upY, p.upX),
            crop.positive().toAttribute());
    return model.padded(y, crop.negated().positive());
  }

  /** The taps in the order of memory, or reversed along both axes. */
  private static List<Float> taps(HostTensor filter, boolean reversed) {
    int count = Math.toIntExact(filter.type().elements());
    return IntStream.range(0, count)
        .mapToObj(i -> (float) filter.get(reversed ? count - 1 - i : i))
        .toList();
  }
}
