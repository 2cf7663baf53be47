package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;

/** Functions of single elements: chains of one. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static OpKernel of(Elementwise op, Node node) {
    return ElementwiseChain.of(List.of(node));
  }
}
