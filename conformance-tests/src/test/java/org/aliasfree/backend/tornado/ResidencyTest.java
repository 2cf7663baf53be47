package org.aliasfree.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** What is copied between host and device, and when: nothing that need not be. */
class ResidencyTest {
  private static final TensorType TYPE = TensorType.f32(37);
  private static final Variable W = new Variable("w", TYPE);
  private static final Variable G = new Variable("g", TYPE);
  private static final Variable M = new Variable("m", TYPE);
  private static final Variable V = new Variable("v", TYPE);
  private static final List<Variable> ALL = List.of(W, G, M, V);

  /** An engine that remembers what its sessions were asked. */
  private static final class Watched implements Engine {
    private final Engine engine;
    final List<String> asked = new ArrayList<>();

    Watched(Engine engine) {
      this.engine = engine;
    }

    @Override
    public Device device() {
      return engine.device();
    }

    @Override
    public Session open(List<Object> uploaded, List<Object> resident, List<Work> graphs) {
      Session session = engine.open(uploaded, resident, graphs);
      return new Session() {
        @Override
        public void upload() {
          asked.add("upload");
          session.upload();
        }

        @Override
        public void execute(int graph) {
          session.execute(graph);
        }

        @Override
        public void execute(int graph, ObjLongConsumer<Integer> times) {
          session.execute(graph, times);
        }

        @Override
        public void download(Object array) {
          asked.add(uploaded.contains(array) ? "download of variables" : "download of outputs");
          session.download(array);
        }

        @Override
        public void close() {
          session.close();
        }
      };
    }
  }

  /** loss = Σ (w − target)²; its gradient is added to g. */
  private static Graph accumulate() {
    Tensor w = Ops.read(W);
    Tensor loss = w.sub(Ops.input("target", TYPE)).square().sum(0);
    Tensor gradient = Gradients.of(loss).wrt(w).getFirst();
    return Graph.builder().output("loss", loss).assign(G, Ops.read(G).add(gradient)).build();
  }

  private static Graph apply() {
    Tensor rates = Ops.input("rates", TensorType.f32(Fused.AdamStep.RATES));
    List<Tensor> next =
        Node.of(
                new Fused.AdamStep(),
                List.of(Ops.read(W), Ops.read(G), Ops.read(M), Ops.read(V), rates))
            .outputs();
    return Graph.builder()
        .assign(W, next.get(0))
        .assign(M, next.get(1))
        .assign(V, next.get(2))
        .assign(G, Ops.read(G).mul(0))
        .build();
  }

  private static Graph generate() {
    return Graph.builder().output("y", Ops.read(W).mul(2)).build();
  }

  private static HostTensor of(TensorType type, double... values) {
    HostTensor t = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      t.set(i, values[(int) i % values.length]);
    }
    return t;
  }

  private static Map<String, Graph> entries() {
    Map<String, Graph> entries = new LinkedHashMap<>();
    entries.put("accumulate", accumulate());
    entries.put("apply", apply());
    entries.put("generate", generate());
    return entries;
  }

  private static void train(CompiledProgram program, int iterations) {
    try (Run accumulate = program.plan("accumulate").newRun();
        Run apply = program.plan("apply").newRun()) {
      accumulate.bind("target", of(TYPE, 1));
      apply.bind(
          "rates", of(TensorType.f32(Fused.AdamStep.RATES), 0.9, 0.1, 0.99, 0.01, 0.1, 1, 1e-8));
      for (int i = 0; i < iterations; i++) {
        accumulate.execute();
        apply.execute();
      }
    }
  }

  @Test
  void weightsAndMomentsStayOnTheDeviceFromIterationToIteration() {
    check(new JavaEngine());
  }

  @Test
  void weightsAndMomentsStayOnTheDeviceOfTornadoVm() {
    check(RealEngine.orSkip());
  }

  private static void check(Engine engine) {
    Watched watched = new Watched(engine);
    try (TornadoBackend backend = new TornadoBackend("t", watched, BackendOptions.defaults());
        VariableStore store = backend.createStore(ALL);
        CompiledProgram program = backend.compile(new Program(entries()), store)) {
      store.write(W, of(TYPE, 3));
      train(program, 2);
      assertThat(watched.asked)
          .containsExactly("upload", "download of outputs", "download of outputs");
      assertThat(store.read(W).get(5)).isBetween(2.6, 2.95); // two steps of about 0.1 towards 1
      assertThat(store.read(M).get(0)).isGreaterThan(0.5);
      assertThat(watched.asked.subList(3, watched.asked.size()))
          .as("read at once, and kept")
          .containsExactly("download of variables");
      train(program, 1);
      assertThat(watched.asked.subList(4, watched.asked.size()))
          .as("reading does not make the device's copy old")
          .containsExactly("download of outputs");
    }
  }

  @Test
  void anotherProgramOfTheStoreGetsTheNewestValuesThroughTheHost() {
    Watched watched = new Watched(new JavaEngine());
    try (TornadoBackend backend = new TornadoBackend("t", watched, BackendOptions.defaults());
        VariableStore store = backend.createStore(ALL);
        CompiledProgram first = backend.compile(new Program(entries()), store);
        CompiledProgram second = backend.compile(Program.of("generate", generate()), store);
        Run image = second.plan("generate").newRun()) {
      store.write(W, of(TYPE, 3));
      image.execute();
      train(first, 1);
      double trained = store.read(W).get(0);
      image.execute();
      assertThat(image.output("y").get(0)).isEqualTo((float) (2 * trained));
      train(first, 1);
      image.execute();
      assertThat(image.output("y").get(0)).isEqualTo((float) (2 * store.read(W).get(0)));
    }
  }

  @Test
  void whatAProgramHasChangedIsNotLostWhenItIsClosed() {
    try (TornadoBackend backend =
            new TornadoBackend("t", new JavaEngine(), BackendOptions.defaults());
        VariableStore store = backend.createStore(ALL)) {
      store.write(W, of(TYPE, 3));
      try (CompiledProgram program = backend.compile(new Program(entries()), store)) {
        train(program, 1);
      }
      assertThat(store.read(W).get(0)).isBetween(2.8, 2.95);
    }
  }
}
