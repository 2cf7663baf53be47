package org.aliasfree.conformance;

import java.util.Arrays;
import org.aliasfree.AliasFreeException;

/**
 * The rules that a backend follows. {@code docs/backend-spi.md} explains each; the tests of the kit
 * name the one that they check.
 */
public enum Rule {
  /** Forward results. */
  OP_1(true, "An op gives what its definition means, within the error model."),
  /** First derivatives. */
  OP_2(true, "So do the gradients of an op."),
  /** Second derivatives. */
  OP_3(true, "So do the gradients of these gradients."),
  /** Lowering. */
  OP_4(true, "An op that runs natively agrees with its definition run on the same backend."),
  /** Algebra: adjoints. */
  LAW_1(true, "The gradient of a linear op is its adjoint: <Ax, y> = <x, A'y>."),
  /** Algebra: linearity. */
  LAW_2(true, "A linear op is linear: A(ax + by) = aAx + bAy."),
  /** Filters. */
  LAW_3(true, "Filtering and filtered layers shift their result when their input is shifted."),
  /** Finite differences. */
  LAW_4(true, "Where f64 is supported, gradients agree with finite differences."),
  /** Repetition. */
  DET_1(true, "A plan that is run again on the same values gives the same bits."),
  /** Threads. */
  DET_2(true, "The number of threads changes no bit."),
  /** Batches. */
  DET_3(false, "An image has the same bits alone and in a batch."),
  /** Fences. */
  MEM_1(true, "Nothing is written outside the memory that was allocated."),
  /** Rubbish. */
  MEM_2(true, "What memory held before a run has no influence on it."),
  /** Zeros. */
  MEM_3(true, "Variables that were never written are zero."),
  /** Steady state. */
  MEM_4(true, "A run that is executed again allocates nothing that it keeps."),
  /** Leaks. */
  RES_1(true, "Closing runs, programs, stores and the backend gives all memory back."),
  /** Use after close. */
  RES_2(true, "What was closed refuses work with a sentence, and can be closed again."),
  /** Out of memory. */
  ERR_1(
      true, "An allocation that fails is an OutOfMemoryException, and leaves the backend usable."),
  /** Wrong bindings. */
  ERR_2(true, "Unknown names and values of a wrong type are refused, naming both."),
  /** Outputs before execution. */
  ERR_3(true, "Executing with an unbound input and reading before executing are refused."),
  /** Indices. */
  ERR_4(true, "An index out of range never reads or writes other memory."),
  /** Foreign stores. */
  ERR_5(true, "A store of another backend and variables that a store has not are refused."),
  /** Variables. */
  VAR_1(
      true, "A variable reads as its old value inside a graph and is assigned when the run ends."),
  /** Prepared values. */
  VAR_2(true, "Writing a variable shows in every later run of every plan of its store."),
  /** Outputs. */
  VAR_3(true, "Outputs stay those of the last execution, whatever is written or run afterwards."),
  /** Concurrency. */
  CON_1(true, "Runs of one plan on several threads do not disturb each other."),
  /** Concurrency of plans. */
  CON_2(true, "Plans of one store can be compiled and run on several threads at once."),
  /** Networks. */
  NET_1(true, "Whole generators give the reference's images."),
  /** Training. */
  NET_2(true, "A whole training step gives the reference's weights."),
  /** Choosing. */
  SPI_1(true, "The provider has an id, the right version, and a probe that says how or why not."),
  /** Devices. */
  SPI_2(true, "A device that does not exist is refused."),
  /** The core. */
  SPI_3(true, "Every op of the core is native, and a plan tells its steps and its memory.");

  private final boolean must;
  private final String sentence;

  Rule(boolean must, String sentence) {
    this.must = must;
    this.sentence = sentence;
  }

  /** As in the documentation: {@code OP-1}. */
  public String id() {
    return name().replace('_', '-');
  }

  /** Whether every backend must follow it; else it may, and says so. */
  public boolean isMust() {
    return must;
  }

  /** What is demanded. */
  public String sentence() {
    return sentence;
  }

  /** The rule of an id. */
  static Rule of(String id) {
    return Arrays.stream(values())
        .filter(r -> r.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new AliasFreeException("There is no rule " + id + "."));
  }
}
