package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Linear;

/** TODO. */
final class LinearTasks {
  private LinearTasks() {}

  static OpKernel of(Linear op, Node node, boolean tiles) {
    throw new UnsupportedOperationException(node.toString());
  }
}
