package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;

/** Matrix products and convolutions. */
final class LinearKernels {
  private LinearKernels() {}

  static OpKernel of(Linear op, Node node) {
    return switch (op) {
      case Linear.MatMul m -> MatMulKernel.of(m, node);
      case Linear.Conv2d c -> ConvKernel.of(c, node);
      case Linear.ConvTranspose2d c -> ConvKernel.of(c, node);
      case Linear.ConvWeightGradient c -> ConvWeightKernel.of(c, node);
    };
  }

  /**
   * How many times the rounding error of plain f32 arithmetic the form chosen for a node may make;
   * see {@link org.aliasfree.backend.Backend#errorFactor}.
   */
  static double errorFactor(Node node) {
    return 1;
  }
}
