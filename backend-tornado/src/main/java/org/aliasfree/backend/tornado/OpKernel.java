package org.aliasfree.backend.tornado;

import java.util.List;

/** Computes a node by one or more tasks. Made for one node, so it knows all shapes. */
@FunctionalInterface
interface OpKernel {
  /** Elements of f32 memory that the tasks need besides inputs and outputs, one number a piece. */
  default List<Long> scratch() {
    return List.of();
  }

  /** Adds the tasks, in order. */
  void launch(Operands at, Tasks tasks);
}
