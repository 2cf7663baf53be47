package org.aliasfree.training.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * Finds where NaN or infinity first appears in a graph: the graph is run once more, watching the
 * result of every op. This takes as long as a few iterations, but it is done once only.
 */
final class NonFinite {
  private NonFinite() {}

  /** Whether all numbers are finite. */
  static boolean isFinite(HostTensor values) {
    for (long i = 0; i < values.type().elements(); i++) {
      if (!Double.isFinite(values.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The first tensor with NaN or infinity, in the order of computation, in words; empty if all are
   * finite this time.
   *
   * @param graph what gave such a result
   * @param inputs what it was given
   */
  static Optional<String> first(
      Backend backend, VariableStore store, Graph graph, Map<String, HostTensor> inputs) {
    Map<Tensor, String> names = new HashMap<>();
    graph.names().forEach((name, tensor) -> names.put(tensor, name));
    Graph.Builder watched = Graph.builder();
    List<Watched> all = new ArrayList<>();
    String last = "";
    for (Node node : graph.nodes()) {
      for (Tensor tensor : node.outputs()) {
        last = names.getOrDefault(tensor, last);
        if (tensor.dtype() == DType.F32 || tensor.dtype() == DType.F16) {
          String output = "watched." + all.size();
          int[] axes = IntStream.range(0, tensor.shape().rank()).toArray();
          // 0 times anything is 0, unless it is NaN or infinite.
          watched.output(output, tensor.mul(0).sum(axes).reshape());
          all.add(new Watched(output, node, last));
        }
      }
    }
    try (CompiledProgram program = backend.compile(Program.of("watched", watched.build()), store);
        Run run = program.plan("watched").newRun()) {
      program
          .plan("watched")
          .graph()
          .inputs()
          .keySet()
          .forEach(i -> run.bind(i, Objects.requireNonNull(inputs.get(i), i)));
      run.execute();
      for (Watched w : all) {
        if (!isFinite(run.output(w.output))) {
          return Optional.of(w.describe());
        }
      }
      return Optional.empty();
    }
  }

  /** A result that is watched, and the last tensor with a name up to it. */
  private record Watched(String output, Node node, String last) {
    String describe() {
      if (node.op() instanceof Source.Read read) {
        Variable variable = read.variable();
        return "the value of the variable " + variable.name();
      }
      if (node.op() instanceof Source.Input input) {
        return "the input " + input.name();
      }
      String where = last.isEmpty() ? "before the first layer" : "at or after " + last;
      return "the result of the op "
          + node.op().name()
          + " "
          + node.outputs().getFirst().type()
          + ", "
          + where;
    }
  }
}
