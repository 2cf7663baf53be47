package org.aliasfree.backend.cpu.vector;

/**
 * One operation bound to its operands, cut into tasks. All tasks of a stage may run at once, in any
 * order, on any threads; a stage begins when every task of the one before it has ended. How tasks
 * are dealt out never changes a bit of the result: no task splits a sum with another.
 */
interface Work {
  /** How many stages run one after the other; most operations have one. */
  default int stages() {
    return 1;
  }

  /** The number of tasks of stage {@code stage}. */
  int tasks(int stage);

  /** Runs one task with scratch memory that no other task is using meanwhile. */
  void run(int stage, int task, Scratch scratch);

  /** Runs everything on the calling thread. */
  default void runAll(Scratch scratch) {
    for (int stage = 0; stage < stages(); stage++) {
      for (int task = 0; task < tasks(stage); task++) {
        run(stage, task, scratch);
      }
    }
  }
}
