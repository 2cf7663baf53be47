package org.aliasfree.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.random.Philox;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** TornadoVM itself, where it can be used: what it is relied on to do. */
class TornadoEngineTest {
  private static final TensorType TYPE = TensorType.f32(5);
  private static final Variable W = new Variable("w", TYPE);
  private static final int STEPS = 400;

  /** Runs tasks on an array. */
  private static void run(int[] array, Consumer<Tasks> tasks) {
    Engine.Work work = new Engine.Work("work", List.of(), List.of(new Engine.Job(-1, tasks)));
    try (Engine.Session session =
        RealEngine.orSkip().open(List.of(), List.<Object>of(array), List.of(work))) {
      session.execute(0);
      session.download(array);
    }
  }

  /** Run as sequential Java, as TornadoVM does with what it cannot compile, all would be 1 or 0. */
  @Test
  void threadsOfTheDeviceRunTheCode() {
    int[] numbers = new int[70];
    int[] p = {64, 3};
    run(
        numbers,
        tasks ->
            tasks.task(
                DeviceLanguage::threadNumbers, tasks.over(new Grid(4, 1, 1, 16, 1)), p, numbers));
    assertThat(IntStream.range(0, 64).map(i -> numbers[3 + i]).toArray())
        .isEqualTo(IntStream.rangeClosed(1, 64).toArray());
  }

  @Test
  void randomWordsOfTheDeviceAreThoseOfTheHost() {
    int count = 1000;
    int[] words = new int[4 * count + 1];
    int[] p = {count, 1, 0x12345678, 0x9abcdef0};
    run(words, tasks -> tasks.task(DeviceLanguage::philox, p, words, count));
    for (int i = 0; i < count; i++) {
      int[] expected = {i, 0, 0, 0};
      Philox.block(expected, 0x12345678, 0x9abcdef0);
      for (int k = 0; k < 4; k++) {
        assertThat(words[1 + 4 * i + k]).as("word " + k + " of " + i).isEqualTo(expected[k]);
      }
    }
  }

  /** Each step takes the last value and the input or the variable; one in between is an output. */
  private static Graph chain() {
    Tensor x = Ops.input("x", TYPE);
    Tensor y = x;
    Graph.Builder graph = Graph.builder();
    for (int i = 1; i <= STEPS; i++) {
      y = i % 2 == 0 ? y.add(Ops.read(W)) : y.sub(x);
      if (i == 3) {
        graph.output("early", y);
      }
    }
    return graph.output("late", y).assign(W, Ops.read(W).add(1)).build();
  }

  private static HostTensor of(double value) {
    HostTensor t = HostTensor.allocate(TYPE);
    for (long i = 0; i < TYPE.elements(); i++) {
      t.set(i, value);
    }
    return t;
  }

  @Test
  void whatDoesNotFitIntoOneTaskGraphIsSplitAndGivesTheSame() {
    try (TornadoBackend backend =
            new TornadoBackend("t", RealEngine.orSkip(), BackendOptions.defaults());
        VariableStore store = backend.createStore(List.of(W));
        CompiledProgram program = backend.compile(Program.of("chain", chain()), store);
        Run run = program.plan("chain").newRun()) {
      store.write(W, of(3));
      for (int round = 0; round < 3; round++) {
        double w = 3 + round;
        double x = 1 + round;
        run.bind("x", of(x));
        run.execute();
        assertThat(run.output("early").get(4)).isEqualTo(x + w - 2 * x);
        assertThat(run.output("late").get(4)).isEqualTo(x + STEPS / 2.0 * (w - x));
        assertThat(store.read(W).get(0)).isEqualTo(w + 1);
      }
      Set<Plan.Step> told = Collections.newSetFromMap(new IdentityHashMap<>()); // equal ones differ
      run.execute(
          (step, nanos) -> {
            assertThat(nanos).isPositive();
            told.add(step);
          });
      assertThat(told.size()).as("steps that were timed").isEqualTo(STEPS);
    }
  }

  @Test
  void aDeviceThatIsTooSmallSaysWhoHoldsWhat() {
    Engine.Device small = new Engine.Device("A small device", false, 1000, 800);
    Engine engine =
        new Engine() {
          @Override
          public Device device() {
            return small;
          }

          @Override
          public Session open(List<Object> uploaded, List<Object> resident, List<Work> graphs) {
            return new JavaEngine().open(uploaded, resident, graphs);
          }
        };
    try (TornadoBackend backend = new TornadoBackend("t", engine, BackendOptions.defaults())) {
      Variable large = new Variable("large", TensorType.f32(150));
      try (VariableStore store = backend.createStore(List.of(large))) {
        assertThatThrownBy(() -> backend.createStore(List.of(large)).close())
            .isInstanceOf(OutOfMemoryException.class)
            .hasMessage(
                "Not enough memory: variables asked for 640 bytes of A small device, which has 1000 and of"
                    + " these 360 free (held: 640 by variables). Use a smaller batch or resolution.");
        assertThat(store.read(large).get(0)).isZero();
      }
      backend.createStore(List.of(large)).close();
      Variable larger = new Variable("larger", TensorType.f32(300));
      assertThatThrownBy(() -> backend.createStore(List.of(larger)).close())
          .isInstanceOf(OutOfMemoryException.class)
          .hasMessageContaining("whose largest array has 800");
    }
  }
}
