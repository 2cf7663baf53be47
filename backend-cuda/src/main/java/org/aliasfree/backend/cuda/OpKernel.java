package org.aliasfree.backend.cuda;

import java.util.List;

/** Computes a node by one or more launches. Made for one node, so it knows all shapes. */
@FunctionalInterface
interface OpKernel {
  /** Adds the launches, in order. Asked once for each place that the node's tensors have. */
  void launch(Operands at, Launches launches);

  /** Bytes of memory that the launches need besides inputs and outputs, one number a piece. */
  default List<Long> scratch() {
    return List.of();
  }

  /**
   * How inputs are rearranged before use. Where an input depends on variables only, that is done
   * once for all runs.
   */
  default List<Packing> packings() {
    return List.of();
  }

  /**
   * A rearrangement of one input: a weight in the order of the tensor cores.
   *
   * @param input which input
   * @param layout what tells this rearrangement from others of the same tensor; compared by equals
   * @param bytes of the result
   * @param packer does it
   */
  record Packing(int input, Object layout, long bytes, Packer packer) {}

  /** Does a rearrangement. */
  @FunctionalInterface
  interface Packer {
    /** Adds the launches that read the tensor and write its rearranged form. */
    void pack(long tensor, long packed, Launches launches);
  }
}
