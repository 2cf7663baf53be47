package org.aliasfree.backend.tornado;

import org.aliasfree.graph.Node;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;

/** The table of this backend's kernels. */
final class OpKernels {
  private OpKernels() {}

  /** Whether an op is computed by kernels of its own. */
  static boolean isNative(Op op) {
    return switch (op) {
      case Source s -> true;
      case Elementwise e -> true;
      case Reduction r -> true;
      case Movement m -> true;
      case Linear l -> true;
      case Resampling r -> true;
      case Fused f -> true;
    };
  }

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
