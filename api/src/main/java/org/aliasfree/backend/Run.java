package org.aliasfree.backend;

import org.aliasfree.tensor.HostTensor;

/**
 * The memory of one execution of a plan: bind the inputs, execute, read the outputs, as often as
 * wanted. One thread at a time; several runs of a plan may execute at once, except where the plan
 * assigns variables.
 */
public interface Run extends AutoCloseable {
  /** Copies a value into an input; it stays bound until it is bound again. */
  void bind(String input, HostTensor value);

  /**
   * Computes the outputs and assigns the variables.
   *
   * @throws org.aliasfree.AliasFreeException if an input was never bound
   */
  default void execute() {
    execute(StepListener.NONE);
  }

  /** As {@link #execute()}, telling how long each step took. */
  void execute(StepListener listener);

  /** A copy of an output of the last execution. */
  HostTensor output(String name);

  @Override
  void close();

  /** Is told of each step that was run. */
  @FunctionalInterface
  interface StepListener {
    /** Ignores everything. */
    StepListener NONE = (step, nanos) -> {};

    /** A step took this long. */
    void ran(Plan.Step step, long nanos);
  }
}
