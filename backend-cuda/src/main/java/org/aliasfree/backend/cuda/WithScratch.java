package org.aliasfree.backend.cuda;

import java.util.List;

/**
 * A kernel that needs memory besides inputs and outputs.
 *
 * @param scratch bytes, a number a piece
 * @param kernel what uses it
 */
record WithScratch(List<Long> scratch, OpKernel kernel) implements OpKernel {
  /** Floats that pieces may have together, where planes can be done one after the other. */
  private static final long MOST = 1L << 26;

  @Override
  public void launch(Operands at, Launches launches) {
    kernel.launch(at, launches);
  }

  /** How many of {@code planes} are done at once if each needs so many floats; 1 or more. */
  static int atOnce(long planes, long floatsEach) {
    return Math.toIntExact(Math.clamp(MOST / Math.max(1, floatsEach), 1, Math.max(1, planes)));
  }
}
