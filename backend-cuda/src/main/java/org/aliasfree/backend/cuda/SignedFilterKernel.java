package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** The linear part of filtered leaky ReLU at a given sign map. */
final class SignedFilterKernel {
  private SignedFilterKernel() {}

  static OpKernel of(Fused.SignedFilter op, Node node) {
    OpKernel pixels = FilterPixels.of(op, node);
    if (pixels != null) {
      return pixels;
    }
    OpKernel march = FilterMarch.of(op, node);
    return march != null ? march : FilteredPasses.signed(op, node);
  }
}
