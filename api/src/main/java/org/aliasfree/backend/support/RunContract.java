package org.aliasfree.backend.support;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;

/**
 * What a run demands of who uses it, whatever the backend: names that exist, values of the right
 * type, and the order of binding, executing, reading and closing.
 */
public final class RunContract {
  private final String plan;
  private final Map<String, Tensor> inputs;
  private final Map<String, Tensor> outputs;
  private final Set<String> bound = new HashSet<>();
  private boolean executed;
  private boolean closed;

  /** The contract of a new run of the plan called {@code plan}. */
  public RunContract(String plan, Map<String, Tensor> inputs, Map<String, Tensor> outputs) {
    this.plan = plan;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Refuses what is asked of a closed run. */
  public void checkOpen() {
    if (closed) {
      throw new AliasFreeException(
          "The run of \"" + plan + "\" was closed and cannot be used any more.");
    }
  }

  /** The input of this name, to which the value is going to be bound. */
  public Tensor bind(String input, HostTensor value) {
    checkOpen();
    Tensor tensor = named("input", inputs, input);
    if (!value.type().equals(tensor.type())) {
      throw new AliasFreeException(
          "The input \""
              + input
              + "\" of \""
              + plan
              + "\" is "
              + tensor.type()
              + ", but a value of type "
              + value.type()
              + " was bound.");
    }
    bound.add(input);
    return tensor;
  }

  private Tensor named(String what, Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AliasFreeException(
          "The plan \""
              + plan
              + "\" has no "
              + what
              + " called \""
              + name
              + "\"; it has "
              + String.join(", ", tensors.keySet())
              + ".");
    }
    return tensor;
  }

  /** An execution begins: every input must have been bound, and there are no outputs meanwhile. */
  public void begin() {
    checkOpen();
    for (String input : inputs.keySet()) {
      if (!bound.contains(input)) {
        throw new AliasFreeException(
            "The input \"" + input + "\" of \"" + plan + "\" was never bound.");
      }
    }
    executed = false;
  }

  /** The execution ended well. */
  public void end() {
    executed = true;
  }

  /** The output of this name, which is going to be read. */
  public Tensor output(String name) {
    checkOpen();
    Tensor tensor = named("output", outputs, name);
    if (!executed) {
      throw new AliasFreeException(
          "The run of \"" + plan + "\" was not executed yet, so it has no outputs.");
    }
    return tensor;
  }

  /** Closes the run; false if it was closed before. */
  public boolean close() {
    boolean first = !closed;
    closed = true;
    return first;
  }
}
