package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.DType;

/** Matrix products and convolutions. */
final class LinearKernels {
  /** Tensor cores cut sums off instead of rounding them, and f32 is split into two tf32. */
  private static final double TENSOR_CORES = 4;

  /**
   * Products of factors in f16, which modulated convolutions of f16 images are made of, as in the
   * official code: their error is this many times that of f32, by the root of the number of terms.
   */
  private static final double OPERANDS_IN_F16 = 0x1p12;

  private LinearKernels() {}

  static OpKernel of(Linear op, Node node, Target target) {
    return switch (op) {
      case Linear.MatMul m -> MatMulKernel.of(m, node);
      case Linear.Conv2d c -> ConvKernel.of(c, node, target);
      case Linear.ConvTranspose2d c -> ConvKernel.of(c, node, target);
      case Linear.ConvWeightGradient c -> ConvWeightKernel.of(c, node);
    };
  }

  /**
   * How many times the rounding error of plain f32 arithmetic the form chosen for a node may make;
   * see {@link org.aliasfree.backend.Backend#errorFactor}.
   */
  static double errorFactor(Node node) {
    return switch (node.op()) {
      case Linear.Conv2d c -> convolution(ConvKernel.shape(c.geometry(), node), false, node);
      case Linear.ConvTranspose2d c -> convolution(ConvKernel.shape(c, node), true, node);
      case Linear.ConvWeightGradient c ->
          ConvWeightTileKernel.of(ConvWeightKernel.shape(c, node)).isPresent() ? TENSOR_CORES : 1;
      case Linear.MatMul m ->
          MatMulKernel.usesTensorCores(MatMulShape.of(m, node)) ? TENSOR_CORES : 1;
      default -> 1;
    };
  }

  private static double convolution(ConvShape shape, boolean adjoint, Node node) {
    if (ConvTileKernel.of(shape, adjoint, false).isEmpty()) {
      return 1;
    }
    double terms = (double) shape.groupInputs() * shape.taps();
    return isOfHalves(node)
        ? Math.max(TENSOR_CORES, Math.ceil(OPERANDS_IN_F16 / Math.sqrt(terms)))
        : TENSOR_CORES;
  }

  /** Whether a convolution is what the definition of a modulated one of f16 images has in it. */
  private static boolean isOfHalves(Node node) {
    Node scaled = node.inputs().getFirst().node();
    return scaled.op() instanceof Elementwise.Binary b
        && b.function() == Elementwise.BinaryFunction.MUL
        && scaled.inputs().getFirst().node().op() instanceof Elementwise.Cast
        && scaled.inputs().getFirst().node().inputs().getFirst().dtype() == DType.F16;
  }
}
