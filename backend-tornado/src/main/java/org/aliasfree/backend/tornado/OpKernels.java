package org.aliasfree.backend.tornado;

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

  /**
   * The kernel for a node.
   *
   * @param tiles whether the device is one whose work-groups share fast memory: a GPU
   */
  static OpKernel of(Node node, boolean tiles) {
    return switch (node.op()) {
      case Source s -> SourceTasks.of(s);
      case Elementwise e -> ElementwiseTasks.of(e, node);
      case Reduction.Reduce r -> ReductionTasks.of(r, node);
      case Movement m -> MovementTasks.of(m, node);
      case Linear l -> LinearTasks.of(l, node, tiles);
      case Resampling r -> ResamplingTasks.of(r, node, tiles);
      case Fused f -> FusedTasks.of(f, node, tiles);
    };
  }
}
