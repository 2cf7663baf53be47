package org.aliasfree.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * Random cases of every op that has inputs: attributes, shapes and values at which it is smooth.
 */
final class OpCases {
  /**
   * An op on inputs.
   *
   * @param smooth the inputs that it can be differentiated in
   * @param linear those in which it is linear
   */
  record Case(Op op, List<Arg> args, Set<Integer> smooth, Set<Integer> linear) {
    Case(Op op, List<Arg> args, Integer... linear) {
      this(op, args, Set.of(linear), Set.of(linear));
    }

    Case smoothIn(Integer... inputs) {
      return new Case(op, args, Set.of(inputs), linear);
    }

    List<Tensor> inputs() {
      return IntStream.range(0, args.size())
          .mapToObj(i -> Ops.input("x" + i, args.get(i).type()))
          .toList();
    }

    Map<String, double[]> values() {
      Map<String, double[]> values = new HashMap<>();
      for (int i = 0; i < args.size(); i++) {
        values.put("x" + i, args.get(i).values());
      }
      return values;
    }
  }

  /** An input's type and values. */
  record Arg(TensorType type, List<Double> elements) {
    Arg(TensorType type, DoubleStream elements) {
      this(type, elements.boxed().toList());
    }

    double[] values() {
      return elements.stream().mapToDouble(v -> v).toArray();
    }
  }

  /** Makes a case; may fail with a ShapeException where attributes do not fit: tried again. */
  interface Maker {
    Case make(Random r);
  }

  private static final Map<Class<? extends Op>, Maker> MAKERS = new LinkedHashMap<>();

  private OpCases() {}

  /** The ops that there are cases of. */
  static Set<Class<? extends Op>> ops() {
    return MAKERS.keySet();
  }

  /** A case of an op whose inputs fit. */
  static Case of(Class<? extends Op> op, Random r) {
    for (int attempt = 0; attempt < 10_000; attempt++) {
      Case made = attempt(op, r);
      if (made != null) {
        return made;
      }
    }
    throw new AssertionError("no case of " + op + " fits");
  }

  private static @Nullable Case attempt(Class<? extends Op> op, Random r) {
    try {
      Case made = java.util.Objects.requireNonNull(MAKERS.get(op)).make(r);
      List<TensorType> out = made.op().infer(made.args().stream().map(Arg::type).toList());
      return out.getFirst().elements() > 0 ? made : null;
    } catch (ShapeException e) {
      return null;
    }
  }

  static Arg data(Random r, long... sizes) {
    return between(r, -2, 2, sizes);
  }

  private static Arg between(Random r, double low, double high, long... sizes) {
    TensorType type = TensorType.of(DType.F64, sizes);
    return new Arg(type, r.doubles(type.elements(), low, high));
  }

  private static Arg filter(Random r) {
    long[] sizes =
        r.nextBoolean()
            ? new long[] {1 + r.nextInt(4)}
            : new long[] {1 + r.nextInt(3), 1 + r.nextInt(3)};
    return new Arg(TensorType.f32(sizes), data(r, sizes).elements());
  }

  private static Arg whole(Random r, DType dtype, int below, long... sizes) {
    TensorType type = TensorType.of(dtype, sizes);
    return new Arg(type, r.ints(type.elements(), 0, below).asDoubleStream());
  }

  private static long[] sizes(Random r) {
    return LongStream.generate(() -> 1 + r.nextInt(4)).limit(1 + r.nextInt(4)).toArray();
  }

  // The same sizes with some axes 1 and some leading ones left out.
  private static long[] narrowed(Random r, long[] sizes) {
    long[] s = Arrays.stream(sizes).map(n -> r.nextInt(3) == 0 ? 1 : n).toArray();
    return Arrays.copyOfRange(s, r.nextInt(s.length + 1), s.length);
  }

  private static <E> E any(Random r, E[] values) {
    return values[r.nextInt(values.length)];
  }

  private static List<Integer> someAxes(Random r, int rank) {
    return IntStream.range(0, rank).filter(i -> r.nextBoolean()).boxed().toList();
  }

  private static List<Long> each(int rank, java.util.function.IntToLongFunction f) {
    return IntStream.range(0, rank).mapToObj(i -> f.applyAsLong(i)).toList();
  }

  private static ConvGeometry walk(Random r, int groups) {
    return new ConvGeometry(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        r.nextInt(5) - 1,
        1 + r.nextInt(2),
        1 + r.nextInt(2),
        groups);
  }

  static FirGeometry fir(Random r) {
    return new FirGeometry(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextInt(7) - 2,
        r.nextBoolean(),
        0.5 + r.nextDouble());
  }

  static FilteredActivation activation(Random r, double clamp) {
    return new FilteredActivation(
        1 + r.nextInt(3),
        1 + r.nextInt(3),
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        r.nextInt(6) - 1,
        0.5 + r.nextDouble(),
        r.nextDouble(),
        clamp,
        r.nextBoolean());
  }

  private static void put(Class<? extends Op> op, Maker maker) {
    MAKERS.put(op, maker);
  }

  static {
    elementwise();
    movement();
    linear();
    resampling();
    fused();
    put(
        Reduction.Reduce.class,
        r -> {
          Arg x = data(r, sizes(r));
          Reduction.Kind kind = any(r, Reduction.Kind.values());
          Op op = new Reduction.Reduce(kind, someAxes(r, x.type().shape().rank()));
          return kind == Reduction.Kind.SUM
              ? new Case(op, List.of(x), 0)
              : new Case(op, List.of(x)).smoothIn(0);
        });
  }

  private static void elementwise() {
    put(
        Elementwise.Unary.class,
        r -> {
          Elementwise.UnaryFunction f = any(r, Elementwise.UnaryFunction.values());
          Arg x =
              switch (f) {
                case LOG, LOG1P, SQRT, RSQRT, RECIPROCAL -> between(r, 0.3, 3, sizes(r));
                default -> data(r, sizes(r));
              };
          return new Case(new Elementwise.Unary(f), List.of(x)).smoothIn(0);
        });
    put(
        Elementwise.Binary.class,
        r -> {
          Elementwise.BinaryFunction f = any(r, Elementwise.BinaryFunction.values());
          long[] sizes = sizes(r);
          Arg a = data(r, narrowed(r, sizes));
          Arg b = between(r, f == Elementwise.BinaryFunction.DIV ? 0.3 : -2, 2, narrowed(r, sizes));
          return new Case(new Elementwise.Binary(f), List.of(a, b)).smoothIn(0, 1);
        });
    put(
        Elementwise.Compare.class,
        r -> {
          long[] sizes = sizes(r);
          return new Case(
              new Elementwise.Compare(any(r, Elementwise.Comparison.values())),
              List.of(data(r, sizes), data(r, narrowed(r, sizes))));
        });
    put(
        Elementwise.Select.class,
        r -> {
          long[] s = sizes(r);
          Arg mask = whole(r, DType.U8, 2, narrowed(r, s));
          return new Case(
                  new Elementwise.Select(),
                  List.of(mask, data(r, narrowed(r, s)), data(r, narrowed(r, s))))
              .smoothIn(1, 2);
        });
    put(
        Elementwise.Cast.class,
        r -> new Case(new Elementwise.Cast(DType.F32), List.of(data(r, sizes(r))), 0));
    put(
        Elementwise.StopGradient.class,
        r -> new Case(new Elementwise.StopGradient(), List.of(data(r, sizes(r)))));
  }

  private static void movement() {
    put(
        Movement.Reshape.class,
        r -> {
          Arg x = data(r, sizes(r));
          return new Case(new Movement.Reshape(Shape.of(x.type().elements(), 1)), List.of(x), 0);
        });
    put(
        Movement.Permute.class,
        r -> {
          Arg x = data(r, sizes(r));
          List<Integer> axes =
              new ArrayList<>(
                  each(x.type().shape().rank(), i -> i).stream().map(Long::intValue).toList());
          java.util.Collections.shuffle(axes, r);
          return new Case(new Movement.Permute(axes), List.of(x), 0);
        });
    put(
        Movement.Expand.class,
        r -> {
          long[] sizes = sizes(r);
          long[] from = Arrays.stream(sizes).map(n -> r.nextBoolean() ? 1 : n).toArray();
          return new Case(new Movement.Expand(Shape.of(sizes)), List.of(data(r, from)), 0);
        });
    put(
        Movement.Pad.class,
        r -> {
          Arg x = data(r, sizes(r));
          int rank = x.type().shape().rank();
          return new Case(
              new Movement.Pad(
                  each(rank, i -> r.nextInt(6) - 2),
                  each(rank, i -> r.nextInt(6) - 2),
                  any(r, Movement.PadMode.values())),
              List.of(x),
              0);
        });
    put(
        Movement.Flip.class,
        r -> {
          Arg x = data(r, sizes(r));
          return new Case(new Movement.Flip(someAxes(r, x.type().shape().rank())), List.of(x), 0);
        });
    put(
        Movement.Slice.class,
        r -> {
          Arg x = data(r, sizes(r));
          Shape s = x.type().shape();
          return new Case(
              new Movement.Slice(
                  each(s.rank(), i -> r.nextInt(2)),
                  Shape.of(LongStream.range(0, s.rank()).map(i -> 1 + r.nextInt(3)).toArray()),
                  each(s.rank(), i -> 1 + r.nextInt(3))),
              List.of(x),
              0);
        });
    put(
        Movement.Concat.class,
        r -> {
          Shape s = Shape.of(sizes(r));
          int axis = r.nextInt(s.rank());
          List<Arg> parts = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            parts.add(data(r, s.with(axis, 1 + r.nextInt(3)).toArray()));
          }
          return new Case(new Movement.Concat(axis), parts).smoothIn(0, 1, 2);
        });
    put(
        Movement.Gather.class,
        r -> {
          Arg x = data(r, sizes(r));
          int axis = r.nextInt(x.type().shape().rank());
          Arg index = whole(r, DType.I32, x.type().shape().intDim(axis), 1 + r.nextInt(6));
          return new Case(new Movement.Gather(axis), List.of(x, index), 0);
        });
    put(
        Movement.ScatterAdd.class,
        r -> {
          Arg x = data(r, sizes(r));
          int axis = r.nextInt(x.type().shape().rank());
          int size = 1 + r.nextInt(5);
          Arg index = whole(r, DType.I32, size, x.type().shape().dim(axis));
          return new Case(new Movement.ScatterAdd(axis, size), List.of(x, index), 0);
        });
  }

  private static void linear() {
    put(
        Linear.MatMul.class,
        r -> {
          boolean ta = r.nextBoolean();
          boolean tb = r.nextBoolean();
          long[] batch = sizes(r);
          int m = 1 + r.nextInt(3);
          int k = 1 + r.nextInt(3);
          int n = 1 + r.nextInt(3);
          return new Case(
              new Linear.MatMul(ta, tb),
              List.of(
                  data(r, matrix(narrowed(r, batch), ta ? k : m, ta ? m : k)),
                  data(r, matrix(narrowed(r, batch), tb ? n : k, tb ? k : n))),
              0,
              1);
        });
    put(
        Linear.Conv2d.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          return new Case(
              new Linear.Conv2d(walk(r, groups)),
              List.of(image(r, groups), kernel(r, groups)),
              0,
              1);
        });
    put(
        Linear.ConvTranspose2d.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          ConvGeometry g = walk(r, groups);
          Shape x = image(r, groups).type().shape();
          Arg w = kernel(r, groups);
          Arg y = data(r, convolved(g, x, w).toArray());
          return new Case(new Linear.ConvTranspose2d(g, x.dim(2), x.dim(3)), List.of(y, w), 0, 1);
        });
    put(
        Linear.ConvWeightGradient.class,
        r -> {
          int groups = 1 + r.nextInt(2);
          ConvGeometry g = walk(r, groups);
          Arg x = image(r, groups);
          Arg w = kernel(r, groups);
          Shape k = w.type().shape();
          Arg y = data(r, convolved(g, x.type().shape(), w).toArray());
          return new Case(
              new Linear.ConvWeightGradient(g, k.dim(2), k.dim(3)), List.of(x, y), 0, 1);
        });
  }

  private static Shape convolved(ConvGeometry g, Shape x, Arg w) {
    return new Linear.Conv2d(g)
        .infer(List.of(new TensorType(DType.F64, x), w.type()))
        .getFirst()
        .shape();
  }

  private static long[] matrix(long[] batch, long rows, long columns) {
    long[] s = Arrays.copyOf(batch, batch.length + 2);
    s[batch.length] = rows;
    s[batch.length + 1] = columns;
    return s;
  }

  private static Arg image(Random r, int channels) {
    return data(r, 1 + r.nextInt(2), channels, 1 + r.nextInt(5), 1 + r.nextInt(5));
  }

  private static Arg kernel(Random r, int groups) {
    return data(r, groups * (1L + r.nextInt(2)), 1, 1 + r.nextInt(3), 1 + r.nextInt(3));
  }

  private static void resampling() {
    put(
        Resampling.Upfirdn2d.class,
        r -> new Case(new Resampling.Upfirdn2d(fir(r)), List.of(image(r, 2), filter(r)), 0));
    put(
        Resampling.GridSample.class,
        r -> {
          Arg x = image(r, 2);
          return new Case(new Resampling.GridSample(), List.of(x, grid(r, x)), 0).smoothIn(0, 1);
        });
    put(
        Resampling.GridSampleInputGradient.class,
        r -> {
          Arg dy = image(r, 2);
          Shape s = dy.type().shape();
          int height = 1 + r.nextInt(4);
          int width = 1 + r.nextInt(4);
          return new Case(
                  new Resampling.GridSampleInputGradient(height, width),
                  List.of(dy, grid(r, s.dim(0), s.dim(2), s.dim(3), height, width)),
                  0)
              .smoothIn(0, 1);
        });
    put(
        Resampling.GridSampleGridGradient.class,
        r -> {
          Arg x = image(r, 2);
          Arg grid = grid(r, x);
          Shape g = grid.type().shape();
          Arg dy = data(r, g.dim(0), 2, g.dim(1), g.dim(2));
          return new Case(new Resampling.GridSampleGridGradient(), List.of(dy, x, grid), 0, 1)
              .smoothIn(0, 1, 2);
        });
  }

  private static Arg grid(Random r, Arg x) {
    Shape s = x.type().shape();
    return grid(r, s.dim(0), 1 + r.nextInt(4), 1 + r.nextInt(4), s.dim(2), s.dim(3));
  }

  // Points within and around an image, none near the kinks at the centres of pixels.
  private static Arg grid(Random r, long n, long rows, long columns, long height, long width) {
    long[] size = {width, height};
    return new Arg(
        TensorType.of(DType.F64, n, rows, columns, 2),
        IntStream.range(0, (int) (n * rows * columns * 2))
            .mapToDouble(
                i -> {
                  long extent = size[i % 2];
                  double pixel = r.nextInt((int) extent + 3) - 2 + 0.05 + 0.9 * r.nextDouble();
                  return (2 * pixel + 1) / extent - 1;
                }));
  }

  private static void fused() {
    put(
        Fused.BiasAct.class,
        r -> {
          Arg x = data(r, sizes(r));
          int dim = r.nextInt(x.type().shape().rank());
          Op op =
              new Fused.BiasAct(
                  dim,
                  any(r, Activation.values()),
                  r.nextDouble(),
                  0.5 + r.nextDouble(),
                  r.nextBoolean() ? 0.9 : Double.POSITIVE_INFINITY);
          return new Case(op, List.of(x, data(r, x.type().shape().dim(dim)))).smoothIn(0, 1);
        });
    put(
        Fused.FilteredLrelu.class,
        r -> {
          double clamp = r.nextBoolean() ? 2 : Double.POSITIVE_INFINITY;
          return new Case(
                  new Fused.FilteredLrelu(activation(r, clamp)),
                  List.of(image(r, 2), data(r, 2), filter(r), filter(r)))
              .smoothIn(0, 1);
        });
    put(
        Fused.SignedFilter.class,
        r -> {
          Arg v = image(r, 2);
          int width = 1 + r.nextInt(9);
          Arg signs =
              whole(
                  r, DType.U8, 256, v.type().shape().dim(0), 2, 1 + r.nextInt(9), (width + 3) / 4);
          return new Case(
              new Fused.SignedFilter(activation(r, 1), r.nextInt(7) - 3, r.nextInt(7) - 3, width),
              List.of(v, signs, filter(r), filter(r)),
              0);
        });
    put(
        Fused.ModulatedConv2d.class,
        r -> {
          Arg x = image(r, 2);
          long n = x.type().shape().dim(0);
          Arg w = data(r, 3, 2, 1 + r.nextInt(3), 1 + r.nextInt(3));
          return new Case(
              new Fused.ModulatedConv2d(walk(r, 1)),
              List.of(x, w, data(r, n, 2), data(r, n, 3)),
              0,
              1,
              2,
              3);
        });
  }
}
