package org.aliasfree.backend.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise.Compare;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains of functions of single elements compute what the functions do one by one. */
class ElementwiseChainTest {
  private static final double F32_TOLERANCE = 1e-6;
  private static final double F16_TOLERANCE = 4e-3;

  private final KernelTrial trial = new KernelTrial();

  private static double tolerance(DType type) {
    return type == DType.F16 ? F16_TOLERANCE : F32_TOLERANCE;
  }

  @SafeVarargs
  private static List<Node> nodes(Tensor x, UnaryOperator<Tensor>... steps) {
    List<Node> nodes = new ArrayList<>();
    Tensor t = x;
    for (UnaryOperator<Tensor> step : steps) {
      t = step.apply(t);
      assertThat(ElementwiseChain.canFollow(nodes, t.node())).as("%s", t).isTrue();
      nodes.add(t.node());
    }
    return nodes;
  }

  private void check(List<Node> nodes, double tolerance) {
    trial.check(nodes.getFirst(), ElementwiseChain.of(nodes), nodes.getLast().outputs(), tolerance);
  }

  /** Sizes with and without rows of whole groups; second operands that repeat in many ways. */
  @ParameterizedTest
  @CsvSource({
    "F32, 2, 3, 4, 8",
    "F32, 2, 3, 5, 7",
    "F32, 1, 1, 1, 1",
    "F32, 1, 1, 1, 1003",
    "F16, 2, 3, 4, 8",
    "F16, 2, 3, 2, 6",
    "F16, 2, 3, 5, 7",
    "F16, 1, 1, 1, 1003",
    "F16, 3, 8, 1, 1"
  })
  void broadcasts(DType type, long n, long c, long h, long w) {
    Tensor x = trial.input(TensorType.of(type, n, c, h, w));
    Tensor bias = trial.input(TensorType.of(type, 1, c, 1, 1));
    Tensor scale = trial.input(TensorType.of(type, n, c, 1, 1));
    Tensor row = trial.input(TensorType.of(type, w));
    Tensor column = trial.input(TensorType.of(type, h, 1));
    Tensor other = trial.input(TensorType.of(type, n, c, h, w));
    Tensor one = trial.input(TensorType.of(type));
    check(
        nodes(
            x,
            t -> t.add(bias),
            t -> scale.mul(t),
            t -> t.sub(row),
            t -> column.sub(t),
            t -> t.mul(other),
            t -> one.add(t),
            t -> t.mul(0.25),
            Tensor::neg),
        tolerance(type));
  }

  @ParameterizedTest
  @CsvSource({"F32, 37", "F32, 64", "F16, 37", "F16, 64"})
  void selects(DType type, long n) {
    Tensor x = trial.input(TensorType.of(type, 3, n));
    Tensor mask = trial.input(TensorType.of(DType.U8, 3, 1));
    Tensor y = trial.input(TensorType.of(type, n));
    check(
        nodes(
            x,
            t -> t.le(y),
            t -> t.select(x, y),
            t -> mask.select(t, y),
            t -> mask.select(x.scalar(3), t),
            t -> t.mul(t),
            t -> t.scalar(1).lt(t),
            t -> t.cast(DType.F32)),
        0);
  }

  @ParameterizedTest
  @CsvSource({"F32", "F16"})
  void functions(DType type) {
    Tensor x = trial.input(TensorType.of(type, 5, 13));
    check(
        nodes(
            x,
            Tensor::sin,
            Tensor::square,
            Tensor::log1p,
            Tensor::exp,
            Tensor::sqrt,
            Tensor::reciprocal,
            Tensor::tanh,
            t -> t.scalar(2).div(t)),
        2 * tolerance(type));
  }

  @Test
  void castsRoundOnTheWay() {
    Tensor x = trial.input(TensorType.f32(1000));
    check(nodes(x, t -> t.mul(37), t -> t.cast(DType.F16), t -> t.cast(DType.F32)), 0);
    check(
        nodes(
            x,
            t -> t.mul(1000),
            t -> t.cast(DType.I32),
            t -> t.mul(t),
            t -> t.scalar(9).sub(t),
            t -> t.div(t.scalar(-7)),
            t -> t.cast(DType.U8),
            t -> t.cast(DType.F16)),
        0);
  }

  @Test
  void castsToF32AreDoneByReading() {
    Tensor x = trial.input(TensorType.of(DType.F16, 3, 32));
    Tensor y = trial.input(TensorType.of(DType.F16, 32));
    Tensor wideX = x.cast(DType.F32);
    Tensor wideY = y.cast(DType.F32);
    Tensor product = wideX.mul(wideY);
    Tensor sum = wideX.add(product);
    List<Node> nodes = List.of(wideX.node(), wideY.node(), product.node(), sum.node());
    assertThat(ElementwiseChain.reads(nodes)).containsExactly(x, y);
    check(nodes, F32_TOLERANCE);
  }

  @Test
  void manyAxes() {
    Shape shape = Shape.of(2, 3, 2, 3, 2, 3, 2, 4);
    Tensor x = trial.input(TensorType.f32(shape.toArray()));
    Tensor a = trial.input(TensorType.f32(2, 1, 2, 1, 2, 1, 2, 1));
    Tensor b = trial.input(TensorType.f32(1, 3, 1, 3, 1, 3, 1, 4));
    check(nodes(x, t -> t.mul(a), t -> t.add(b)), F32_TOLERANCE);
    check(List.of(a.add(b).node()), F32_TOLERANCE);
  }

  @Test
  void numbersAreNoReads() {
    Tensor x = trial.input(TensorType.f32(4, 4));
    Tensor y = trial.input(TensorType.f32(4));
    List<Node> nodes = nodes(x, t -> t.mul(2), t -> t.add(y), t -> t.max(x));
    assertThat(ElementwiseChain.reads(nodes)).containsExactly(x, y);
    check(nodes, F32_TOLERANCE);
  }

  @Test
  void refusesWhatIsNoChain() {
    Tensor x = trial.input(TensorType.f32(1, 4));
    Tensor y = trial.input(TensorType.f32(4, 4));
    Tensor a = x.exp();
    Tensor b = a.neg();
    assertThat(ElementwiseChain.canFollow(List.of(a.node()), y.neg().node())).isFalse();
    assertThat(ElementwiseChain.canFollow(List.of(a.node()), a.mul(y).node())).isFalse();
    assertThat(ElementwiseChain.canFollow(List.of(a.node(), b.node()), b.mul(a).node())).isFalse();
    assertThat(ElementwiseChain.canFollow(List.of(), x.sum(0).node())).isFalse();
    List<Node> eight = new ArrayList<>(List.of(a.node()));
    for (int i = 0; i < 7; i++) {
      eight.add(eight.getLast().outputs().getFirst().neg().node());
    }
    Node ninth = eight.getLast().outputs().getFirst().apply(new Compare(Comparison.EQ), x).node();
    assertThat(ElementwiseChain.canFollow(eight.subList(0, 7), eight.getLast())).isTrue();
    assertThat(ElementwiseChain.canFollow(eight, ninth)).isFalse();
  }
}
