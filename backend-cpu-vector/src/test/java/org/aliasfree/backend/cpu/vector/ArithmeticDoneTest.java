package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** What a plan says of the arithmetic that it really does. */
class ArithmeticDoneTest {
  @Test
  void aPlanTellsWhatWinogradSavesAndNoMore() {
    // 38 × 38 results are 10 × 10 tiles of 4 × 4, each of 36 products; the formula has 9 a result.
    Plan.Step fast = step(64, 64, 3);
    assertThat(fast.work().flops()).isEqualTo(2L * 9 * 38 * 38 * 64 * 64);
    assertThat(fast.flops())
        .isEqualTo(VectorSupport.used() ? 2L * 36 * 100 * 64 * 64 : fast.work().flops());
    for (Plan.Step direct : List.of(step(8, 8, 3), step(64, 64, 1))) {
      assertThat(direct.flops()).isEqualTo(direct.work().flops());
    }
  }

  private static Plan.Step step(long in, long out, int kernel) {
    Variable weight = new Variable("w", TensorType.f32(out, in, kernel, kernel));
    Tensor x = Ops.input("x", TensorType.f32(1, in, 38, 38));
    Tensor y = Ops.conv2d(x, Ops.read(weight), ConvGeometry.padded(kernel / 2));
    Program program = Program.of("main", Graph.builder().output("y", y).build());
    try (Backend backend = new CpuVectorProvider().open(BackendOptions.defaults());
        VariableStore store = backend.createStore(List.of(weight));
        var compiled = backend.compile(program, store)) {
      return compiled.plan("main").steps().getLast();
    }
  }
}
