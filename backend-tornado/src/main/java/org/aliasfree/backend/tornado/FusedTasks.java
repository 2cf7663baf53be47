package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Fused;
import org.jspecify.annotations.Nullable;

/** Chains of simpler ops. */
final class FusedTasks {
  private FusedTasks() {}

  static OpKernel of(Fused op, Node node, boolean tiles) {
    OpKernel tiled = tiles ? tiled(op, node) : null;
    return tiled != null ? tiled : plain(op, node);
  }

  private static @Nullable OpKernel tiled(Fused op, Node node) {
    return switch (op) {
      case Fused.FilteredLrelu o -> FilterTileTasks.of(o, node);
      case Fused.SignedFilter o -> FilterTileTasks.of(o, node);
      case Fused.ModulatedConv2d o -> ConvTileTasks.of(o, node);
      case Fused.BiasAct o -> null;
      case Fused.AdamStep o -> null;
    };
  }

  private static OpKernel plain(Fused op, Node node) {
    return switch (op) {
      case Fused.BiasAct o -> BiasActTasks.of(o, node);
      case Fused.FilteredLrelu o -> FilteredLreluTasks.activated(o, node);
      case Fused.SignedFilter o -> FilteredLreluTasks.signed(o, node);
      case Fused.ModulatedConv2d o -> ConvTasks.convolution(o.geometry(), node);
      case Fused.AdamStep o -> AdamTasks.of(node);
    };
  }
}
