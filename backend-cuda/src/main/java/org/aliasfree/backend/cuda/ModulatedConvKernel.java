package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** Convolutions whose input and output channels each sample scales. */
final class ModulatedConvKernel {
  private ModulatedConvKernel() {}

  static OpKernel of(Fused.ModulatedConv2d op, Node node, Target target) {
    return ConvKernel.convolution(ConvKernel.shape(op.geometry(), node), true, target);
  }
}
