package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

final class FilteredLreluKernel {
  private FilteredLreluKernel() {}

  static OpKernel of(Fused.FilteredLrelu op, Node node) {
    throw new UnsupportedOperationException(op.name());
  }
}
