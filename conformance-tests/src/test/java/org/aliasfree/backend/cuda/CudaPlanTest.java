package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What plans make of graphs, and what they keep, on the emulated device. */
class CudaPlanTest {
  private static final Variable WEIGHT = new Variable("weight", TensorType.f32(8, 8));

  /** Keeps what is recorded, and counts what is allocated. */
  private static final class WatchedDriver extends EmulatedDriver {
    private final List<Command> recorded = new ArrayList<>();
    private int allocations;
    private int records;

    @Override
    public Recording record(List<Command> commands) {
      records++;
      recorded.addAll(commands);
      return super.record(commands);
    }

    @Override
    public long allocate(long bytes) {
      allocations++;
      return super.allocate(bytes);
    }

    List<String> kernels() {
      return recorded.stream()
          .filter(Launch.class::isInstance)
          .map(c -> ((Launch) c).kernel())
          .toList();
    }
  }

  private final WatchedDriver driver = new WatchedDriver();

  @BeforeAll
  static void needsACompiler() {
    Assumptions.assumeTrue(EmulatedLibrary.whyNot().isEmpty(), EmulatedLibrary.whyNot());
  }

  private CudaBackend backend() {
    return new CudaBackend("cuda-emulated", driver, BackendOptions.defaults());
  }

  private static HostTensor filled(TensorType type, double value) {
    HostTensor tensor = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      tensor.set(i, value);
    }
    return tensor;
  }

  @Test
  void elementwiseOpsThatNobodyLooksIntoAreOneLaunch() {
    Tensor x = Ops.input("x", TensorType.f32(4, 1000));
    Tensor y = x.mul(2).add(1).sqrt().mul(x).neg();
    try (CudaBackend backend = backend();
        VariableStore store = backend.createStore(List.of());
        CompiledProgram program =
            backend.compile(Program.of("run", Graph.builder().output("y", y).build()), store);
        Run run = program.plan("run").newRun()) {
      run.bind("x", filled(x.type(), 4));
      run.execute();
      assertThat(run.output("y").get(3999)).isEqualTo(-12);
      assertThat(driver.kernels()).hasSize(1);
      assertThat(program.plan("run").steps().getLast().op()).isEqualTo("mul+add+sqrt+neg");
    }
  }

  @Test
  void allStepsOfAdamAreOneLaunch() {
    Graph.Builder builder = Graph.builder();
    List<Variable> variables = new ArrayList<>();
    Tensor rates = Ops.input("rates", TensorType.f32(Fused.AdamStep.RATES));
    for (int i = 0; i < 5; i++) {
      TensorType type = TensorType.f32(3, 40 + i);
      List<Tensor> read = new ArrayList<>();
      for (String name : List.of("theta", "g", "m", "v")) {
        Variable v = new Variable(name + i, type);
        variables.add(v);
        read.add(Ops.read(v));
      }
      read.add(rates);
      List<Tensor> stepped = Node.of(new Fused.AdamStep(), read).outputs();
      builder.assign(variables.get(4 * i), stepped.getFirst());
    }
    try (CudaBackend backend = backend();
        VariableStore store = backend.createStore(variables);
        CompiledProgram program = backend.compile(Program.of("apply", builder.build()), store);
        Run run = program.plan("apply").newRun()) {
      run.bind("rates", filled(rates.type(), 0.5));
      run.execute();
      assertThat(driver.kernels()).hasSize(1);
    }
  }

  @Test
  void tenThousandRunsAreRecordedOnceAndAllocateNothing() {
    Tensor x = Ops.input("x", TensorType.f32(2, 8));
    Graph graph = Graph.builder().output("y", x.matmul(Ops.read(WEIGHT))).build();
    try (CudaBackend backend = backend();
        VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = backend.compile(Program.of("run", graph), store);
        Run run = program.plan("run").newRun()) {
      store.write(WEIGHT, filled(WEIGHT.type(), 1));
      HostTensor ones = filled(x.type(), 1);
      run.bind("x", ones);
      run.execute();
      int before = driver.allocations;
      for (int i = 0; i < 10_000; i++) {
        run.bind("x", ones);
        run.execute();
      }
      assertThat(driver.allocations).isEqualTo(before);
      assertThat(driver.records).isEqualTo(1);
      assertThat(run.output("y").get(0)).isEqualTo(8);
    }
  }

  @Test
  void whatIsPreparedIsMadeAgainInItsPlace() {
    Tensor x = Ops.input("x", TensorType.f32(2, 8));
    Graph graph = Graph.builder().output("y", x.matmul(Ops.read(WEIGHT).exp())).build();
    try (CudaBackend backend = backend();
        VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = backend.compile(Program.of("run", graph), store);
        Run run = program.plan("run").newRun()) {
      run.bind("x", filled(x.type(), 1));
      run.execute();
      assertThat(run.output("y").get(0)).isEqualTo(8);
      long prepared = store.bytes().prepared();
      store.write(WEIGHT, filled(WEIGHT.type(), Math.log(2)));
      run.execute();
      assertThat(run.output("y").get(0)).isCloseTo(16, org.assertj.core.data.Offset.offset(1e-4));
      assertThat(driver.records).as("recorded once").isEqualTo(1);
      assertThat(store.bytes().prepared()).isEqualTo(prepared).isPositive();
    }
  }

  @Test
  void aRunThatIsTooLargeTellsWhoHoldsTheMemory() {
    Tensor x = Ops.input("x", TensorType.of(DType.U8, 3L << 30));
    Graph graph = Graph.builder().output("y", x.cast(DType.F32)).build();
    try (CudaBackend backend = backend();
        VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = backend.compile(Program.of("run", graph), store)) {
      assertThatThrownBy(() -> program.plan("run").newRun())
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("activations of run asked for")
          .hasMessageContaining("256 by variables");
      assertThat(store.read(WEIGHT).get(0)).as("usable all the same").isZero();
    }
  }

  @Test
  void twoBackendsDoNotDisturbEachOther() {
    Graph graph = Graph.builder().output("y", Ops.read(WEIGHT).mul(2)).build();
    Map<Double, CudaBackend> backends = Map.of(1.0, backend(), 2.0, backend());
    List<Runnable> close = new ArrayList<>();
    Map<Double, Run> runs = new java.util.HashMap<>();
    backends.forEach(
        (value, backend) -> {
          VariableStore store = backend.createStore(List.of(WEIGHT));
          store.write(WEIGHT, filled(WEIGHT.type(), value));
          CompiledProgram program = backend.compile(Program.of("run", graph), store);
          Run run = program.plan("run").newRun();
          runs.put(value, run);
          close.addAll(List.of(run::close, program::close, store::close, backend::close));
        });
    runs.values().parallelStream().forEach(Run::execute);
    runs.forEach((value, run) -> assertThat(run.output("y").get(63)).isEqualTo(2 * value));
    close.forEach(Runnable::run);
  }
}
