package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** The rules about several threads. */
final class ConcurrencyChecks {
  private static final int THREADS = 4;
  private static final int REPETITIONS = 5;
  private static final Variable WEIGHT = new Variable("weight", TensorType.f32(6, 6, 3, 3));
  private static final Variable TAPS = new Variable("taps", TensorType.f32(6));
  private static final Variable MATRIX = new Variable("matrix", TensorType.f32(24, 24));

  private final Backend backend;

  ConcurrencyChecks(Subject subject) {
    backend = subject.backend();
  }

  /** A small layer of every kind that has scratch memory: convolution, filters, product, sums. */
  private static Graph layer(int batch) {
    Tensor x = Ops.input("x", TensorType.f32(batch, 6, 24, 24));
    Tensor y = Ops.conv2d(x, Ops.read(WEIGHT), ConvGeometry.padded(1));
    Tensor taps = Ops.read(TAPS);
    FilteredActivation a = new FilteredActivation(2, 2, 5, 5, 5, 5, 1.2, 0.2, 0.8, false);
    Tensor bias = y.mean(0, 2, 3).reshape(6);
    y = Ops.filteredLrelu(y, bias, taps, taps, a);
    y = Ops.biasAct(y, bias, 1, Activation.SWISH);
    Tensor m = y.reshape(batch, 6, -1).slice(2, 0, 24).matmul(Ops.read(MATRIX));
    return Graph.builder().output("y", y).output("m", m).build();
  }

  private static VariableStore store(Backend backend) {
    VariableStore store = backend.createStore(List.of(WEIGHT, TAPS, MATRIX));
    Random random = new Random(3);
    for (Variable v : store.variables()) {
      store.write(v, Content.NORMAL.fill(v.type(), 0, random));
    }
    return store;
  }

  private static Map<String, HostTensor> run(Run run, Graph graph, int seed) {
    run.bind(
        "x",
        Content.NORMAL.fill(
            java.util.Objects.requireNonNull(graph.inputs().get("x")).type(), 0, new Random(seed)));
    run.execute();
    return Map.of("y", run.output("y"), "m", run.output("m"));
  }

  void runsOfOnePlan() throws InterruptedException {
    Graph graph = layer(2);
    try (VariableStore store = store(backend);
        CompiledProgram program = backend.compile(Program.of("main", graph), store)) {
      List<Map<String, HostTensor>> alone = new ArrayList<>();
      try (Run run = program.plan("main").newRun()) {
        for (int i = 0; i < THREADS; i++) {
          alone.add(run(run, graph, i));
        }
      }
      together(
          Rule.CON_1,
          thread -> {
            try (Run run = program.plan("main").newRun()) {
              for (int i = 0; i < REPETITIONS; i++) {
                OpChecks.sameBits(
                    Rule.CON_1,
                    "with " + THREADS + " threads, one",
                    alone.get(thread),
                    run(run, graph, thread));
              }
            }
          });
    }
  }

  void plansOfOneStore() throws InterruptedException {
    try (VariableStore store = store(backend)) {
      List<Map<String, HostTensor>> alone = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        alone.add(compileAndRun(store, i));
      }
      try (VariableStore fresh = store(backend)) {
        together(
            Rule.CON_2,
            thread -> {
              for (int i = 0; i < REPETITIONS; i++) {
                OpChecks.sameBits(
                    Rule.CON_2,
                    "with " + THREADS + " threads, one",
                    alone.get(thread),
                    compileAndRun(fresh, thread));
              }
            });
      }
    }
  }

  private Map<String, HostTensor> compileAndRun(VariableStore store, int thread) {
    Graph graph = layer(1 + thread % 2);
    try (CompiledProgram program = backend.compile(Program.of("main", graph), store);
        Run run = program.plan("main").newRun()) {
      return run(run, graph, thread);
    }
  }

  private interface Job {
    void run(int thread);
  }

  private static void together(Rule rule, Job job) throws InterruptedException {
    List<Callable<Void>> jobs = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      jobs.add(
          () -> {
            job.run(thread);
            return null;
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (Future<Void> done : threads.invokeAll(jobs)) {
        done.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Violation v) {
        throw v;
      }
      throw new Violation(rule, "one thread ended with " + e.getCause() + ".", e.getCause());
    }
  }
}
