package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;

/** Matrix products and convolutions. */
final class LinearTasks {
  private LinearTasks() {}

  static OpKernel of(Linear op, Node node, boolean tiles) {
    OpKernel tiled = tiles ? ConvTileTasks.of(op, node) : null;
    return tiled != null ? tiled : plain(op, node);
  }

  private static OpKernel plain(Linear op, Node node) {
    return switch (op) {
      case Linear.MatMul o -> MatMulTasks.of(o, node);
      case Linear.Conv2d o -> ConvTasks.convolution(o.geometry(), node);
      case Linear.ConvTranspose2d o -> ConvTasks.transposed(o.geometry(), node);
      case Linear.ConvWeightGradient o -> ConvGradientTasks.of(o.geometry(), node);
    };
  }
}
