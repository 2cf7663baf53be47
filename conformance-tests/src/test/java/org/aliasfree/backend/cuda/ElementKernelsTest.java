package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Movement, reductions and Adam for shapes that take the ways that small ones do not. */
class ElementKernelsTest {
  private final KernelTrial trial = new KernelTrial();

  private void check(Tensor y, double tolerance) {
    trial.check(y.node(), OpKernels.of(y.node(), Target.GENERAL), List.of(y), tolerance);
  }

  private static long[] sizes(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static int[] axes(String text) {
    return Arrays.stream(text.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "100000, 0",
    "3 50000, 1",
    "50000 3, 0",
    "20000 8, 0",
    "2 3 4096, 0 2",
    "40 8 256, 0 2",
    "300 7 5, 1",
    "5 3 2, 2",
    "5 300 16, 1",
    "64 1 33 1, 0 1",
    "2 3 2 3 2 3, 1 3 5",
    "2 3 2 3 2 3, 0 2 4",
    "1 1, 0 1",
    "7 2000 2, 1",
    "1500 3, 1"
  })
  void reductions(String shape, String along) {
    for (DType type : List.of(DType.F32, DType.F16, DType.I32, DType.U8)) {
      Tensor x = trial.input(TensorType.of(type, sizes(shape)));
      List<Integer> axes = IntStream.of(axes(along)).boxed().toList();
      double tolerance = type == DType.F16 ? 1e-3 : 2e-6;
      for (Reduction.Kind kind : Reduction.Kind.values()) {
        boolean exact = kind == Reduction.Kind.MAX || !type.isFloat();
        check(x.apply(new Reduction.Reduce(kind, axes)), exact ? 0 : tolerance);
      }
    }
  }

  @Test
  void reductionsOfNothing() {
    for (DType type : List.of(DType.F32, DType.F16, DType.I32, DType.U8)) {
      Tensor x = trial.input(TensorType.of(type, 3, 0, 2));
      check(x.sum(1), 0);
      check(x.sum(0), 0);
      check(x.reduceMax(1, 2), 0);
    }
  }

  /** Casts are seen through, and products are not stored. */
  @ParameterizedTest
  @CsvSource({
    "2 3 40 40, 2 3",
    "2 3 7 5, 2 3",
    "40000, 0",
    "5 300 16, 1",
    "3 8, 0",
    "2 3 5 7, 0 3",
    "2 2, 0"
  })
  void sumsOfProducts(String shape, String along) {
    Tensor halves = trial.input(TensorType.of(DType.F16, sizes(shape)));
    Tensor floats = trial.input(TensorType.f32(sizes(shape)));
    Tensor wide = halves.cast(DType.F32);
    Tensor product = wide.mul(floats);
    Tensor square = wide.square();
    for (Tensor factors : List.of(product, square, floats.square(), halves.square())) {
      Tensor sum = factors.sum(axes(along));
      List<Node> nodes = new ArrayList<>();
      if (factors.equals(product) || factors.equals(square)) {
        nodes.add(wide.node());
      }
      nodes.addAll(List.of(factors.node(), sum.node()));
      assertThat(ReductionKernels.isSumOfProducts(factors.node(), sum.node())).isTrue();
      double tolerance = factors.dtype() == DType.F16 ? 2e-3 : 2e-6;
      trial.check(nodes.getFirst(), ReductionKernels.of(nodes), List.of(sum), tolerance);
    }
    List<Node> onlyCast = List.of(wide.node(), wide.sum(axes(along)).node());
    trial.check(wide.node(), ReductionKernels.of(onlyCast), onlyCast.getLast().outputs(), 2e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "40 50, 1 0",
    "2 33 65, 0 2 1",
    "3 17 20 2, 0 2 1 3",
    "5 18 3 19, 3 2 1 0",
    "2 3 4 8, 1 0 2 3",
    "16 3 32, 2 1 0",
    "4 40 6 16, 3 0 1 2",
    "2 2 2 2 2 2 2 2 2 2, 9 0 7 2 5 4 3 6 1 8"
  })
  void permutes(String shape, String axes) {
    for (DType type : List.of(DType.F32, DType.F16, DType.U8)) {
      check(trial.input(TensorType.of(type, sizes(shape))).permute(axes(axes)), 0);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F16", "I32", "U8"})
  void movesInUnits(DType type) {
    Tensor x = trial.input(TensorType.of(type, 3, 4, 32));
    check(x.slice(2, 16, 16), 0);
    check(x.slice(2, 3, 20), 0);
    check(x.slice(1, 1, 2, 2), 0);
    check(x.pad(2, 16, -16), 0);
    check(x.pad(2, 1, 2), 0);
    check(x.pad(1, -1, 3), 0);
    check(x.pad(0, -3, 1), 0);
    check(x.flip(0, 2), 0);
    check(x.flip(1), 0);
    check(Ops.concat(0, List.of(x, x.slice(0, 0, 3))), 0);
    check(Ops.concat(1, List.of(x, x)), 0);
    check(Ops.concat(2, List.of(x, x)), 0);
    check(trial.input(TensorType.of(type, 3, 1, 16)).expand(Shape.of(3, 5, 16)), 0);
    check(trial.input(TensorType.of(type, 3, 4, 1)).expand(Shape.of(3, 4, 7)), 0);
    Tensor empty = trial.input(TensorType.of(type, 3, 0));
    check(empty.pad(1, 2, 3), 0);
    for (long size : new long[] {1, 5, 16}) {
      Tensor image = trial.input(TensorType.of(type, 2, 7, size));
      List<Long> before = List.of(0L, 6L, 0L);
      List<Long> after = List.of(0L, -2L, 0L);
      check(image.apply(new Movement.Pad(before, after, Movement.PadMode.REFLECT)), 0);
      Tensor index = trial.input(index(9, 7));
      check(Ops.gather(image, 1, index), 0);
    }
  }

  private static HostTensor index(int count, int below) {
    HostTensor index = HostTensor.allocate(TensorType.of(DType.I32, count));
    Random random = new Random(3);
    for (int i = 0; i < count; i++) {
      index.set(i, random.nextInt(below));
    }
    return index;
  }

  @Test
  void scattersManyRows() {
    for (DType type : List.of(DType.F32, DType.F16)) {
      Tensor x = trial.input(TensorType.of(type, 2, 300, 3));
      Tensor index = trial.input(index(300, 12));
      check(x.apply(new Movement.ScatterAdd(1, 11), index), type == DType.F16 ? 1e-3 : 1e-6);
    }
  }

  @Test
  void adamOfAllParametersAtOnce() {
    List<Node> nodes = new ArrayList<>();
    List<Tensor> outputs = new ArrayList<>();
    for (DType type : List.of(DType.F32, DType.F16)) {
      HostTensor rates = HostTensor.allocate(TensorType.of(type, Fused.AdamStep.RATES));
      for (int i = 0; i < Fused.AdamStep.RATES; i++) {
        rates.set(i, 0.25 + 0.5 * i / Fused.AdamStep.RATES);
      }
      Tensor shared = trial.input(rates);
      for (long size : new long[] {1, 1023, 1024, 5001, 0}) {
        TensorType t = TensorType.of(type, size);
        Tensor second = trial.input(positive(t));
        Node node =
            Node.of(
                new Fused.AdamStep(),
                List.of(trial.input(t), trial.input(t), trial.input(t), second, shared));
        nodes.add(node);
        outputs.addAll(size == 1023 ? node.outputs().subList(0, 2) : node.outputs());
      }
    }
    trial.check(nodes.getFirst(), AdamKernel.ofAll(nodes), outputs, 1e-3);
  }

  private static HostTensor positive(TensorType type) {
    HostTensor value = HostTensor.allocate(type);
    for (long i = 0; i < type.elements(); i++) {
      value.set(i, 0.1 + i % 7);
    }
    return value;
  }
}
