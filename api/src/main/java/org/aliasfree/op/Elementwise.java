package org.aliasfree.op;

import java.util.List;
import java.util.Locale;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * Ops that work on each element alone. Several inputs are broadcast: axes are aligned at the end, a
 * size of 1 repeats.
 */
public sealed interface Elementwise extends Op {

  /** A function of one number. f16 is computed in f32 and rounded once. */
  enum UnaryFunction {
    /** −x. */
    NEG,
    /** |x|. */
    ABS,
    /** −1, 0 or 1; NaN stays NaN. */
    SIGN,
    /** e^x. */
    EXP,
    /** e^x − 1, exact near 0. */
    EXPM1,
    /** Natural logarithm. */
    LOG,
    /** log(1 + x), exact near 0. */
    LOG1P,
    /** Sine of radians. */
    SIN,
    /** Cosine of radians. */
    COS,
    /** Hyperbolic tangent. */
    TANH,
    /** Square root. */
    SQRT,
    /** 1 / √x. */
    RSQRT,
    /** 1 / x. */
    RECIPROCAL,
    /** Largest integer not above x. */
    FLOOR,
    /** Nearest integer, ties to even. */
    ROUND
  }

  /** A function of two numbers. */
  enum BinaryFunction {
    /** a + b. */
    ADD,
    /** a − b. */
    SUB,
    /** a · b. */
    MUL,
    /** a / b; truncated for integers. */
    DIV,
    /** The smaller; NaN if either is. */
    MIN,
    /** The larger; NaN if either is. */
    MAX
  }

  /**
   * A question about two numbers, answered by 1 or 0 in u8. Comparisons with NaN are false but for
   * NE.
   */
  enum Comparison {
    /** a &lt; b. */
    LT,
    /** a ≤ b. */
    LE,
    /** a = b. */
    EQ,
    /** a ≠ b. */
    NE
  }

  /** y = f(x). */
  record Unary(UnaryFunction function) implements Elementwise {
    @Override
    public String name() {
      return function.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      boolean anyNumber = function == UnaryFunction.NEG || function == UnaryFunction.ABS;
      if (!(anyNumber && in.getFirst().dtype() == DType.I32)) {
        Check.isFloat(name(), "x", in.getFirst());
      }
      return List.of(in.getFirst());
    }
  }

  /** y = f(a, b), both of one element type. */
  record Binary(BinaryFunction function) implements Elementwise {
    @Override
    public String name() {
      return function.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      Check.sameDType(name(), "a", in.get(0), "b", in.get(1));
      return List.of(in.get(0).withShape(Elementwise.broadcast(name(), in)));
    }
  }

  /** y = 1 where the comparison holds, else 0; u8. */
  record Compare(Comparison comparison) implements Elementwise {
    @Override
    public String name() {
      return comparison.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 2);
      Check.sameDType(name(), "a", in.get(0), "b", in.get(1));
      return List.of(new TensorType(DType.U8, Elementwise.broadcast(name(), in)));
    }
  }

  /**
   * y = a where the u8 mask is not 0, else b. The value not chosen has no influence, NaN included.
   */
  record Select() implements Elementwise {
    @Override
    public String name() {
      return "select";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 3);
      Check.dtype(name(), "the mask", in.get(0), DType.U8);
      Check.sameDType(name(), "a", in.get(1), "b", in.get(2));
      return List.of(in.get(1).withShape(Elementwise.broadcast(name(), in)));
    }
  }

  /**
   * The same numbers in another element type: rounded to nearest, to integers truncated towards
   * zero.
   */
  record Cast(DType dtype) implements Elementwise {
    @Override
    public String name() {
      return "cast";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      return List.of(in.getFirst().withDType(dtype));
    }
  }

  /** y = x, through which no gradient passes. */
  record StopGradient() implements Elementwise {
    @Override
    public String name() {
      return "stop_gradient";
    }

    @Override
    public List<TensorType> infer(List<TensorType> in) {
      Check.count(name(), in, 1);
      return List.of(in.getFirst());
    }
  }

  @Override
  default boolean isCore() {
    return true;
  }

  /** The shape that all these shapes broadcast to. */
  static Shape broadcast(String op, List<TensorType> types) {
    int rank = types.stream().mapToInt(t -> t.shape().rank()).max().orElse(0);
    long[] sizes = new long[rank];
    java.util.Arrays.fill(sizes, 1);
    for (TensorType type : types) {
      Shape s = type.shape();
      for (int i = 0; i < s.rank(); i++) {
        int at = rank - s.rank() + i;
        if (s.dim(i) != 1) {
          Check.that(
              sizes[at] == 1 || sizes[at] == s.dim(i),
              op,
              "the shapes of "
                  + types
                  + " do not broadcast: aligned at their last axis, sizes must be equal or 1.");
          sizes[at] = s.dim(i);
        }
      }
    }
    return Shape.of(sizes);
  }
}
