package org.aliasfree.backend;

import java.util.List;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Workload;
import org.aliasfree.tensor.TensorType;

/**
 * A compiled graph: immutable, shared by any number of {@linkplain Run runs} on any number of
 * threads.
 */
public interface Plan {
  /** The graph as it was given. */
  Graph graph();

  /**
   * What a run does, in order: the very objects that a {@link Run.StepListener} is told of, those
   * that are prepared besides.
   */
  List<Step> steps();

  /** Bytes of memory that each run takes for its activations, inputs and outputs. */
  long runBytes();

  /**
   * A run of this plan with memory of its own.
   *
   * @throws OutOfMemoryException if there is not enough
   */
  Run newRun();

  /**
   * One step of a plan.
   *
   * @param op what is done: the op's name, of fused ops those of all
   * @param label the name of the tensor made where the graph gives it one, else empty
   * @param inputs types of what is read; empty where the backend does not tell
   * @param outputs types of the results that are computed, one or more
   * @param prepared whether it is done once for each value of the variables rather than in every
   *     run
   * @param work what the op's formula asks for; of fused ops the sum, without what is between
   * @param flops floating-point operations that the backend's way of computing it really does:
   *     fewer than the formula's for fast algorithms
   */
  record Step(
      String op,
      String label,
      List<TensorType> inputs,
      List<TensorType> outputs,
      boolean prepared,
      Workload work,
      long flops) {
    /** Copies the lists. */
    public Step {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
      if (outputs.isEmpty()) {
        throw new IllegalArgumentException("a step of op " + op + " without a result");
      }
    }

    /** A step of which the first result alone is told. */
    public Step(
        String op, String label, TensorType output, boolean prepared, Workload work, long flops) {
      this(op, label, List.of(), List.of(output), prepared, work, flops);
    }

    /** Type of the first result. */
    public TensorType output() {
      return outputs.getFirst();
    }
  }
}
