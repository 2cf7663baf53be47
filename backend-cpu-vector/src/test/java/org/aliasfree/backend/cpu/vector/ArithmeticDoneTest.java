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
  private static final TensorType IMAGE = TensorType.f32(1, 64, 38, 38);
  private static final ConvGeometry PADDED = ConvGeometry.padded(1);

  @Test
  void aPlanTellsWhatWinogradSavesAndNoMore() {
    // 38 × 38 results are 10 × 10 tiles of 4 × 4, each of 36 products; the formula has 9 a result.
    long formula = 2L * 9 * 38 * 38 * 64 * 64;
    long done = VectorSupport.used() ? 2L * 36 * 100 * 64 * 64 : formula;
    Tensor x = Ops.input("x", IMAGE);
    Tensor y = Ops.input("y", IMAGE);
    Tensor w = Ops.read(new Variable("w", TensorType.f32(64, 64, 3, 3)));
    for (Tensor fast :
        List.of(
            Ops.conv2d(x, w, PADDED),
            Ops.convTranspose2d(y, w, PADDED, 38, 38),
            Ops.convWeightGradient(x, y, PADDED, 3, 3))) {
      Plan.Step step = step(fast);
      assertThat(step.work().flops()).as("%s", fast).isEqualTo(formula);
      assertThat(step.flops()).as("%s", fast).isEqualTo(done);
    }
  }

  @Test
  void directFormsDoWhatTheFormulaSays() {
    Tensor small = Ops.input("small", TensorType.f32(1, 8, 38, 38));
    Tensor w3 = Ops.read(new Variable("w3", TensorType.f32(8, 8, 3, 3)));
    Tensor w1 = Ops.read(new Variable("w1", TensorType.f32(64, 64, 1, 1)));
    for (Tensor direct :
        List.of(
            Ops.conv2d(small, w3, PADDED),
            Ops.conv2d(Ops.input("x", IMAGE), w1, ConvGeometry.padded(0)))) {
      Plan.Step step = step(direct);
      assertThat(step.flops()).isPositive().isEqualTo(step.work().flops());
    }
  }

  private static Plan.Step step(Tensor y) {
    Program program = Program.of("main", Graph.builder().output("y", y).build());
    try (Backend backend = new CpuVectorProvider().open(BackendOptions.defaults());
        VariableStore store = backend.createStore(program.variables());
        var compiled = backend.compile(program, store)) {
      return compiled.plan("main").steps().getLast();
    }
  }
}
