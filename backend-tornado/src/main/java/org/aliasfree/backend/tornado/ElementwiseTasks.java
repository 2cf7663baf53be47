package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;

/** TODO. */
final class ElementwiseTasks {
  private ElementwiseTasks() {}

  static OpKernel of(Elementwise op, Node node) {
    throw new UnsupportedOperationException(node.toString());
  }
}
