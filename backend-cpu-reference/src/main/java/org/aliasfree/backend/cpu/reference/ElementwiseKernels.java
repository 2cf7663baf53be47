package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.tensor.HostTensor;

/** Functions of each element alone, with broadcasting. */
final class ElementwiseKernels {
  private ElementwiseKernels() {}

  static void run(Elementwise op, Frame f) {
    switch (op) {
      case Elementwise.Unary o -> unary(o.function(), f);
      case Elementwise.Binary o -> binary(o.function(), f);
      case Elementwise.Compare o -> compare(o.comparison(), f);
      case Elementwise.Select o -> select(f);
      case Elementwise.Cast o -> copy(f);
      case Elementwise.StopGradient o -> copy(f);
    }
  }

  private static void unary(UnaryFunction function, Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          for (long i = from; i < to; i++) {
            y.set(i, apply(function, x.get(i)));
          }
        });
  }

  private static double apply(UnaryFunction function, double x) {
    return switch (function) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case EXP -> Math.exp(x);
      case EXPM1 -> Math.expm1(x);
      case LOG -> Math.log(x);
      case LOG1P -> Math.log1p(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TANH -> Math.tanh(x);
      case SQRT -> Math.sqrt(x);
      case RSQRT -> 1 / Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case FLOOR -> Math.floor(x);
      case ROUND -> Math.rint(x);
    };
  }

  private static void binary(BinaryFunction function, Frame f) {
    HostTensor a = f.in(0);
    HostTensor b = f.in(1);
    HostTensor y = f.out(0);
    boolean floats = y.dtype().isFloat();
    pairs(
        f,
        (i, ia, ib) ->
            y.set(
                i,
                floats
                    ? apply(function, a.get(ia), b.get(ib))
                    : apply(function, (int) a.get(ia), (int) b.get(ib))));
  }

  private static double apply(BinaryFunction function, double a, double b) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }

  /** Integers wrap around. */
  private static int apply(BinaryFunction function, int a, int b) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case MIN -> Math.min(a, b);
      case MAX -> Math.max(a, b);
    };
  }

  private static void compare(Comparison comparison, Frame f) {
    HostTensor a = f.in(0);
    HostTensor b = f.in(1);
    HostTensor y = f.out(0);
    pairs(f, (i, ia, ib) -> y.set(i, holds(comparison, a.get(ia), b.get(ib)) ? 1 : 0));
  }

  private static boolean holds(Comparison comparison, double a, double b) {
    return switch (comparison) {
      case LT -> a < b;
      case LE -> a <= b;
      case EQ -> a == b;
      case NE -> a != b;
    };
  }

  private static void select(Frame f) {
    HostTensor mask = f.in(0);
    HostTensor a = f.in(1);
    HostTensor b = f.in(2);
    HostTensor y = f.out(0);
    Places inMask = Places.broadcast(mask.shape(), y.shape());
    Places inA = Places.broadcast(a.shape(), y.shape());
    Places inB = Places.broadcast(b.shape(), y.shape());
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          boolean[] chosen = new boolean[Math.toIntExact(to - from)];
          inMask.visit(from, to, (i, place) -> chosen[(int) (i - from)] = mask.get(place) != 0);
          inA.visit(from, to, (i, place) -> set(chosen[(int) (i - from)], y, i, a, place));
          inB.visit(from, to, (i, place) -> set(!chosen[(int) (i - from)], y, i, b, place));
        });
  }

  private static void set(boolean really, HostTensor y, long i, HostTensor x, long place) {
    if (really) {
      y.set(i, x.get(place));
    }
  }

  /** The same numbers, in the element type of the output. */
  static void copy(Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          for (long i = from; i < to; i++) {
            y.set(i, x.get(i));
          }
        });
  }

  @FunctionalInterface
  private interface Pair {
    void visit(long element, long placeA, long placeB);
  }

  /** For each element of the output the places of the two inputs that belong to it. */
  private static void pairs(Frame f, Pair pair) {
    HostTensor y = f.out(0);
    Places inA = Places.broadcast(f.in(0).shape(), y.shape());
    Places inB = Places.broadcast(f.in(1).shape(), y.shape());
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          long[] placesA = new long[Math.toIntExact(to - from)];
          inA.visit(from, to, (i, place) -> placesA[(int) (i - from)] = place);
          inB.visit(from, to, (i, place) -> pair.visit(i, placesA[(int) (i - from)], place));
        });
  }
}
