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
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
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

  static Arg between(Random r, double low, double high, long... sizes) {
    TensorType type = TensorType.of(DType.F64, sizes);
    return new Arg(type, r.doubles(type.elements(), low, high));
  }

  static Arg whole(Random r, DType dtype, int below, long... sizes) {
    TensorType type = TensorType.of(dtype, sizes);
    return new Arg(type, r.ints(type.elements(), 0, below).asDoubleStream());
  }

  static long[] sizes(Random r) {
    return LongStream.generate(() -> 1 + r.nextInt(4)).limit(1 + r.nextInt(4)).toArray();
  }

  // The same sizes with some axes 1 and some leading ones left out.
  static long[] narrowed(Random r, long[] sizes) {
    long[] s = Arrays.stream(sizes).map(n -> r.nextInt(3) == 0 ? 1 : n).toArray();
    return Arrays.copyOfRange(s, r.nextInt(s.length + 1), s.length);
  }

  static <E> E any(Random r, E[] values) {
    return values[r.nextInt(values.length)];
  }

  private static List<Integer> someAxes(Random r, int rank) {
    return IntStream.range(0, rank).filter(i -> r.nextBoolean()).boxed().toList();
  }

  private static List<Long> each(int rank, java.util.function.IntToLongFunction f) {
    return IntStream.range(0, rank).mapToObj(i -> f.applyAsLong(i)).toList();
  }

  private static void put(Class<? extends Op> op, Maker maker) {
    MAKERS.put(op, maker);
  }

  static {
    elementwise();
    movement();
    ImageOpCases.putInto(MAKERS);
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
}
