package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;

/** Adjoints of convolutions in the weight: sums over all pixels of all images. */
final class ConvWeightKernel {
  private static final int MOST_BLOCKS = 1 << 16;

  private ConvWeightKernel() {}

  static OpKernel of(Linear.ConvWeightGradient op, Node node) {
    ConvShape shape = shape(op, node);
    return ConvWeightTileKernel.of(shape).orElseGet(() -> plain(shape));
  }

  /** The sizes of the convolution that a node is the adjoint of. */
  static ConvShape shape(Linear.ConvWeightGradient op, Node node) {
    return ConvShape.of(
        op.geometry(),
        node.inputs().get(0).dtype(),
        node.inputs().get(1).dtype(),
        node.inputs().get(0).shape(),
        node.outputs().getFirst().shape(),
        node.inputs().get(1).shape());
  }

  private static OpKernel plain(ConvShape shape) {
    long elements = (long) shape.outputs() * shape.groupInputs() * shape.taps();
    return (at, launches) ->
        launches.launch(
            "conv_weight_plain",
            Math.min(elements, MOST_BLOCKS),
            1,
            1,
            256,
            0,
            shape.plain(at.in(0), at.in(1), 0, 0, at.out(0)));
  }
}
