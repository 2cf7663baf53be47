package org.aliasfree.training.loop;

import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.TrainingPhase;

/** Is told what the graphs of a phase computed. */
@FunctionalInterface
public interface PhaseResults {
  /**
   * A graph has been run.
   *
   * @param round which micro-batch of the iteration, from 0
   * @param entry one of {@link TrainingPhase#accumulate}
   * @param outputs its outputs, to be read during this call only
   */
  void computed(TrainingPhase phase, int round, String entry, Outputs outputs);

  /** The outputs of a graph. */
  @FunctionalInterface
  interface Outputs {
    /** A copy of an output, by name. */
    HostTensor get(String name);
  }
}
