package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.aliasfree.backend.Backend;
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
import org.assertj.core.data.Offset;

/** Sums along any axes, of few and of many terms, against sums in double. */
@Tag("kernel")
class FloatSumProperties {
  @Property(tries = 24)
  void sumsAreRoundedOnceAndDoNotDependOnThreads(@ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = new long[1 + random.nextInt(4)];
    long elements = 1;
    for (int i = 0; i < sizes.length; i++) {
      long most = Math.clamp(300_000 / elements, 1, random.nextInt(3) == 0 ? 90_000 : 40);
      sizes[i] = 1 + random.nextLong(most);
      elements *= sizes[i];
    }
    TensorType type = TensorType.f32(sizes);
    int[] axes = IntStream.range(0, sizes.length).filter(i -> random.nextBoolean()).toArray();
    HostTensor x = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      x.set(i, random.nextFloat() * 2 - 1);
    }
    HostTensor one = sum(x, axes, 1);
    double[] exact = new double[Math.toIntExact(one.type().elements())];
    long[] strides = one.type().shape().strides();
    for (long i = 0; i < type.elements(); i++) {
      long rest = i;
      long at = 0;
      for (int axis = sizes.length - 1; axis >= 0; axis--) {
        int current = axis;
        if (Arrays.stream(axes).noneMatch(a -> a == current)) {
          at += rest % sizes[axis] * strides[axis];
        }
        rest /= sizes[axis];
      }
      exact[(int) at] += x.get(i);
    }
    HostTensor three = sum(x, axes, 3);
    for (int i = 0; i < exact.length; i++) {
      assertThat(one.get(i))
          .as("%s along %s", type, Arrays.toString(axes))
          .isCloseTo(exact[i], within(exact[i]));
      assertThat(three.get(i)).isEqualTo(one.get(i));
    }
  }

  /** A rounding to float, and the rounding of sums in double. */
  private static Offset<Double> within(double exact) {
    return Offset.offset(Math.ulp((float) exact) + 1e-10);
  }

  private static HostTensor sum(HostTensor x, int[] axes, int threads) {
    Tensor in = Ops.input("x", x.type());
    Graph graph = Graph.builder().output("y", in.sum(axes)).build();
    try (Backend backend =
            new CpuVectorProvider().open(BackendOptions.defaults().withThreads(threads));
        VariableStore store = backend.createStore(List.of());
        CompiledProgram program = backend.compile(Program.of("sum", graph), store);
        Run run = program.plan("sum").newRun()) {
      run.bind("x", x);
      run.execute();
      return run.output("y");
    }
  }
}
