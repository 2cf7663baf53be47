package org.aliasfree.training;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.aliasfree.backend.Run;

/**
 * One step of an optimiser: its graphs are run for each micro-batch and add to the gradients, then
 * (after those of several devices have been averaged) {@link #apply} changes the parameters.
 *
 * @param name {@code Gmain}, {@code Greg} or {@code Gboth}, {@code Dmain} and so on
 * @param scope what the names of the trained network's variables begin with
 * @param accumulate entries of the program that add to the gradients, in order
 * @param apply entry of the program that takes the step and sets the gradients to 0
 * @param interval it is done in every so manieth iteration, the first one included
 * @param adam the optimiser, adjusted for lazy regularisation
 * @param rates inputs of {@code apply}, and for each the phases that reach its parameters: Adam
 *     counts the steps of a parameter, and passes over one that the loss does not depend on
 */
public record TrainingPhase(
    String name,
    String scope,
    List<String> accumulate,
    String apply,
    int interval,
    AdamOptions adam,
    Map<String, Set<String>> rates) {
  /** Copies the collections. */
  public TrainingPhase {
    accumulate = List.copyOf(accumulate);
    rates = Map.copyOf(rates);
  }

  /** Whether the phase is done in an iteration, counted from 0. */
  public boolean isDue(long batchIdx) {
    return batchIdx % interval == 0;
  }

  /**
   * How often the phase has been done, if it was whenever due.
   *
   * @param iterations done so far, the present one included
   */
  public long steps(long iterations) {
    return Math.ceilDiv(iterations, interval);
  }

  /**
   * Binds the rates of a run of {@link #apply}.
   *
   * @param steps how often a phase has been applied, by its name; this time included
   */
  public void bindRates(Run run, ToLongFunction<String> steps) {
    rates.forEach(
        (input, phases) -> run.bind(input, adam.rates(phases.stream().mapToLong(steps).sum())));
  }
}
