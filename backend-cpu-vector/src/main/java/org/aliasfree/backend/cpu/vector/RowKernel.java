package org.aliasfree.backend.cpu.vector;

import org.aliasfree.backend.support.Kernel;

/**
 * A kernel that works on the rows of a {@link Walk}, in tasks of enough rows to be worth a thread.
 */
interface RowKernel extends Kernel<Scratch> {
  /** Elements that make a task worth handing to another thread. */
  long TASK = 1 << 15;

  /** What is walked over. */
  Walk walk();

  /** Computes {@code count} elements of a row, from element {@code from} on. */
  void row(Call<Scratch> call, long row, long from, long count, Scratch scratch);

  @Override
  default void run(Call<Scratch> call) {
    Walk walk = walk();
    long length = walk.rowLength();
    if (length == 0 || walk.rows() == 0) {
      return;
    }
    // Long rows are cut, short ones gathered; element for element the result is the same.
    long pieces = Math.ceilDiv(length, TASK);
    long rowsPerTask = Math.max(1, TASK / length);
    long tasks = pieces > 1 ? walk.rows() * pieces : Math.ceilDiv(walk.rows(), rowsPerTask);
    call.parallel(
        Math.toIntExact(tasks),
        (task, scratch) -> {
          if (pieces > 1) {
            long from = task % pieces * TASK;
            row(call, task / pieces, from, Math.min(TASK, length - from), scratch);
          } else {
            long end = Math.min(walk.rows(), (task + 1L) * rowsPerTask);
            for (long r = task * rowsPerTask; r < end; r++) {
              row(call, r, 0, length, scratch);
            }
          }
        });
  }
}
