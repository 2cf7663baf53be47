package org.aliasfree.backend.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the host backend does around its kernels: binding, variables, plans, threads. */
class HostBackendTest {
  private static final TensorType PAIR = TensorType.f32(2);
  private static final Variable A = new Variable("a", PAIR);
  private static final Variable B = new Variable("b", PAIR);

  private Backend backend;
  private VariableStore store;

  @BeforeEach
  void open() {
    backend = new CpuReferenceProvider().open(BackendOptions.defaults().withThreads(3));
    store = backend.createStore(List.of(A, B));
  }

  @AfterEach
  void close() {
    store.close();
    backend.close();
  }

  private static HostTensor pair(double first, double second) {
    HostTensor t = HostTensor.allocate(PAIR);
    t.set(0, first);
    t.set(1, second);
    return t;
  }

  private static List<Double> values(HostTensor t) {
    return IntStream.range(0, (int) t.type().elements()).mapToObj(t::get).toList();
  }

  private Plan plan(Graph graph) {
    return backend.compile(Program.of("test", graph), store).plan("test");
  }

  private static Graph doubled() {
    return Graph.builder().output("y", Ops.input("x", PAIR).mul(2)).build();
  }

  @Test
  void anInputThatWasNeverBoundIsNamed() {
    try (Run run = plan(doubled()).newRun()) {
      assertThatThrownBy(run::execute)
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("\"x\"")
          .hasMessageContaining("never bound");
    }
  }

  @Test
  void aValueOfAnotherTypeIsRefusedAndBothTypesAreNamed() {
    try (Run run = plan(doubled()).newRun()) {
      assertThatThrownBy(() -> run.bind("x", HostTensor.scalar(DType.F64, 1)))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContainingAll("\"x\"", "f32[2]", "f64[]");
      assertThatThrownBy(() -> run.bind("z", pair(1, 2)))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContainingAll("\"z\"", "it has x");
      assertThatThrownBy(() -> store.write(A, HostTensor.scalar(DType.F32, 1)))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContainingAll("a: f32[2]", "f32[]");
    }
  }

  @Test
  void aClosedRunAndAClosedBackendRefuseWork() {
    Plan plan = plan(doubled());
    Run closed = plan.newRun();
    closed.bind("x", pair(1, 2));
    closed.close();
    closed.close();
    assertThatThrownBy(closed::execute).hasMessageContaining("closed");
    assertThatThrownBy(() -> closed.output("y")).hasMessageContaining("closed");
    backend.close();
    assertThatThrownBy(plan::newRun).hasMessageContaining("closed");
  }

  @Test
  void outputsExistOnlyAfterARunAndOnlyThoseOfTheGraph() {
    try (Run run = plan(doubled()).newRun()) {
      run.bind("x", pair(1, 2));
      assertThatThrownBy(() -> run.output("y")).hasMessageContaining("not executed");
      run.execute();
      assertThat(values(run.output("y"))).containsExactly(2.0, 4.0);
      assertThatThrownBy(() -> run.output("q")).hasMessageContainingAll("\"q\"", "it has y");
      run.execute(); // what was bound stays bound
      assertThat(values(run.output("y"))).containsExactly(2.0, 4.0);
    }
  }

  @Test
  void variablesReadAsTheirOldValuesAndAreAssignedAtTheEnd() {
    store.write(A, pair(1, 2));
    store.write(B, pair(3, 4));
    Tensor a = Ops.read(A);
    Tensor b = Ops.read(B);
    Graph swap =
        Graph.builder()
            .output("a", a)
            .output("sum", a.add(b.mul(10)))
            .assign(A, b)
            .assign(B, a)
            .build();
    try (Run run = plan(swap).newRun()) {
      run.execute();
      assertThat(values(store.read(A))).containsExactly(3.0, 4.0);
      assertThat(values(store.read(B))).containsExactly(1.0, 2.0);
      assertThat(values(run.output("a"))).containsExactly(1.0, 2.0);
      assertThat(values(run.output("sum"))).containsExactly(31.0, 42.0);
      run.execute();
      assertThat(values(store.read(A))).containsExactly(1.0, 2.0);
      assertThat(values(run.output("a"))).containsExactly(3.0, 4.0);
      assertThat(values(run.output("sum"))).containsExactly(13.0, 24.0);
      assertThat(store.version(A)).isEqualTo(3);
    }
  }

  @Test
  void outputsAreThoseOfTheLastExecutionWhateverIsWrittenAfterwards() {
    store.write(A, pair(1, 2));
    Graph graph = Graph.builder().output("a", Ops.read(A)).output("b", Ops.read(A).mul(3)).build();
    try (Run run = plan(graph).newRun()) {
      run.execute();
      store.write(A, pair(5, 6));
      assertThat(values(run.output("a"))).containsExactly(1.0, 2.0);
      assertThat(values(run.output("b"))).containsExactly(3.0, 6.0);
    }
  }

  @Test
  void whatDependsOnVariablesOnlyIsComputedOnceForEachValue() {
    Graph graph =
        Graph.builder().output("y", Ops.input("x", PAIR).add(Ops.read(A).square())).build();
    Plan plan = plan(graph);
    assertThat(plan.steps().stream().filter(Plan.Step::prepared).map(Plan.Step::op))
        .containsExactly("mul");
    try (Run run = plan.newRun()) {
      run.bind("x", pair(0, 0));
      store.write(A, pair(2, 3));
      List<String> steps = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        run.execute((step, nanos) -> steps.add(step.op()));
        assertThat(values(run.output("y"))).containsExactly(4.0, 9.0);
      }
      assertThat(steps).containsExactly("add", "add");
      store.write(A, pair(4, 5));
      assertThat(store.bytes().prepared()).as("what was prepared is dropped").isZero();
      run.execute();
      assertThat(values(run.output("y"))).containsExactly(16.0, 25.0);
    }
  }

  @Test
  void plansOfOneStoreShareWhatIsPrepared() {
    List<Long> bytes = new ArrayList<>();
    for (int batch = 1; batch <= 2; batch++) {
      Tensor x = Ops.input("x", TensorType.f32(batch, 2));
      Graph graph = Graph.builder().output("y", x.mul(Ops.read(A).exp())).build();
      try (Run run = plan(graph).newRun()) {
        run.bind("x", HostTensor.allocate(x.type()));
        run.execute();
      }
      bytes.add(store.bytes().prepared());
    }
    assertThat(bytes).containsExactly(8L, 8L);
    assertThat(store.bytes().variables()).isEqualTo(16);
  }

  @Test
  void askingForAnEarlyTensorRunsNothingLater() {
    Tensor early = Ops.input("x", PAIR).exp();
    Graph graph = Graph.builder().name("early", early).output("late", early.sin().cos()).build();
    Plan plan = plan(graph.select(Set.of("early")));
    assertThat(plan.steps()).extracting(Plan.Step::op).containsExactly("exp");
    assertThat(plan.steps()).extracting(Plan.Step::label).containsExactly("early");
  }

  @Test
  void variablesAndStoresThatAreNotThereAreRefused() {
    Variable other = new Variable("other", PAIR);
    assertThatThrownBy(() -> plan(Graph.builder().output("y", Ops.read(other)).build()))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("other: f32[2]");
    try (Backend second = new CpuReferenceProvider().open(BackendOptions.defaults())) {
      assertThatThrownBy(() -> second.compile(new Program(Map.of()), store))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("another backend");
    }
    assertThatThrownBy(() -> backend.createStore(List.of(A, new Variable("a", TensorType.f32(3)))))
        .hasMessageContaining("\"a\"");
  }

  @Test
  void manyRunsOfOnePlanAtOnceDoNotDisturbEachOther() throws Exception {
    TensorType type = TensorType.f32(100_000);
    Tensor x = Ops.input("x", type);
    Tensor y = x.add(Ops.fill(type, 1)).mul(x).sum(0);
    Plan plan = plan(Graph.builder().output("y", y).build());
    List<Callable<Double>> jobs = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      HostTensor value = HostTensor.allocate(type);
      for (long k = 0; k < type.elements(); k++) {
        value.set(k, i);
      }
      jobs.add(
          () -> {
            try (Run run = plan.newRun()) {
              run.bind("x", value);
              for (int k = 0; k < 5; k++) {
                run.execute();
              }
              return run.output("y").get(0);
            }
          });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<Double>> results = threads.invokeAll(jobs);
      for (int i = 0; i < 8; i++) {
        assertThat(results.get(i).get()).isEqualTo(100_000.0 * i * (i + 1));
      }
    }
  }

  @Test
  void anErrorOnAWorkerReachesTheCallerAndLeavesTheBackendUsable() {
    TensorType wide = TensorType.f32(100_000);
    Tensor indices = Ops.input("i", TensorType.of(DType.I32, 100_000));
    Tensor y = Ops.gather(Ops.input("x", wide), 0, indices);
    try (Run run = plan(Graph.builder().output("y", y).build()).newRun()) {
      run.bind("x", HostTensor.allocate(wide));
      HostTensor value = HostTensor.allocate(indices.type());
      value.set(99_999, -7);
      run.bind("i", value);
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(run::execute)
            .isInstanceOf(AliasFreeException.class)
            .hasMessageContainingAll("index 99999", "-7", "f32[100000]");
      }
      value.set(99_999, 99_999);
      run.bind("i", value);
      run.execute();
      assertThat(run.output("y").get(99_999)).isZero();
    }
  }

  @Test
  void severalEntriesOfAProgramShareTheVariables() {
    Graph set = Graph.builder().assign(A, Ops.input("x", PAIR)).build();
    Graph get = Graph.builder().output("y", Ops.read(A).mul(2)).build();
    try (CompiledProgram program =
            backend.compile(new Program(Map.of("set", set, "get", get)), store);
        Run setting = program.plan("set").newRun();
        Run getting = program.plan("get").newRun()) {
      for (int i = 1; i < 3; i++) {
        setting.bind("x", pair(i, -i));
        setting.execute();
        getting.execute();
        assertThat(values(getting.output("y"))).containsExactly(2.0 * i, -2.0 * i);
      }
      assertThatThrownBy(() -> program.plan("put")).hasMessageContaining("\"put\"");
    }
  }
}
