package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The error model against deviations worked out by hand. */
class ErrorModelTest {
  private static final double U = 0x1p-24;

  private static Expected expect(Tensor y, Map<String, HostTensor> values) {
    try (Oracle oracle = new Oracle()) {
      Graph graph = Graph.builder().output("y", y).build();
      return Objects.requireNonNull(oracle.expect(graph, values, node -> 1).get("y"));
    }
  }

  private static double deviation(Expected e) {
    HostTensor variance = e.variance();
    return variance == null ? 0 : Math.sqrt(variance.get(0));
  }

  private static HostTensor of(double... values) {
    HostTensor t = HostTensor.allocate(TensorType.f32(1, values.length));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return t;
  }

  private static Offset<Double> nearly(double value) {
    return Offset.offset(1e-6 * value);
  }

  @Test
  void aProductOfRowsHasUnitsTimesTheRootOfItsLength() {
    Tensor a = Ops.input("a", TensorType.f32(1, 4));
    Tensor b = Ops.input("b", TensorType.f32(1, 4));
    Expected e = expect(a.matmulTransposed(b), Map.of("a", of(1, 2, 3, 4), "b", of(1, -1, 1, -1)));
    double expected = U * Math.sqrt(4) * Math.sqrt(1 + 4 + 9 + 16 + 4);
    assertThat(e.value().get(0)).isEqualTo(-2);
    assertThat(deviation(e)).isCloseTo(expected, nearly(expected));
  }

  @Test
  void aSumThatIsANumberOfTheTypeIsExactAndAnotherIsNot() {
    Tensor a = Ops.input("a", TensorType.f32(1, 1));
    assertThat(deviation(expect(a.add(a), Map.of("a", of(3))))).isZero();
    Tensor third = a.div(a.add(a).add(a));
    assertThat(deviation(expect(third, Map.of("a", of(1))))).isCloseTo(U / 3, nearly(U / 3));
  }

  @Test
  void errorsGrowWithTheSlopeOfAFunction() {
    Tensor a = Ops.input("a", TensorType.f32(1, 1));
    Tensor y = a.div(a.add(a).add(a)).mul(301).log(); // its argument is rounded twice
    double expected = U * Math.sqrt(2 + Math.pow(Math.log(301 / 3.0), 2));
    assertThat(deviation(expect(y, Map.of("a", of(1))))).isCloseTo(expected, nearly(expected));
  }

  @Test
  void whatIsSelectedByAComparisonInDoubtIsAsUncertainAsItsAlternatives() {
    Tensor a = Ops.input("a", TensorType.f32(1, 1));
    Tensor third = a.div(a.add(a).add(a));
    Tensor far = a.scalar(5);
    Tensor doubtful = third.lt(third.add(1e-9)).select(far, far.mul(2));
    assertThat(deviation(expect(doubtful, Map.of("a", of(1))))).isCloseTo(5, nearly(5));
    Tensor certain = third.lt(third.add(0.1)).select(far, far.mul(2));
    assertThat(deviation(expect(certain, Map.of("a", of(1))))).isZero();
  }
}
