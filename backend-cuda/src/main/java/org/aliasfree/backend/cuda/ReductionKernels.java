package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Reduction;

final class ReductionKernels {
  private ReductionKernels() {}

  static OpKernel of(Reduction.Reduce op, Node node) {
    throw new UnsupportedOperationException(op.name());
  }
}
