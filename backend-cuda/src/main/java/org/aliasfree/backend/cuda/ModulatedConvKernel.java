package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

final class ModulatedConvKernel {
  private ModulatedConvKernel() {}

  static OpKernel of(Fused.ModulatedConv2d op, Node node) {
    throw new UnsupportedOperationException(op.name());
  }
}
