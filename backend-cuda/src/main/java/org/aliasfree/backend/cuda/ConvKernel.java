package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Linear;
import org.aliasfree.tensor.Shape;

/** Convolutions, and their adjoints in the input. */
final class ConvKernel {
  private static final int PLAIN_CHANNELS = 4; // as in conv_plain.cu

  private ConvKernel() {}

  static OpKernel of(Linear.Conv2d op, Node node, Target target) {
    return convolution(shape(op.geometry(), node), false, target);
  }

  static OpKernel of(Linear.ConvTranspose2d op, Node node, Target target) {
    ConvShape shape = shape(op, node);
    return ConvHopperKernel.of(shape, true, false, target)
        .or(() -> ConvTileKernel.of(shape, true, false))
        .orElseGet(() -> plainTranspose(shape));
  }

  /** The sizes of a node that convolves its first input with its second. */
  static ConvShape shape(ConvGeometry geometry, Node node) {
    return ConvShape.of(
        geometry,
        node.inputs().get(0).dtype(),
        node.inputs().get(1).dtype(),
        node.inputs().get(0).shape(),
        node.inputs().get(1).shape(),
        node.outputs().getFirst().shape());
  }

  /** The sizes of the convolution that a node is the adjoint of. */
  static ConvShape shape(Linear.ConvTranspose2d op, Node node) {
    return ConvShape.of(
        op.geometry(),
        node.inputs().get(0).dtype(),
        node.inputs().get(1).dtype(),
        node.outputs().getFirst().shape(),
        node.inputs().get(1).shape(),
        node.inputs().get(0).shape());
  }

  /** A convolution; modulated ones have styles and scales as third and fourth input. */
  static OpKernel convolution(ConvShape shape, boolean modulated, Target target) {
    return ConvHopperKernel.of(shape, false, modulated, target)
        .or(() -> ConvTileKernel.of(shape, false, modulated))
        .orElseGet(() -> plain(shape, modulated));
  }

  private static OpKernel plain(ConvShape shape, boolean modulated) {
    long blocks = Math.ceilDiv(shape.groupOutputs(), PLAIN_CHANNELS);
    long threads =
        Math.multiplyExact(
            (long) shape.outHeight() * shape.outWidth(),
            blocks * shape.geometry().groups() * shape.images());
    return (at, launches) ->
        launches.forEach(
            "conv_plain",
            threads,
            shape.plain(
                at.in(0), at.in(1), modulated ? at.in(2) : 0, modulated ? at.in(3) : 0, at.out(0)));
  }

  private static OpKernel plainTranspose(ConvShape shape) {
    long elements =
        Shape.of(shape.images(), shape.inputs(), shape.height(), shape.width()).elements();
    return (at, launches) ->
        launches.forEach(
            "conv_transpose_plain", elements, shape.plain(at.in(0), at.in(1), 0, 0, at.out(0)));
  }
}
