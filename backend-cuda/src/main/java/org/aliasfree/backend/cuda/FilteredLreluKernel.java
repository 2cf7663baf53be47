package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** StyleGAN3's alias-free non-linearity. */
final class FilteredLreluKernel {
  private FilteredLreluKernel() {}

  static OpKernel of(Fused.FilteredLrelu op, Node node) {
    return FilteredPasses.activated(op, node);
  }
}
