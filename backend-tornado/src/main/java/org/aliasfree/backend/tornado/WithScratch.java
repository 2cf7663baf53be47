package org.aliasfree.backend.tornado;

import java.util.List;

/**
 * A kernel that needs scratch memory.
 *
 * @param scratch elements of each piece
 * @param body adds the tasks
 */
record WithScratch(List<Long> scratch, OpKernel body) implements OpKernel {
  /** Copies the list. */
  WithScratch {
    scratch = List.copyOf(scratch);
  }

  @Override
  public void launch(Operands at, Tasks tasks) {
    body.launch(at, tasks);
  }
}
