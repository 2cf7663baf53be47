package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;

/** TODO. */
final class ReductionTasks {
  private ReductionTasks() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    throw new UnsupportedOperationException(node.toString());
  }
}
