package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** A compiled graph with a store and a run of its own. */
final class Execution implements AutoCloseable {
  private static final String ENTRY = "conformance";

  private final Graph graph;
  private final @Nullable KitAllocator allocator;
  private final VariableStore store;
  private final CompiledProgram program;
  private Run run;

  /**
   * Compiles a graph.
   *
   * @param allocator whose memory is filled with rubbish from when the variables have theirs, or
   *     null
   */
  Execution(Backend backend, Graph graph, @Nullable KitAllocator allocator) {
    this.graph = graph;
    this.allocator = allocator;
    store = backend.createStore(graph.variables());
    fillWithRubbish(true);
    try {
      program = backend.compile(Program.of(ENTRY, graph), store);
      run = program.plan(ENTRY).newRun();
    } catch (Throwable t) {
      fillWithRubbish(false);
      store.close();
      throw t;
    }
  }

  private void fillWithRubbish(boolean yes) {
    if (allocator != null) {
      allocator.fillWithRubbish(yes);
    }
  }

  /** Runs a graph once. */
  static Map<String, HostTensor> once(
      Backend backend, Graph graph, Map<String, HostTensor> values) {
    try (Execution execution = new Execution(backend, graph, null)) {
      execution.bind(values);
      return execution.execute();
    }
  }

  /** Gives variables and inputs their values by name. */
  void bind(Map<String, HostTensor> values) {
    for (Variable v : graph.variables()) {
      store.write(v, value(values, v.name()));
    }
    for (String input : graph.inputs().keySet()) {
      run.bind(input, value(values, input));
    }
  }

  private static HostTensor value(Map<String, HostTensor> values, String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  /** The outputs for what is bound. */
  Map<String, HostTensor> execute() {
    run.execute();
    Map<String, HostTensor> results = new LinkedHashMap<>();
    graph.outputs().keySet().forEach(name -> results.put(name, run.output(name)));
    return results;
  }

  /** Nanoseconds that an execution takes. */
  long time() {
    long start = System.nanoTime();
    run.execute();
    return System.nanoTime() - start;
  }

  /** Goes on with a new run. */
  void renew() {
    run.close();
    run = program.plan(ENTRY).newRun();
  }

  VariableStore store() {
    return store;
  }

  @Override
  public void close() {
    run.close();
    program.close();
    store.close();
    fillWithRubbish(false);
  }
}
