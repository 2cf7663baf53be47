package org.aliasfree.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Stream;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.op.Activation;
import org.aliasfree.op.ConvGeometry;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.op.FirGeometry;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Counts made by hand, and the published ones of whole networks. */
class WorkloadTest {
  private static final ConvGeometry PADDED = ConvGeometry.padded(1);

  private static Workload of(Op op, TensorType... inputs) {
    return Workload.of(node(op, inputs));
  }

  private static Node node(Op op, TensorType... inputs) {
    List<Tensor> in =
        java.util.stream.IntStream.range(0, inputs.length)
            .mapToObj(i -> Ops.input("in" + i, inputs[i]))
            .toList();
    return Node.of(op, in);
  }

  private static TensorType f32(long... sizes) {
    return TensorType.f32(sizes);
  }

  @Test
  void productsCountTwoForEachTermAndReadEachMatrixOnce() {
    // 2·4 results of 3 terms; 6 + 12 + 8 numbers.
    assertThat(of(new Linear.MatMul(false, false), f32(2, 3), f32(3, 4)))
        .isEqualTo(new Workload(48, 104));
    assertThat(of(new Linear.MatMul(true, true), f32(3, 2), f32(4, 3)))
        .isEqualTo(new Workload(48, 104));
    // A batch of 5 left matrices shares the right one.
    assertThat(of(new Linear.MatMul(false, false), f32(5, 2, 3), f32(3, 4)))
        .isEqualTo(new Workload(240, 4 * (30 + 12 + 40)));
  }

  @Test
  void aConvolutionAndItsTwoAdjointsHaveTheSameProducts() {
    TensorType x = f32(2, 3, 8, 8);
    TensorType w = f32(4, 3, 3, 3);
    TensorType y = f32(2, 4, 8, 8);
    Workload expected = new Workload(2 * 512 * 27, 4 * (384 + 108 + 512));
    assertThat(of(new Linear.Conv2d(PADDED), x, w)).isEqualTo(expected);
    assertThat(of(new Linear.ConvTranspose2d(PADDED, 8, 8), y, w)).isEqualTo(expected);
    assertThat(of(new Linear.ConvWeightGradient(PADDED, 3, 3), x, y)).isEqualTo(expected);
  }

  @Test
  void groupsDoNotMix() {
    Op op = new Linear.Conv2d(PADDED.withGroups(4));
    assertThat(of(op, f32(1, 4, 8, 8), f32(4, 1, 3, 3)).flops()).isEqualTo(2 * 256 * 9);
  }

  @Test
  void modulationIsAProductForEachElementOfInputAndOutput() {
    Workload work =
        of(
            new Fused.ModulatedConv2d(PADDED),
            f32(2, 3, 8, 8),
            f32(4, 3, 3, 3),
            f32(2, 3),
            f32(2, 4));
    assertThat(work.flops()).isEqualTo(2 * 512 * 27 + 384 + 512);
    assertThat(work.bytes()).isEqualTo(4 * (384 + 108 + 6 + 8 + 512));
  }

  @Test
  void upSamplingMeetsEverySecondTap() {
    FirGeometry g = new FirGeometry(2, 2, 1, 1, 2, 1, 2, 1, false, 4);
    // 8 rows of 16 and then 16 rows of 16 samples, 2 of 4 taps each.
    assertThat(of(new Resampling.Upfirdn2d(g), f32(1, 1, 8, 8), f32(4)).flops())
        .isEqualTo(2 * 2 * (8 * 16 + 16 * 16));
    // As a matrix: 2 × 2 of 4 × 4 taps.
    assertThat(of(new Resampling.Upfirdn2d(g), f32(1, 1, 8, 8), f32(4, 4)).flops())
        .isEqualTo(2 * 4 * 16 * 16);
  }

  @Test
  void downSamplingComputesOnlyWhatItKeeps() {
    FirGeometry g = new FirGeometry(1, 1, 2, 2, 1, 1, 1, 1, false, 1);
    // 8 rows of 4 and then 4 rows of 4 samples, 4 taps each.
    assertThat(of(new Resampling.Upfirdn2d(g), f32(1, 3, 8, 8), f32(4)).flops())
        .isEqualTo(3 * 2 * 4 * (8 * 4 + 4 * 4));
  }

  @Test
  void aFilteredLayerWritesItsSignsOnlyWhereSomebodyWantsThem() {
    // Up 2 with 4 taps: 8 × 8 → 16 × 16. Down 2 with 4 taps, unpadded: → 7 × 7.
    FilteredActivation a = new FilteredActivation(2, 2, 2, 1, 2, 1, 1.4, 0.2, 256, false);
    Node node = node(new Fused.FilteredLrelu(a), f32(1, 1, 8, 8), f32(1), f32(4), f32(4));
    long up = 2 * 2 * (8 * 16 + 16 * 16);
    long down = 2 * 4 * (16 * 7 + 7 * 7);
    Tensor y = node.outputs().getFirst();
    assertThat(Workload.of(node, y::equals))
        .isEqualTo(new Workload(64 + up + 2 * 256 + down, 4 * (64 + 1 + 4 + 4 + 49)));
    assertThat(Workload.of(node).bytes()).isEqualTo(4 * (64 + 1 + 4 + 4 + 49) + 16 * 4);
    Node gradient =
        node(
            new Fused.SignedFilter(a, 0, 0, 16),
            f32(1, 1, 8, 8),
            TensorType.of(DType.U8, 1, 1, 16, 4),
            f32(4),
            f32(4));
    assertThat(Workload.of(gradient))
        .isEqualTo(new Workload(up + 256 + down, 4 * (64 + 4 + 4 + 49) + 16 * 4));
  }

  @Test
  void aFilterOfOneTapIsNone() {
    FilteredActivation a = new FilteredActivation(1, 1, 0, 0, 0, 0, 1, 1, 256, false);
    assertThat(of(new Fused.FilteredLrelu(a), f32(1, 3, 8, 8), f32(3), f32(1), f32(1)).flops())
        .isEqualTo(3 * 64 * 3);
  }

  @Test
  void elementsCountOnceAndChoosingCountsNothing() {
    Op add = new Elementwise.Binary(Elementwise.BinaryFunction.ADD);
    assertThat(of(add, f32(2, 3, 4), f32(3, 1))).isEqualTo(new Workload(24, 4 * (24 + 3 + 24)));
    Tensor x = Ops.input("x", f32(10));
    assertThat(Workload.of(x.square().node())).isEqualTo(new Workload(10, 80)); // read once
    assertThat(of(new Elementwise.Unary(Elementwise.UnaryFunction.EXP), f32(10)).flops())
        .isEqualTo(10);
    assertThat(of(new Elementwise.Cast(DType.F64), f32(10))).isEqualTo(new Workload(0, 120));
    assertThat(of(new Reduction.Reduce(Reduction.Kind.SUM, List.of(1)), f32(2, 50)))
        .isEqualTo(new Workload(100, 408));
    assertThat(of(new Fused.BiasAct(1, Activation.LRELU, 0.2, 1.4, 256), f32(1, 2, 5), f32(2)))
        .isEqualTo(new Workload(30, 4 * 22));
    TensorType p = f32(100);
    assertThat(of(new Fused.AdamStep(), p, p, p, p, f32(7))).isEqualTo(new Workload(1300, 4 * 707));
  }

  @Test
  void movingReadsNoMoreThanItWrites() {
    Op slice = new Movement.Slice(List.of(0L), Shape.of(10), List.of(2L));
    assertThat(of(slice, f32(100))).isEqualTo(new Workload(0, 80));
    assertThat(of(new Movement.Expand(Shape.of(100)), f32(1))).isEqualTo(new Workload(0, 404));
    assertThat(of(new Movement.Reshape(Shape.of(10, 10)), f32(100))).isEqualTo(Workload.NONE);
  }

  /** G multiply-adds an image; the counts that the project's performance goals are set by. */
  @ParameterizedTest
  @CsvSource({
    "t-256, 231, 7",
    "t-512, 272, 13",
    "t-1024, 285, 22",
    "r-256, 100, 0",
    "r-1024, 124, 0"
  })
  void wholeNetworksHaveTheKnownWork(String preset, double conv, double filters) {
    Graph graph = new StyleGan3Generator(StyleGan3Config.preset(preset)).generate(1, Precision.F32);
    assertThat(total(graph, Fused.ModulatedConv2d.class) / 2e9).isCloseTo(conv, within(1.0));
    if (filters > 0) { // besides, a bias for each input and a slope and gain for each sample

      assertThat(total(graph, Fused.FilteredLrelu.class) / 2e9)
          .isBetween(filters - 0.5, filters * 1.1);
    }
  }

  private static double total(Graph graph, Class<? extends Op> op) {
    Stream<Node> nodes = graph.nodes().stream().filter(n -> op.isInstance(n.op()));
    return nodes.mapToLong(n -> Workload.of(n).flops()).sum();
  }

  @Test
  void theBoundIsTheSlowerOfArithmeticAndMemory() {
    Workload work = new Workload(1000, 100);
    assertThat(work.seconds(1e3, 1e3)).isEqualTo(1);
    assertThat(work.seconds(1e6, 100)).isEqualTo(1);
    assertThat(work.plus(new Workload(1, 2))).isEqualTo(new Workload(1001, 102));
  }
}
