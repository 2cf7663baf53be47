package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** StyleGAN3's alias-free non-linearity. */
final class FilteredLreluKernel {
  private FilteredLreluKernel() {}

  static OpKernel of(Fused.FilteredLrelu op, Node node) {
    OpKernel pixels = FilterPixels.of(op, node);
    if (pixels != null) {
      return pixels;
    }
    OpKernel march = FilterMarch.of(op, node);
    return march != null ? march : FilteredPasses.activated(op, node);
  }
}
