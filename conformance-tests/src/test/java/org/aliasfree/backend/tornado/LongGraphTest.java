package org.aliasfree.backend.tornado;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** Programs that do not fit into one task graph. */
class LongGraphTest {
  private static final TensorType TYPE = TensorType.f32(5);
  private static final Variable W = new Variable("w", TYPE);
  private static final int STEPS = 400;

  /** Each step takes the last value, the input and the variable; so does a second output early on. */
  private static Graph chain() {
    Tensor x = Ops.input("x", TYPE);
    Tensor y = x;
    Graph.Builder graph = Graph.builder();
    for (int i = 1; i <= STEPS; i++) {
      y = (i % 2 == 0 ? y.add(Ops.read(W)) : y.sub(x));
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
  void aGraphOfManyTasksIsSplitAndGivesTheSame() {
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
    }
  }
}
