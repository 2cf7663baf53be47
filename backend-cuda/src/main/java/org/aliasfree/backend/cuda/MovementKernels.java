package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Movement;

final class MovementKernels {
  private MovementKernels() {}

  static OpKernel of(Movement op, Node node) {
    throw new UnsupportedOperationException(op.name());
  }
}
