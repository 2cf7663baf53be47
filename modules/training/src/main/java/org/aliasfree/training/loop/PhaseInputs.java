package org.aliasfree.training.loop;

import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.TrainingPhase;

/** What the graphs of an iteration's phases are given: drawn, or recorded. */
@FunctionalInterface
public interface PhaseInputs {
  /**
   * Values of all inputs of a graph.
   *
   * @param round which micro-batch of the iteration, from 0
   * @param entry one of {@link TrainingPhase#accumulate}
   * @param types what the graph takes, by name
   */
  Map<String, HostTensor> of(
      TrainingPhase phase, int round, String entry, Map<String, TensorType> types);
}
