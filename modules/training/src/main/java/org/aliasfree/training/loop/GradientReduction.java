package org.aliasfree.training.loop;

import org.aliasfree.backend.VariableStore;
import org.aliasfree.training.TrainingPhase;

/**
 * What happens to gradients between adding them up and the step of the optimiser: where several
 * devices train together, they are averaged.
 */
@FunctionalInterface
public interface GradientReduction {
  /** One device has nothing to average. */
  GradientReduction NONE = (phase, store) -> {};

  /** Replaces the gradients of the phase's network in a store. */
  void reduce(TrainingPhase phase, VariableStore store);
}
