package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
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
import org.aliasfree.op.ShapeException;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * An op with random attributes on random inputs, small enough to be computed in any way.
 *
 * @param perImage the inputs whose first axis is the batch; none where images do not stay apart
 */
record RandomOp(Op op, List<HostTensor> inputs, Set<Integer> perImage) {

  /** Makes cases of one op; may fail with a ShapeException where attributes do not fit. */
  private interface Maker {
    RandomOp make(Draw d);
  }

  private static final List<List<Integer>> PERMUTATIONS =
      List.of(List.of(2, 0, 1), List.of(0, 2, 1), List.of(1, 0, 2), List.of(2, 1, 0));

  private static final Map<String, Maker> MAKERS = new LinkedHashMap<>();

  static {
    MAKERS.put("fill", d -> none(new Source.Fill(d.floats(d.shape(3)), d.normal())));
    MAKERS.put("iota", d -> none(new Source.Iota(d.shape(3), d.upTo(2), d.type())));
    MAKERS.put("unary", RandomOp::unary);
    MAKERS.put("binary", RandomOp::binary);
    MAKERS.put("compare", RandomOp::compare);
    MAKERS.put("select", RandomOp::select);
    MAKERS.put("cast", d -> of(new Elementwise.Cast(d.pick(DType.F32, DType.I32)), d.tensor(3)));
    MAKERS.put("reduce", RandomOp::reduce);
    MAKERS.put("permute", d -> of(new Movement.Permute(d.pick(PERMUTATIONS)), d.tensor(3)));
    MAKERS.put("expand", RandomOp::expand);
    MAKERS.put("pad", RandomOp::pad);
    MAKERS.put("flip", d -> of(new Movement.Flip(List.of(0, 2)), d.tensor(3)));
    MAKERS.put("slice", RandomOp::slice);
    MAKERS.put("concat", RandomOp::concat);
    MAKERS.put("gather", RandomOp::gather);
    MAKERS.put("scatter_add", RandomOp::scatterAdd);
    MAKERS.put("matmul", RandomOp::matmul);
    MAKERS.put("conv2d", d -> convolution(d, 0));
    MAKERS.put("conv_transpose2d", d -> convolution(d, 1));
    MAKERS.put("conv2d_weight_gradient", d -> convolution(d, 2));
    MAKERS.put("modulated_conv2d", RandomOp::modulated);
    MAKERS.put("wide_convolution", RandomOp::wideConvolution);
    MAKERS.put("upfirdn2d", RandomOp::upfirdn2d);
    MAKERS.put("bias_act", RandomOp::biasAct);
    MAKERS.put("filtered_lrelu", RandomOp::filteredLrelu);
    MAKERS.put("signed_filter", RandomOp::signedFilter);
    MAKERS.put("grid_sample", d -> gridSample(d, 0));
    MAKERS.put("grid_sample_input_gradient", d -> gridSample(d, 1));
    MAKERS.put("grid_sample_grid_gradient", d -> gridSample(d, 2));
    MAKERS.put("warp", d -> warp(d, new Resampling.Warp(), 9, 12));
    MAKERS.put("warp_input_gradient", d -> warp(d, new Resampling.WarpInputGradient(), 3, 4));
  }

  /** The ops there are cases of. */
  static List<String> names() {
    return List.copyOf(MAKERS.keySet());
  }

  /** A random case whose floating-point inputs are of this type. */
  static RandomOp of(String name, DType type, long seed) {
    Draw draw = new Draw(new Random(seed), type);
    while (true) {
      try {
        RandomOp made = java.util.Objects.requireNonNull(MAKERS.get(name)).make(draw);
        made.node();
        return made;
      } catch (ShapeException e) {
        // These attributes do not fit together; others will.
      }
    }
  }

  /** The op on graph inputs called 0, 1, …. */
  Node node() {
    List<Tensor> in = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      in.add(Ops.input(Integer.toString(i), inputs.get(i).type()));
    }
    return Node.of(op, in);
  }

  /** The same op on one image of the batch. */
  RandomOp image(int n) {
    List<HostTensor> alone = new ArrayList<>(inputs);
    for (int i : perImage) {
      HostTensor row = inputs.get(i).row(n);
      alone.set(
          i, new HostTensor(row.type().withShape(inputs.get(i).shape().with(0, 1)), row.data()));
    }
    return new RandomOp(op, alone, perImage);
  }

  private static RandomOp none(Op op) {
    return new RandomOp(op, List.of(), Set.of());
  }

  private static RandomOp of(Op op, HostTensor... inputs) {
    return new RandomOp(op, List.of(inputs), Set.of());
  }

  private static RandomOp unary(Draw d) {
    Elementwise.UnaryFunction f = d.pick(Elementwise.UnaryFunction.values());
    boolean positive =
        switch (f) {
          case LOG, LOG1P, SQRT, RSQRT, RECIPROCAL -> true;
          default -> false;
        };
    TensorType type = d.floats(d.shape(3));
    return of(
        new Elementwise.Unary(f),
        d.fill(type, () -> positive ? 0.1 + Math.abs(d.normal()) : 2 * d.normal()));
  }

  private static RandomOp binary(Draw d) {
    Shape whole = d.shape(4);
    Elementwise.BinaryFunction f = d.pick(Elementwise.BinaryFunction.values());
    TensorType b = d.floats(d.part(whole));
    return of(
        new Elementwise.Binary(f),
        d.tensor(d.part(whole)),
        d.fill(b, () -> Math.copySign(0.2 + Math.abs(d.normal()), d.normal())));
  }

  /** Small whole numbers, so that equality happens. */
  private static RandomOp compare(Draw d) {
    Shape whole = d.shape(4);
    return of(
        new Elementwise.Compare(d.pick(Elementwise.Comparison.values())),
        d.fill(d.floats(d.part(whole)), () -> d.upTo(3)),
        d.fill(d.floats(d.part(whole)), () -> d.upTo(3)));
  }

  private static RandomOp select(Draw d) {
    Shape whole = d.shape(4);
    return of(
        new Elementwise.Select(),
        d.fill(new TensorType(DType.U8, d.part(whole)), () -> d.upTo(1)),
        d.tensor(d.part(whole)),
        d.tensor(d.part(whole)));
  }

  private static RandomOp reduce(Draw d) {
    List<Integer> axes =
        d.pick(List.of(List.of(0), List.of(3), List.of(1, 2), List.of(2, 3), List.of(0, 1, 2, 3)));
    return of(new Reduction.Reduce(d.pick(Reduction.Kind.values()), axes), d.tensor(d.shape(4)));
  }

  private static RandomOp expand(Draw d) {
    Shape to = d.shape(3);
    Shape from = to;
    for (int a = 0; a < 3; a++) {
      from = d.coin() ? from.with(a, 1) : from;
    }
    return of(new Movement.Expand(to), d.tensor(from));
  }

  private static RandomOp pad(Draw d) {
    List<Long> before = IntStream.range(0, 3).mapToObj(i -> (long) d.between(-2, 3)).toList();
    List<Long> after = IntStream.range(0, 3).mapToObj(i -> (long) d.between(-2, 3)).toList();
    return of(
        new Movement.Pad(before, after, d.pick(Movement.PadMode.values())), d.tensor(d.shape(3)));
  }

  private static RandomOp slice(Draw d) {
    List<Long> starts = IntStream.range(0, 3).mapToObj(i -> (long) d.upTo(2)).toList();
    List<Long> steps = IntStream.range(0, 3).mapToObj(i -> (long) d.between(1, 2)).toList();
    Shape sizes = Shape.of(d.between(1, 3), d.between(1, 3), d.between(1, 3));
    return of(new Movement.Slice(starts, sizes, steps), d.tensor(d.shape(3)));
  }

  private static RandomOp concat(Draw d) {
    int axis = d.upTo(2);
    Shape first = d.shape(3);
    return of(
        new Movement.Concat(axis),
        d.tensor(first),
        d.tensor(first.with(axis, d.between(1, 3))),
        d.tensor(first.with(axis, d.between(1, 3))));
  }

  private static RandomOp gather(Draw d) {
    HostTensor x = d.tensor(3);
    int axis = d.upTo(2);
    int last = x.shape().intDim(axis) - 1;
    return of(
        new Movement.Gather(axis),
        x,
        d.fill(TensorType.of(DType.I32, d.between(1, 6)), () -> d.upTo(last)));
  }

  private static RandomOp scatterAdd(Draw d) {
    HostTensor x = d.tensor(3);
    int axis = d.upTo(2);
    int size = d.between(1, 6);
    return of(
        new Movement.ScatterAdd(axis, size),
        x,
        d.fill(TensorType.of(DType.I32, x.shape().dim(axis)), () -> d.upTo(size - 1)));
  }

  private static RandomOp matmul(Draw d) {
    boolean ta = d.coin();
    boolean tb = d.coin();
    int m = d.between(1, 20);
    int k = d.between(1, 20);
    int n = d.between(1, 20);
    int batch = d.between(1, 3);
    return of(
        new Linear.MatMul(ta, tb),
        d.tensor(d.coin() ? 1 : batch, ta ? k : m, ta ? m : k),
        d.coin() ? d.tensor(tb ? n : k, tb ? k : n) : d.tensor(batch, tb ? n : k, tb ? k : n));
  }

  private static ConvGeometry walk(Draw d, int groups) {
    return new ConvGeometry(
        d.between(1, 2),
        d.between(1, 2),
        d.between(-1, 2),
        d.between(-1, 2),
        d.between(-1, 2),
        d.between(-1, 2),
        d.between(1, 2),
        d.between(1, 2),
        groups);
  }

  private static RandomOp convolution(Draw d, int form) {
    long groups = d.pick(1L, 1L, 2L);
    ConvGeometry g = walk(d, (int) groups);
    HostTensor x =
        d.tensor(d.between(1, 3), groups * d.between(1, 4), d.between(3, 9), d.between(3, 9));
    HostTensor w =
        d.tensor(
            groups * d.between(1, 4), x.shape().dim(1) / groups, d.pick(1, 3), d.pick(1, 2, 3));
    Linear.Conv2d conv = new Linear.Conv2d(g);
    TensorType y = conv.infer(List.of(x.type(), w.type())).getFirst();
    return switch (form) {
      case 0 -> new RandomOp(conv, List.of(x, w), Set.of(0));
      case 1 ->
          new RandomOp(
              new Linear.ConvTranspose2d(g, x.shape().dim(2), x.shape().dim(3)),
              List.of(d.tensor(y.shape()), w),
              Set.of(0));
      default ->
          of(
              new Linear.ConvWeightGradient(g, w.shape().dim(2), w.shape().dim(3)),
              x,
              d.tensor(y.shape()));
    };
  }

  private static RandomOp modulated(Draw d) {
    int n = d.between(1, 3);
    int inputs = d.between(1, 5);
    int outputs = d.between(1, 5);
    int kernel = d.pick(1, 3);
    List<HostTensor> in =
        List.of(
            d.tensor(n, inputs, d.between(3, 9), d.between(3, 9)),
            d.tensor(outputs, inputs, kernel, kernel),
            d.tensor(n, inputs),
            d.tensor(n, outputs));
    return new RandomOp(
        new Fused.ModulatedConv2d(ConvGeometry.padded(d.upTo(2))), in, Set.of(0, 2, 3));
  }

  /** Of a size that backends have special forms for, such as Winograd's. */
  private static RandomOp wideConvolution(Draw d) {
    int n = d.between(1, 2);
    int inputs = d.between(60, 80);
    int outputs = d.between(36, 56);
    int height = d.between(11, 22);
    int width = d.between(11, 22);
    ConvGeometry g = ConvGeometry.padded(d.upTo(2));
    HostTensor x = d.tensor(n, inputs, height, width);
    HostTensor w = d.tensor(outputs, inputs, 3, 3);
    return switch (d.upTo(2)) {
      case 0 -> new RandomOp(new Linear.Conv2d(g), List.of(x, w), Set.of(0));
      case 1 ->
          new RandomOp(
              new Linear.ConvTranspose2d(g, height, width),
              List.of(d.tensor(n, outputs, g.outputHeight(height, 3), g.outputWidth(width, 3)), w),
              Set.of(0));
      default ->
          new RandomOp(
              new Fused.ModulatedConv2d(g),
              List.of(x, w, d.tensor(n, inputs), d.tensor(n, outputs)),
              Set.of(0, 2, 3));
    };
  }

  private static HostTensor images(Draw d) {
    return d.tensor(d.between(1, 3), d.between(1, 3), d.between(2, 9), d.between(2, 9));
  }

  private static RandomOp upfirdn2d(Draw d) {
    FirGeometry g =
        new FirGeometry(
            d.between(1, 3),
            d.between(1, 3),
            d.between(1, 3),
            d.between(1, 3),
            d.between(-2, 4),
            d.between(-2, 4),
            d.between(-2, 4),
            d.between(-2, 4),
            d.coin(),
            d.normal());
    return new RandomOp(new Resampling.Upfirdn2d(g), List.of(images(d), d.filter()), Set.of(0));
  }

  private static RandomOp biasAct(Draw d) {
    HostTensor x = d.tensor(4);
    int dim = d.between(1, 3);
    Activation act = d.pick(Activation.values());
    double clamp = d.coin() ? Double.POSITIVE_INFINITY : Math.abs(d.normal());
    return new RandomOp(
        new Fused.BiasAct(dim, act, d.random().nextDouble(), d.normal(), clamp),
        List.of(x, d.tensor(x.shape().dim(dim))),
        Set.of(0));
  }

  private static FilteredActivation activation(Draw d) {
    return new FilteredActivation(
        d.pick(1, 2, 4),
        d.pick(1, 2, 4),
        d.between(-2, 6),
        d.between(-2, 6),
        d.between(-2, 6),
        d.between(-2, 6),
        0.5 + d.random().nextDouble(),
        d.random().nextDouble(),
        d.coin() ? Double.POSITIVE_INFINITY : Math.abs(d.normal()),
        d.coin());
  }

  private static RandomOp filteredLrelu(Draw d) {
    HostTensor x = images(d);
    return new RandomOp(
        new Fused.FilteredLrelu(activation(d)),
        List.of(x, d.tensor(x.shape().dim(1)), d.filter(), d.filter()),
        Set.of(0));
  }

  private static RandomOp signedFilter(Draw d) {
    HostTensor v = images(d);
    int width = d.between(1, 30);
    TensorType map =
        TensorType.of(
            DType.U8, v.shape().dim(0), v.shape().dim(1), d.between(1, 30), (width + 3) / 4);
    HostTensor signs =
        d.fill(map, () -> d.upTo(2) + 4 * d.upTo(2) + 16 * d.upTo(2) + 64 * d.upTo(2));
    return new RandomOp(
        new Fused.SignedFilter(activation(d), d.between(-4, 4), d.between(-4, 4), width),
        List.of(v, signs, d.filter(), d.filter()),
        Set.of(0, 1));
  }

  private static RandomOp gridSample(Draw d, int form) {
    HostTensor x = images(d);
    long n = x.shape().dim(0);
    int height = d.between(1, 6);
    int width = d.between(1, 6);
    HostTensor grid = d.tensor(n, height, width, 2);
    HostTensor dy = d.tensor(n, x.shape().dim(1), height, width);
    return switch (form) {
      case 0 -> new RandomOp(new Resampling.GridSample(), List.of(x, grid), Set.of(0, 1));
      case 1 ->
          new RandomOp(
              new Resampling.GridSampleInputGradient(x.shape().dim(2), x.shape().dim(3)),
              List.of(dy, grid),
              Set.of(0, 1));
      default ->
          new RandomOp(
              new Resampling.GridSampleGridGradient(), List.of(dy, x, grid), Set.of(0, 1, 2));
    };
  }

  /** The definition of the adjoint compares all points with all samples, so these are few. */
  private static RandomOp warp(Draw d, Op op, int size, int taps) {
    int n = d.between(1, 2);
    int height = d.between(1, size);
    int width = d.between(1, size);
    List<HostTensor> in =
        List.of(
            d.tensor(n, d.between(1, 2), height, width),
            d.fill(TensorType.f32(n, 2, 3), d::normal),
            HostTensor.allocate(TensorType.of(DType.I32, 4)),
            d.fill(TensorType.f32(d.between(1, taps)), d::normal));
    if (d.upTo(9) == 0) {
      // Where no number says where a point comes from, it is zero.
      in.get(1).set(d.upTo(n * 6 - 1), d.pick(Double.NaN, Double.POSITIVE_INFINITY));
    }
    for (int side = 0; side < 4; side++) {
      in.get(2).set(side, d.upTo((side % 2 == 0 ? width : height) - 1));
    }
    return new RandomOp(op, in, Set.of(0, 1));
  }
}
