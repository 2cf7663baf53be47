package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** The linear part of filtered leaky ReLU at a given sign map. */
final class SignedFilterKernel {
  private SignedFilterKernel() {}

  static OpKernel of(Fused.SignedFilter op, Node node) {
    return FilteredPasses.signed(op, node);
  }
}
