package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;

/** Runs a graph once. */
final class Evaluate {
  private Evaluate() {}

  /** A graph with these outputs. */
  static Graph graph(Map<String, Tensor> outputs) {
    Graph.Builder builder = Graph.builder();
    outputs.forEach(builder::output);
    return builder.build();
  }

  /** The outputs of a graph whose inputs and variables have the values that their names get. */
  static Map<String, HostTensor> evaluate(
      Backend backend, Graph graph, Function<String, HostTensor> values) {
    try (VariableStore store = backend.createStore(graph.variables());
        CompiledProgram program = backend.compile(Program.of("test", graph), store);
        Run run = program.plan("test").newRun()) {
      graph.variables().forEach(v -> store.write(v, values.apply(v.name())));
      graph.inputs().keySet().forEach(name -> run.bind(name, values.apply(name)));
      run.execute();
      Map<String, HostTensor> results = new LinkedHashMap<>();
      graph.outputs().keySet().forEach(name -> results.put(name, run.output(name)));
      return results;
    }
  }

  /** As above, with the values of a map. */
  static Map<String, HostTensor> evaluate(
      Backend backend, Graph graph, Map<String, HostTensor> values) {
    return evaluate(backend, graph, name -> Objects.requireNonNull(values.get(name), name));
  }

  /** As above, for a graph with these outputs. */
  static Map<String, HostTensor> evaluate(
      Backend backend, Map<String, Tensor> outputs, Map<String, HostTensor> inputs) {
    return evaluate(backend, graph(outputs), inputs);
  }
}
