package org.aliasfree.backend.cuda;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;

/** The table of this backend's kernels, which has every op. */
final class OpKernels {
  private OpKernels() {}

  /** The kernel for a node. */
  static OpKernel of(Node node, Target target) {
    return switch (node.op()) {
      case Source s -> SourceKernels.of(s);
      case Elementwise e -> ElementwiseKernels.of(e, node);
      case Reduction.Reduce r -> ReductionKernels.of(r, node);
      case Movement m -> MovementKernels.of(m, node);
      case Linear l -> LinearKernels.of(l, node, target);
      case Resampling r -> ResamplingKernels.of(r, node);
      case Fused f -> FusedKernels.of(f, node, target);
    };
  }
}
