package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Movement;

/** TODO. */
final class MovementTasks {
  private MovementTasks() {}

  static OpKernel of(Movement op, Node node) {
    throw new UnsupportedOperationException(node.toString());
  }
}
