package org.aliasfree.backend.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;

/** What plans do without computing anything: lowering, memory, shapes. */
class NullBackendTest {
  private static final Variable WEIGHT = new Variable("weight", TensorType.f32(4, 3, 3, 3));

  private static Graph convolution() {
    Tensor x = Ops.input("x", TensorType.f32(2, 3, 16, 16));
    return Graph.builder()
        .output("y", Ops.conv2d(x, Ops.read(WEIGHT), ConvGeometry.padded(1)).exp())
        .build();
  }

  private static List<String> steps(Backend backend, Graph graph) {
    try (VariableStore store = backend.createStore(graph.variables());
        CompiledProgram program = backend.compile(Program.of("main", graph), store)) {
      return program.plan("main").steps().stream().map(Plan.Step::op).toList();
    }
  }

  @Test
  void whatIsNativeIsOneStepAndWhatIsNotIsLoweredToTheCore() {
    try (Backend all = NullBackend.open(op -> true, BackendOptions.defaults());
        Backend core = NullBackend.open(Op::isCore, BackendOptions.defaults())) {
      assertThat(steps(all, convolution())).containsExactly("conv2d", "exp");
      assertThat(steps(core, convolution()))
          .contains("matmul", "gather", "pad", "exp")
          .doesNotContain("conv2d");
    }
  }

  @Test
  void outputsHaveTheirShapesAndMemoryIsWhatThePlanSaid() {
    NativeAllocator memory = new NativeAllocator();
    try (Backend backend =
            NullBackend.open(op -> true, BackendOptions.defaults().withAllocator(a -> memory));
        VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = backend.compile(Program.of("main", convolution()), store)) {
      Plan plan = program.plan("main");
      long before = memory.liveBytes();
      try (Run run = plan.newRun()) {
        assertThat(memory.liveBytes() - before).isEqualTo(plan.runBytes());
        // The input lives as long as the run, the convolution until the output is there.
        assertThat(plan.runBytes()).isEqualTo((2 * 3 + 2 * 2 * 4) * 256 * 4);
        run.bind("x", HostTensor.allocate(TensorType.f32(2, 3, 16, 16)));
        run.execute();
        assertThat(run.output("y").type()).isEqualTo(TensorType.f32(2, 4, 16, 16));
      }
    }
    assertThat(memory.livePieces()).isZero();
  }

  @Test
  void theMemoryOfALargeNetworkIsPlannedWithoutComputingIt() {
    StyleGan3Generator generator = new StyleGan3Generator(StyleGan3Config.stylegan3T(256));
    try (Backend backend = NullBackend.open(op -> true, BackendOptions.defaults())) {
      Graph one = generator.generate(1, Precision.F32);
      Graph two = generator.generate(2, Precision.F32);
      try (VariableStore store = backend.createStore(one.variables());
          CompiledProgram program =
              backend.compile(new Program(Map.of("one", one, "two", two)), store)) {
        long first = program.plan("one").runBytes();
        long all =
            program.plan("one").steps().stream()
                .filter(s -> !s.prepared())
                .mapToLong(s -> s.output().bytes())
                .sum();
        assertThat(first).as("reused, of %d bytes made", all).isLessThan(all / 3);
        assertThat(program.plan("two").runBytes()).isBetween(first * 3 / 2, first * 2);
      }
    }
  }
}
