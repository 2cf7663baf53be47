package org.aliasfree.benchmarks;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.Variable;

/** A graph of one op on a backend, ready to be executed again and again. */
final class SingleOp implements AutoCloseable {
  private static final String ENTRY = "main";

  private final Backend backend;
  private final VariableStore store;
  private final CompiledProgram program;
  private final Run run;

  /**
   * Prepares it, and executes it once.
   *
   * @param threads 0 for one a processor
   */
  SingleOp(KernelCase kernel, String choice, int threads) {
    backend = Backends.select(choice, BackendOptions.defaults().withThreads(threads));
    store = backend.createStore(variables(kernel));
    program = backend.compile(Program.of(ENTRY, graph(kernel)), store);
    run = program.plan(ENTRY).newRun();
    for (int i = 0; i < kernel.arguments().size(); i++) {
      KernelCase.Argument argument = kernel.arguments().get(i);
      var value = NetworkCases.value(argument, i);
      if (argument.fixed()) {
        store.write(kernel.variable(i), value);
      } else {
        run.bind(KernelCase.input(i), value);
      }
    }
    run.execute();
  }

  private static List<Variable> variables(KernelCase kernel) {
    List<Variable> variables = new ArrayList<>();
    for (int i = 0; i < kernel.arguments().size(); i++) {
      if (kernel.arguments().get(i).fixed()) {
        variables.add(kernel.variable(i));
      }
    }
    return variables;
  }

  private static Graph graph(KernelCase kernel) {
    Node node = kernel.node();
    Graph.Builder graph = Graph.builder();
    for (int i = 0; i < kernel.outputs(); i++) {
      graph.output("out" + i, node.outputs().get(i));
    }
    return graph.build();
  }

  /** Executes it. */
  void execute() {
    run.execute();
  }

  /** Floating-point operations that a backend's way of computing it really does. */
  static long flops(KernelCase kernel, String choice) {
    try (Backend backend = Backends.select(choice);
        VariableStore store = backend.createStore(variables(kernel));
        CompiledProgram program = backend.compile(Program.of(ENTRY, graph(kernel)), store)) {
      return program.plan(ENTRY).steps().stream()
          .filter(step -> !step.prepared())
          .mapToLong(Plan.Step::flops)
          .sum();
    }
  }

  @Override
  public void close() {
    run.close();
    program.close();
    store.close();
    backend.close();
  }
}
