package org.aliasfree.backend.cpu.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.List;
import java.util.stream.IntStream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;

/** Kernels against numbers worked out by hand or printed by the original implementation. */
class ReferenceKernelsTest {
  private static Tensor of(DType dtype, Shape shape, double... values) {
    HostTensor t = HostTensor.allocate(new TensorType(dtype, shape));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    assertThat(values).hasSize((int) t.type().elements());
    return Ops.constant(t);
  }

  private static Tensor floats(double... values) {
    return of(DType.F32, Shape.of(values.length), values);
  }

  private static Tensor ints(double... values) {
    return of(DType.I32, Shape.of(values.length), values);
  }

  /** 1, 2, 3, … */
  private static Tensor count(long... sizes) {
    Shape shape = Shape.of(sizes);
    return of(
        DType.F32,
        shape,
        IntStream.rangeClosed(1, (int) shape.elements()).asDoubleStream().toArray());
  }

  private static HostTensor tensor(Tensor y) {
    try (Backend backend =
            new CpuReferenceProvider().open(BackendOptions.defaults().withThreads(2));
        VariableStore store = backend.createStore(List.of());
        Run run =
            backend
                .compile(Program.of("test", Graph.builder().output("y", y).build()), store)
                .plan("test")
                .newRun()) {
      run.execute();
      return run.output("y");
    }
  }

  private static double[] values(Tensor y) {
    return Doubles.read(tensor(y));
  }

  private static void assertNear(Tensor y, double... expected) {
    assertThat(values(y)).containsExactly(expected, offset(2e-5));
  }

  @Test
  void floatsFollowIeeeRules() {
    double nan = Double.NaN;
    Tensor x = floats(-2.5, -0.5, 0.5, 1.5, nan);
    assertThat(values(x.round())).containsExactly(-2, -0.0, 0, 2, nan);
    assertThat(values(x.floor())).containsExactly(-3, -1, 0, 1, nan);
    assertThat(values(x.sign())).containsExactly(-1, -1, 1, 1, nan);
    assertThat(values(x.max(x.scalar(0)))).containsExactly(0, 0, 0.5, 1.5, nan);
    assertThat(values(x.lt(x.scalar(0.5)))).containsExactly(1, 1, 0, 0, 0);
    assertThat(values(x.apply(new Elementwise.Compare(Elementwise.Comparison.NE), x)))
        .containsExactly(0, 0, 0, 0, 1);
    assertThat(values(x.eq(x).select(x, x.scalar(7)))).containsExactly(-2.5, -0.5, 0.5, 1.5, 7);
    assertThat(values(x.cast(DType.I32))).containsExactly(-2, 0, 0, 1, 0);
    assertThat(values(x.reduceMax(0))).containsExactly(nan);
  }

  @Test
  void integersWrapAroundAndDivideTowardsZero() {
    Tensor x = ints(Integer.MAX_VALUE, -7);
    assertThat(values(x.add(1))).containsExactly(Integer.MIN_VALUE, -6);
    assertThat(values(x.div(ints(2, 2)))).containsExactly(1073741823, -3);
    assertThat(values(x.mul(ints(65537, 3)))).containsExactly(2147418111, -21);
  }

  @Test
  void halvesAreRoundedOnceFromTheExactResult() {
    // 2048 + 1.0000001 lies above the tie that f32 would see, so it rounds up.
    Tensor f64 = of(DType.F64, Shape.of(1), 2049.0000001);
    assertThat(values(f64.cast(DType.F16))).containsExactly(2050);
    Tensor ones = Ops.fill(TensorType.of(DType.F16, 4097), 1);
    assertThat(values(ones.sum(0))).as("the sum is not done in halves").containsExactly(4096);
  }

  @Test
  void shapesBroadcastFromTheLastAxis() {
    Tensor sum = count(2, 1, 3).mul(10).add(count(2, 1));
    assertThat(tensor(sum).shape()).isEqualTo(Shape.of(2, 2, 3));
    assertThat(values(sum)).containsExactly(11, 21, 31, 12, 22, 32, 41, 51, 61, 42, 52, 62);
    assertThat(values(count(2, 3).sum(0))).containsExactly(5, 7, 9);
    assertThat(values(count(2, 3).sum(1))).containsExactly(6, 15);
    assertThat(values(Ops.iota(DType.I32, Shape.of(2, 3), 1))).containsExactly(0, 1, 2, 0, 1, 2);
  }

  @Test
  void elementsAreMovedAsTold() {
    Tensor x = count(2, 3); // 1 2 3 / 4 5 6
    assertThat(values(x.permute(1, 0))).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(values(x.flip(1))).containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(values(x.pad(1, 1, -1))).containsExactly(0, 1, 2, 0, 4, 5);
    assertThat(values(x.slice(1, 0, 2, 2))).containsExactly(1, 3, 4, 6);
    assertThat(values(count(1, 2).expand(Shape.of(2, 2)))).containsExactly(1, 2, 1, 2);
    Movement.Pad mirror =
        new Movement.Pad(List.of(0L, 2L), List.of(0L, 1L), Movement.PadMode.REFLECT);
    assertThat(values(x.apply(mirror))).containsExactly(3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5);
    assertThat(values(Ops.concat(1, List.of(x, count(2, 1)))))
        .containsExactly(1, 2, 3, 1, 4, 5, 6, 2);
    assertThat(values(Ops.gather(x, 1, ints(2, 0)))).containsExactly(3, 1, 6, 4);
    assertThat(values(x.apply(new Movement.ScatterAdd(1, 4), ints(3, 1, 3))))
        .containsExactly(0, 2, 0, 4, 0, 5, 0, 10);
  }

  @Test
  void matricesMultiply() {
    Tensor a = count(2, 3);
    assertThat(values(a.matmul(count(3, 2)))).containsExactly(22, 28, 49, 64);
    assertThat(values(a.matmulTransposed(count(2, 3)))).containsExactly(14, 32, 32, 77);
  }

  @Test
  void convolutionsCorrelateAndTheirAdjointsSpread() {
    Tensor x = count(1, 1, 3, 3);
    Tensor w = count(1, 1, 2, 2);
    ConvGeometry plain = ConvGeometry.padded(0);
    assertThat(values(Ops.conv2d(x, w, plain))).containsExactly(37, 47, 67, 77);
    assertThat(values(Ops.convTranspose2d(count(1, 1, 2, 2), w, plain, 3, 3)))
        .containsExactly(1, 4, 4, 6, 20, 16, 9, 24, 16);
    assertThat(values(Ops.convWeightGradient(x, count(1, 1, 2, 2), plain, 2, 2)))
        .containsExactly(37, 47, 67, 77);
    ConvGeometry strided = new ConvGeometry(2, 2, 1, 0, 0, 1, 1, 1, 1);
    assertThat(values(Ops.conv2d(x, w, strided))).containsExactly(11, 9, 67, 33);
  }

  @Test
  void upfirdn2dGivesTheOriginalsNumbers() {
    Tensor x = count(1, 1, 3, 4);
    Tensor line = floats(1, 2, 4);
    Tensor up = Ops.upfirdn2d(x, line, new FirGeometry(2, 2, 1, 1, 1, 0, 2, 1, false, 1));
    assertNear(up.slice(2, 0, 1), 2, 6, 4, 11, 6, 16, 8);
    assertNear(up.slice(2, 2, 1), 18, 50, 28, 75, 38, 100, 48);
    assertNear(up.slice(2, 6, 1), 72, 184, 80, 204, 88, 224, 96);
    Tensor flipped = Ops.upfirdn2d(x, line, new FirGeometry(2, 2, 1, 1, 1, 0, 2, 1, true, 0.5));
    assertNear(flipped.slice(2, 0, 1), 4, 18, 8, 28, 12, 38, 16);
    Tensor square = of(DType.F32, Shape.of(2, 2), 1, 2, 3, 5);
    assertNear(
        Ops.upfirdn2d(x, square, new FirGeometry(1, 1, 2, 2, 1, 1, 0, -1, false, 1)), 8, 38, 36);
    assertNear(
        Ops.upfirdn2d(x, square, new FirGeometry(1, 2, 2, 1, 1, 0, 1, 0, false, 1)),
        1,
        7,
        3,
        19,
        5,
        19,
        15,
        51,
        9,
        31,
        27,
        83);
  }

  @Test
  void activationsGiveTheOriginalsNumbers() {
    Tensor x = floats(-3, -0.5, 0, 0.5, 3).reshape(1, 5);
    Tensor none = Ops.fill(TensorType.f32(5), 0);
    assertNear(
        Ops.biasAct(x, none, 1, Activation.LRELU), -0.848528, -0.141421, 0, 0.707107, 4.24264);
    assertNear(
        Ops.biasAct(x, none, 1, Activation.SELU), -1.670569, -0.691758, 0, 0.525351, 3.152103);
    assertNear(
        Ops.biasAct(x, none, 1, Activation.SOFTPLUS),
        0.048587,
        0.474077,
        0.693147,
        0.974077,
        3.048587);
    assertNear(
        Ops.biasAct(x, none, 1, Activation.SWISH), -0.201211, -0.266962, 0, 0.440145, 4.04143);
    Tensor far = floats(-1000, 1000).reshape(1, 2);
    Tensor zero = Ops.fill(TensorType.f32(2), 0);
    assertNear(Ops.biasAct(far, zero, 1, Activation.SOFTPLUS), 0, 1000);
    assertNear(Ops.biasAct(far, zero, 1, Activation.SIGMOID), 0, 1);
  }

  @Test
  void filteredLreluGivesTheOriginalsNumbersAndTellsWhatItDid() {
    Tensor x = count(1, 1, 3, 4).add(-6);
    FilteredActivation a = new FilteredActivation(2, 2, 2, 1, 1, 2, 1.5, 0.2, 2, false);
    Tensor y =
        Ops.filteredLrelu(x, floats(0.5), floats(0.1, 0.4, 0.4, 0.1), floats(0.2, 0.3, 0.5), a);
    assertNear(y, -0.405, -0.0022, 0.517, 1.3675, 1.9125, 2.0);
    // Without filters: −1 is negative, 0 and 1 pass, 9 is clamped; the leftmost is lowest.
    FilteredActivation plain = new FilteredActivation(1, 1, 0, 0, 0, 0, 1, 0.2, 2, false);
    Tensor row = floats(-1, 0, 1, 9, -3).reshape(1, 1, 1, 5);
    Tensor one = Ops.identityFilter();
    Tensor leaky = Ops.filteredLrelu(row, floats(0), one, one, plain);
    assertNear(leaky, -0.2, 0, 1, 2, -0.6);
    assertThat(values(leaky.node().outputs().get(1))).containsExactly(0b10_00_00_01, 0b01);
  }

  @Test
  void sampledPositionsRunFromEdgeToEdge() {
    Tensor x = count(1, 1, 2, 2);
    Tensor grid = of(DType.F32, Shape.of(1, 1, 4, 2), 0, 0, -0.5, -0.5, 0.5, 0, 1, 1);
    assertNear(Ops.gridSample(x, grid), 2.5, 1, 3, 1);
  }
}
