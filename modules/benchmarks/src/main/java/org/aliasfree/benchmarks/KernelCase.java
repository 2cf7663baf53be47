package org.aliasfree.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * An op and what it is applied to.
 *
 * @param op the op
 * @param arguments its inputs
 * @param outputs how many of its outputs are wanted
 */
record KernelCase(Op op, List<Argument> arguments, int outputs) {
  /**
   * An input.
   *
   * @param type its type
   * @param fixed whether it is a variable, from which a backend may prepare something once
   * @param value where it matters: the taps of a filter; otherwise it is drawn
   */
  record Argument(TensorType type, boolean fixed, Optional<HostTensor> value) {
    /** What changes from run to run. */
    static Argument bound(TensorType type) {
      return new Argument(type, false, Optional.empty());
    }

    /** A weight. */
    static Argument weight(TensorType type) {
      return new Argument(type, true, Optional.empty());
    }

    /** A variable of this value. */
    static Argument value(HostTensor value) {
      return new Argument(value.type(), true, Optional.of(value));
    }
  }

  KernelCase {
    arguments = List.copyOf(arguments);
  }

  /** The variable of a fixed argument. */
  Variable variable(int argument) {
    return new Variable("in" + argument, arguments.get(argument).type());
  }

  /** The name of the input of a bound argument. */
  static String input(int argument) {
    return "in" + argument;
  }

  /** The op on inputs and variables of these types. */
  Node node() {
    List<Tensor> inputs = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      Argument argument = arguments.get(i);
      inputs.add(argument.fixed() ? Ops.read(variable(i)) : Ops.input(input(i), argument.type()));
    }
    return Node.of(op, inputs);
  }

  /** What it asks of the machine. */
  Workload work() {
    return Workload.of(node(), output -> output.index() < outputs);
  }
}
