package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** Chains of simpler ops. */
final class FusedTasks {
  private FusedTasks() {}

  static OpKernel of(Fused op, Node node, boolean tiles) {
    return switch (op) {
      case Fused.BiasAct o -> BiasActTasks.of(o, node);
      case Fused.FilteredLrelu o -> FilteredLreluTasks.activated(o, node);
      case Fused.SignedFilter o -> FilteredLreluTasks.signed(o, node);
      case Fused.ModulatedConv2d o -> ConvTasks.convolution(o.geometry(), node);
      case Fused.AdamStep o -> AdamTasks.of(node);
    };
  }
}
