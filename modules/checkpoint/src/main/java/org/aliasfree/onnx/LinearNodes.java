package org.aliasfree.onnx;

import java.util.Arrays;
import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;

/** Matrix products, convolutions, and bias with activation. */
final class LinearNodes {
  private final Translation translation;
  private final OnnxModel model;

  LinearNodes(Translation translation) {
    this.translation = translation;
    model = translation.model();
  }

  void add(Linear op, Node node) {
    Tensor out = node.outputs().getFirst();
    Tensor a = node.inputs().get(0);
    Tensor b = node.inputs().get(1);
    switch (op) {
      case Linear.MatMul product ->
          translation.emit(
              out,
              "MatMul",
              List.of(transposed(a, product.transposeA()), transposed(b, product.transposeB())));
      case Linear.Conv2d conv ->
          translation.alias(out, convolution(translation.of(a), b, conv.geometry()));
      case Linear.ConvTranspose2d conv -> transposedConvolution(out, conv, a, b);
      case Linear.ConvWeightGradient _ -> throw new IllegalArgumentException(op.name());
    }
  }

  private String transposed(Tensor x, boolean transpose) {
    if (!transpose) {
      return translation.of(x);
    }
    int rank = x.shape().rank();
    long[] axes = new long[rank];
    Arrays.setAll(axes, i -> i);
    axes[rank - 2] = rank - 1L;
    axes[rank - 1] = rank - 2L;
    return model.node("Transpose", List.of(translation.of(x)), Attribute.ints("perm", axes));
  }

  private String convolution(String x, Tensor weight, ConvGeometry g) {
    Sides sides = new Sides(g.top(), g.left(), g.bottom(), g.right());
    return model.node(
        "Conv",
        List.of(model.padded(x, sides.negative()), translation.of(weight)),
        walk(g, weight, sides.positive()));
  }

  private static Attribute[] walk(ConvGeometry g, Tensor weight, Sides pads) {
    return new Attribute[] {
      Attribute.of("group", (long) g.groups()),
      Attribute.ints("kernel_shape", weight.dim(2), weight.dim(3)),
      Attribute.ints("strides", g.strideY(), g.strideX()),
      Attribute.ints("dilations", g.dilationY(), g.dilationX()),
      pads.toAttribute()
    };
  }

  /** Of the full result as much is cropped as leaves the wanted size, or zeros are added. */
  private void transposedConvolution(
      Tensor out, Linear.ConvTranspose2d op, Tensor y, Tensor weight) {
    ConvGeometry g = op.geometry();
    long height = (y.dim(2) - 1) * g.strideY() + (weight.dim(2) - 1) * g.dilationY() + 1L;
    long width = (y.dim(3) - 1) * g.strideX() + (weight.dim(3) - 1) * g.dilationX() + 1;
    Sides crop =
        new Sides(g.top(), g.left(), height - g.top() - op.height(), width - g.left() - op.width());
    String x =
        model.node(
            "ConvTranspose",
            List.of(translation.of(y), translation.of(weight)),
            walk(g, weight, crop.positive()));
    translation.alias(out, model.padded(x, crop.negated().positive()));
  }

  /** Whether ONNX has an activation as one operator; the others are replaced by definitions. */
  static boolean isTranslated(Activation activation) {
    return switch (activation) {
      case LINEAR, RELU, LRELU, TANH, SIGMOID -> true;
      case ELU, SELU, SOFTPLUS, SWISH -> false;
    };
  }

  void add(Fused op, Node node) {
    switch (op) {
      case Fused.BiasAct act -> biasAct(act, node);
      case Fused.ModulatedConv2d conv -> modulated(conv, node);
      default -> throw new IllegalArgumentException(op.name());
    }
  }

  private void biasAct(Fused.BiasAct op, Node node) {
    Tensor x = node.inputs().getFirst();
    Tensor out = node.outputs().getFirst();
    long[] line = new long[x.shape().rank()];
    Arrays.fill(line, 1);
    line[x.shape().axis(op.dim())] = -1;
    String y = model.node("Add", List.of(translation.of(x), reshaped(node.inputs().get(1), line)));
    y =
        switch (op.activation()) {
          case LINEAR -> y;
          case RELU -> model.node("Relu", List.of(y));
          case LRELU -> model.node("LeakyRelu", List.of(y), Attribute.of("alpha", op.alpha()));
          case TANH -> model.node("Tanh", List.of(y));
          case SIGMOID -> model.node("Sigmoid", List.of(y));
          case ELU, SELU, SOFTPLUS, SWISH -> throw new IllegalArgumentException(op.name());
        };
    if (op.gain() != 1) {
      y = model.node("Mul", List.of(y, model.scalar(out.dtype(), op.gain())));
    }
    translation.alias(out, model.clamped(y, out.dtype(), op.clamp()));
  }

  private String reshaped(Tensor x, long... sizes) {
    return model.node("Reshape", List.of(translation.of(x), model.integers(sizes)));
  }

  /** d · conv(x · s, w): the styles stay outside of the weight, so that it is a constant. */
  private void modulated(Fused.ModulatedConv2d op, Node node) {
    Tensor x = node.inputs().get(0);
    Tensor weight = node.inputs().get(1);
    String styles = reshaped(node.inputs().get(2), -1, x.dim(1), 1, 1);
    String scales = reshaped(node.inputs().get(3), -1, weight.dim(0), 1, 1);
    String scaled = model.node("Mul", List.of(translation.of(x), styles));
    String y = convolution(scaled, weight, op.geometry());
    translation.emit(node.outputs().getFirst(), "Mul", List.of(y, scales));
  }
}
