package org.aliasfree.backend;

import java.util.ArrayList;
import java.util.List;

/** Which layer a step of a plan belongs to. */
public final class StepLayers {
  private StepLayers() {}

  /**
   * The names of the layers: a step's own label, or, where it has none, that of the next step that
   * has one, which it is on the way to; empty after the last.
   *
   * @param steps in the order in which they run
   * @return one for each step
   */
  public static List<String> of(List<Plan.Step> steps) {
    List<String> layers = new ArrayList<>();
    String next = "";
    for (Plan.Step step : steps.reversed()) {
      next = step.label().isEmpty() ? next : step.label();
      layers.add(next);
    }
    return layers.reversed();
  }
}
