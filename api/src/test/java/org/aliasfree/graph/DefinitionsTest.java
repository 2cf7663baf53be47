package org.aliasfree.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Op;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers of the original implementation, and the edges of functions. */
class DefinitionsTest {
  private static final double INF = Double.POSITIVE_INFINITY;
  private static final Tensor IMAGE = values(DType.F64, counted(12, 1, 1), 1, 1, 3, 4);
  private static final double[] BILINEAR = {1 / 8.0, 3 / 8.0, 3 / 8.0, 1 / 8.0};

  private static double[] counted(int n, double start, double step) {
    return IntStream.range(0, n).mapToDouble(i -> start + step * i).toArray();
  }

  private static Tensor values(DType dtype, double[] values, long... sizes) {
    HostTensor t = HostTensor.allocate(TensorType.of(dtype, sizes));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return Ops.constant(t);
  }

  private static Tensor filter(double... taps) {
    return values(DType.F32, taps, taps.length);
  }

  private static double[] run(Tensor t) {
    return CoreInterpreter.evaluate(List.of(t), Map.of()).getFirst();
  }

  private static void assertRow(Tensor image, int row, double tolerance, double... expected) {
    double[] data = run(image);
    int width = image.shape().intDim(-1);
    double[] actual = Arrays.copyOfRange(data, row * width, (row + 1) * width);
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(tolerance));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "LRELU, -.848528, -.141421, 0, .707107, 4.24264",
    "TANH, -.995055, -.462117, 0, .462117, .995055",
    "ELU, -.950213, -.393469, 0, .5, 3",
    "SELU, -1.670569, -.691758, 0, .525351, 3.152103",
    "SOFTPLUS, .048587, .474077, .693147, .974077, 3.048587",
    "SWISH, -.201211, -.266962, 0, .440145, 4.04143"
  })
  void biasActGivesTheOriginalsNumbers(
      Activation activation, double a, double b, double c, double d, double e) {
    Tensor x = values(DType.F64, new double[] {-3, -.5, 0, .5, 3}, 1, 5);
    Tensor zero = Ops.fill(TensorType.of(DType.F64, 5), 0);
    assertRow(Ops.biasAct(x, zero, 1, activation), 0, 1e-5, a, b, c, d, e);
  }

  @ParameterizedTest
  @CsvSource({
    // Slope at −1e3, 0 and 1e3 with gain 1.
    "LINEAR, 1, 1, 1",
    "RELU, 0, 0, 1",
    "LRELU, .2, .2, 1",
    "TANH, 0, 1, 0",
    "SIGMOID, 0, .25, 0",
    "ELU, 0, 1, 1",
    "SELU, 0, 1.0507009873554805, 1.0507009873554805",
    "SOFTPLUS, 0, .5, 1",
    "SWISH, 0, .5, 1"
  })
  void slopesAreExactAtKinksAndFarOut(Activation activation, double low, double at0, double high) {
    Tensor x = values(DType.F64, new double[] {-1e3, 0, 1e3}, 3, 1);
    Tensor b = Ops.fill(TensorType.of(DType.F64, 1), 0);
    Tensor y = Ops.biasAct(x, b, new Fused.BiasAct(1, activation, 0.2, 1, INF));
    Tensor slope = Gradients.of(y.reshape(-1).sum(0)).wrt(x).getFirst();
    assertThat(run(slope)).containsExactly(low, at0, high);
    Tensor second = Gradients.of(slope.reshape(-1).sum(0)).wrt(x).getFirst();
    assertThat(run(second)).doesNotContain(Double.NaN);
  }

  @ParameterizedTest
  @EnumSource
  void nanStaysNanAndInfinityIsClamped(Activation activation) {
    Tensor x = values(DType.F64, new double[] {Double.NaN, 1e300}, 2, 1);
    Tensor b = Ops.fill(TensorType.of(DType.F64, 1), 0);
    double[] y = run(Ops.biasAct(x, b, new Fused.BiasAct(1, activation, 0.2, 10, 3)));
    assertThat(y).containsExactly(Double.NaN, 3);
  }

  @Test
  void theGradientStopsAtTheClampExactly() {
    Tensor x = values(DType.F64, new double[] {-2, -1.9, 1.9, 2, 7}, 5, 1);
    Tensor b = Ops.fill(TensorType.of(DType.F64, 1), 0);
    for (Activation a : List.of(Activation.LINEAR, Activation.ELU)) {
      Tensor y = Ops.biasAct(x, b, new Fused.BiasAct(1, a, 0, 1, 2));
      double[] slope = run(Gradients.of(y.reshape(-1).sum(0)).wrt(x).getFirst());
      assertThat(Arrays.copyOfRange(slope, 2, 5)).containsExactly(1, 0, 0);
    }
  }

  @Test
  void upfirdn2dGivesTheOriginalsNumbers() {
    Tensor f = filter(1, 2, 4);
    Tensor y = Ops.upfirdn2d(IMAGE, f, new FirGeometry(2, 2, 1, 1, 1, 0, 2, 1, false, 1));
    assertRow(y, 0, 0, 2, 6, 4, 11, 6, 16, 8);
    assertRow(y, 2, 0, 18, 50, 28, 75, 38, 100, 48);
    assertRow(y, (int) y.dim(2) - 1, 0, 72, 184, 80, 204, 88, 224, 96);
    Tensor flipped = Ops.upfirdn2d(IMAGE, f, new FirGeometry(2, 2, 1, 1, 1, 0, 2, 1, true, .5));
    assertRow(flipped, 0, 0, 4, 18, 8, 28, 12, 38, 16);
    assertRow(flipped, 2, 0, 21, 62.5, 26, 75, 31, 87.5, 36);
    Tensor plane = values(DType.F32, new double[] {1, 2, 3, 5}, 2, 2);
    Tensor down = Ops.upfirdn2d(IMAGE, plane, new FirGeometry(1, 1, 2, 2, 1, 1, 0, -1, false, 1));
    assertThat(run(down)).containsExactly(8, 38, 36);
    Tensor mixed = Ops.upfirdn2d(IMAGE, plane, new FirGeometry(1, 2, 2, 1, 1, 0, 1, 0, false, 1));
    assertThat(run(mixed)).containsExactly(1, 7, 3, 19, 5, 19, 15, 51, 9, 31, 27, 83);
  }

  @Test
  void resamplingByTwoGivesTheOriginalsNumbers() {
    Tensor f = filter(BILINEAR);
    Tensor up = Ops.upsample2d(IMAGE, f, 2, 0, false, 1);
    assertRow(up, 0, 1e-6, .5625, .9375, 1.3125, 1.6875, 2.0625, 2.4375, 2.8125, 2.25);
    assertRow(up, 1, 1e-6, 1.5, 2.25, 2.75, 3.25, 3.75, 4.25, 4.75, 3.75);
    assertRow(Ops.downsample2d(IMAGE, f, 2, 0, false, 1), 0, 1e-5, 3.5, 4.70312);
    assertRow(Ops.filter2d(IMAGE, f, 0, false, 1), 0, 1e-6, .5625, 1.1875, 1.75, 1.875);
  }

  @Test
  void filteredLreluGivesTheOriginalsNumbers() {
    Tensor x = values(DType.F64, counted(12, -5, 1), 1, 1, 3, 4);
    Tensor y =
        Ops.filteredLrelu(
            x,
            values(DType.F64, new double[] {.5}, 1),
            filter(.1, .4, .4, .1),
            filter(.2, .3, .5),
            new FilteredActivation(2, 2, 2, 1, 1, 2, 1.5, .2, 2, false));
    assertRow(y, 0, 1e-4, -.405, -.0022, .517);
    assertRow(y, 1, 1e-4, 1.3675, 1.9125, 2.0);
  }

  @Test
  void resampledConvolutionGivesTheOriginalsNumbers() {
    Tensor f = filter(BILINEAR);
    Tensor w = values(DType.F64, counted(9, .1, .1), 1, 1, 3, 3);
    // Up-sampling: 1 of padding and what the filter of 4 taps needs, kernel reversed.
    Tensor high = Ops.upfirdn2d(IMAGE, f, new FirGeometry(2, 2, 1, 1, 3, 2, 3, 2, false, 4));
    Tensor y = Ops.conv2d(high, w.flip(2, 3), ConvGeometry.padded(0));
    assertRow(y, 0, 1e-5, 1.86875, 3.23125, 4.46875, 5.63125, 6.79375, 7.95625, 8.375, 7.03125);
    assertRow(
        y, 5, 1e-5, 19.43125, 28.76875, 33.23125, 35.06875, 36.90625, 38.74375, 37.425, 29.16875);
    Tensor padded = IMAGE.pad(2, 2, 2).pad(3, 2, 2);
    Tensor down =
        Ops.upfirdn2d(
            Ops.conv2d(padded, w, ConvGeometry.padded(0)),
            f,
            new FirGeometry(1, 1, 2, 2, 0, 0, 0, 0, false, 1));
    assertRow(down, 0, 1e-4, 18.27656, 20.2125);
  }

  @Test
  void modulatedConvolutionGivesTheOriginalsNumbers() {
    double[] sines = Arrays.stream(counted(18, 0, .5)).map(Math::sin).toArray();
    double[] cosines = Arrays.stream(counted(54, 0, .3)).map(Math::cos).toArray();
    Tensor x = values(DType.F64, sines, 1, 2, 3, 3);
    Tensor w = values(DType.F64, cosines, 3, 2, 3, 3);
    Tensor s = values(DType.F64, new double[] {.5, 2}, 1, 2);
    Tensor one = Ops.fill(TensorType.of(DType.F64, 1, 3), 1);
    Tensor plain = Ops.modulatedConv2d(x, w, s, one, ConvGeometry.padded(2));
    assertCentre(plain, 2, 6.40925, -.78342, -7.40371);
    Tensor normal = w.mul(w.square().mean(1, 2, 3).rsqrt());
    Tensor style = s.mul(s.square().mean(0, 1).rsqrt());
    Tensor squares = normal.square().sum(2, 3).reshape(3, 2);
    Tensor d = style.square().matmulTransposed(squares).add(1e-8).rsqrt().mul(.7);
    Tensor y = Ops.modulatedConv2d(x, normal, style, d, ConvGeometry.padded(2));
    assertCentre(y, 2, 1.02529, -.11672, -1.22304);
  }

  private static void assertCentre(Tensor y, int at, double... expected) {
    Tensor pixel = y.slice(2, at, 1).slice(3, at, 1).reshape(1, 3);
    assertRow(pixel, 0, 1e-4, expected);
  }

  @Test
  void anInfiniteElementStaysWhereItBelongs() {
    Tensor x = values(DType.F64, new double[] {INF, 1, Double.NaN, 2}, 4);
    Tensor index = values(DType.I32, new double[] {0, 1, 2, 1}, 4);
    Tensor y = Ops.of(new org.aliasfree.op.Movement.ScatterAdd(0, 4), x, index);
    assertThat(run(y)).containsExactly(INF, 3, Double.NaN, 0);
    assertThat(run(Ops.concat(0, List.of(x, x)).slice(0, 3, 2))).containsExactly(2, INF);
  }

  @Test
  void loweringKeepsOutputsAssignmentsAndTheNamesTheyNeed() {
    Tensor x = Ops.input("x", TensorType.f32(1, 2, 4, 4));
    Tensor w = Ops.read(new Variable("w", TensorType.f32(3, 2, 3, 3)));
    Tensor inner = Ops.conv2d(x, w, ConvGeometry.padded(1));
    Tensor y = Ops.biasAct(inner, Ops.fill(TensorType.f32(3), 0), 1, Activation.LRELU);
    Variable sum = new Variable("sum", TensorType.f32(1, 3, 1, 1));
    Graph graph =
        Graph.builder()
            .name("inner", inner)
            .name("unused", x.flip(3))
            .output("y", y)
            .assign(sum, inner.sum(2, 3))
            .build();
    Graph core = Lowering.lower(graph, Op::isCore);
    assertThat(core.nodes()).allMatch(n -> n.op().isCore());
    assertThat(core.names().keySet()).containsExactly("inner", "y");
    assertThat(core.outputs().keySet()).containsExactly("y");
    assertThat(core.assignments().keySet()).containsExactly(sum);
    Tensor assigned = Objects.requireNonNull(core.assignments().get(sum));
    assertThat(assigned.node().inputs()).containsExactly(core.names().get("inner"));
    assertThat(Lowering.lower(graph, op -> true).nodes()).isEqualTo(graph.nodes());
  }

  @Test
  void anOpOfTheCoreThatABackendLacksIsNamed() {
    Tensor x = Ops.input("x", TensorType.f32(2));
    Graph graph = Graph.builder().output("y", x.sin()).build();
    assertThatThrownBy(() -> Lowering.lower(graph, op -> !(op instanceof Elementwise.Unary)))
        .hasMessageContaining("The graph needs the op sin(f32[2]) → f32[2]")
        .hasMessageContaining("must run every op of the core");
    assertThatThrownBy(() -> Definitions.of(((Source) x.node().op()), List.of()))
        .hasMessageContaining("The op input is core");
  }
}
