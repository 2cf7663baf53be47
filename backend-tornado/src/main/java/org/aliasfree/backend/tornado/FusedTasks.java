package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** TODO. */
final class FusedTasks {
  private FusedTasks() {}

  static OpKernel of(Fused op, Node node, boolean tiles) {
    throw new UnsupportedOperationException(node.toString());
  }
}
