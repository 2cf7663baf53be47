package org.aliasfree.backend;

import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** What a program is doing for some time; see {@link BackendObserver}. */
public sealed interface Activity {
  /**
   * A network is read from a file or a resource.
   *
   * @param source its path, or what it is called
   */
  record LoadNetwork(String source) implements Activity {}

  /**
   * Memory for variables is made.
   *
   * @param backend id of the backend
   * @param variables how many
   * @param bytes of their values
   */
  record CreateStore(String backend, int variables, long bytes) implements Activity {}

  /** A value goes from the host into a variable. */
  record WriteVariable(Variable variable) implements Activity {}

  /** A value goes from a variable to the host. */
  record ReadVariable(Variable variable) implements Activity {}

  /**
   * Graphs are made plans.
   *
   * @param backend id of the backend
   */
  record Compile(String backend, Program program) implements Activity {}

  /** Memory for a run is made. */
  record CreateRun(ObservedPlan plan) implements Activity {}

  /** A value goes from the host into an input of a run. */
  record BindInput(ObservedPlan plan, String input, TensorType type) implements Activity {}

  /**
   * A plan is executed.
   *
   * @param run which run of the plan, from 1 in the order in which they were made
   */
  record Execute(ObservedPlan plan, int run) implements Activity {}

  /** A value goes from an output of a run to the host. */
  record ReadOutput(ObservedPlan plan, String output) implements Activity {}

  /**
   * Something that the program around does: encoding a picture, writing a file.
   *
   * @param name what is done, the same every time
   * @param detail to what; may be empty
   */
  record Stage(String name, String detail) implements Activity {}
}
