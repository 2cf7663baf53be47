package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;

/** Chains of ops that are computed whole. */
final class FusedKernels {
  private FusedKernels() {}

  static OpKernel of(Fused op, Node node, Target target) {
    return switch (op) {
      case Fused.BiasAct b -> BiasActKernel.of(b, node);
      case Fused.FilteredLrelu f -> FilteredLreluKernel.of(f, node);
      case Fused.SignedFilter s -> SignedFilterKernel.of(s, node);
      case Fused.ModulatedConv2d m -> ModulatedConvKernel.of(m, node, target);
      case Fused.AdamStep a -> AdamKernel.of(node);
    };
  }
}
