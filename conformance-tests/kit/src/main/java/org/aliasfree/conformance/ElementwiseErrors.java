package org.aliasfree.conformance;

import java.util.List;
import org.aliasfree.conformance.ErrorModel.Bounded;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** The rules of {@link ErrorModel} for functions of single elements. */
final class ElementwiseErrors {
  private final List<Bounded> in;
  private final Rounding rounding;
  private final DType from;
  private final boolean floats;

  ElementwiseErrors(Node node, List<Bounded> in, Rounding rounding) {
    this.in = in;
    this.rounding = rounding;
    from = node.inputs().getLast().dtype();
    floats = from.isFloat();
  }

  private Tensor value(int i) {
    return in.get(i).value();
  }

  private @Nullable Tensor variance(int i) {
    return in.get(i).variance();
  }

  Bounded of(Elementwise op) {
    return switch (op) {
      case Elementwise.Unary o -> unary(o);
      case Elementwise.Binary o -> binary(o);
      case Elementwise.Compare o -> compare(o);
      case Elementwise.Select o -> select(o);
      case Elementwise.Cast o -> cast(o.dtype());
      case Elementwise.StopGradient o -> in.getFirst();
    };
  }

  private Bounded unary(Elementwise.Unary op) {
    Tensor x = value(0);
    Tensor y = x.apply(op);
    Tensor v = variance(0);
    if (!floats) {
      return new Bounded(y, null, in.getFirst().doubt());
    }
    Tensor own = rounding.of(y);
    Tensor variance =
        switch (op.function()) {
          case NEG, ABS -> v;
          case SIGN -> v == null ? null : apart(x, v, UnaryFunction.SIGN);
          case FLOOR -> v == null ? null : apart(x, v, UnaryFunction.FLOOR);
          case ROUND -> v == null ? null : apart(x, v, UnaryFunction.ROUND);
          default -> v == null ? own : slope(op.function(), x, y).square().mul(v).add(own);
        };
    return new Bounded(y, variance, null);
  }

  private static Tensor slope(UnaryFunction f, Tensor x, Tensor y) {
    return switch (f) {
      case NEG, ABS, SIGN, FLOOR, ROUND -> throw new IllegalArgumentException(f.name());
      case EXP -> y;
      case EXPM1 -> y.add(1);
      case LOG -> x.reciprocal();
      case LOG1P -> x.add(1).reciprocal();
      case SIN -> x.cos();
      case COS -> x.sin();
      case TANH -> y.square().neg().add(1);
      case SQRT -> y.reciprocal().mul(0.5);
      case RSQRT -> y.square().mul(y).mul(0.5);
      case RECIPROCAL -> y.square();
    };
  }

  /** The square of how far a step function goes within the error of its argument. */
  private static Tensor apart(Tensor x, Tensor v, UnaryFunction f) {
    Tensor limit = Rounding.limit(v);
    Elementwise.Unary step = new Elementwise.Unary(f);
    return x.add(limit).apply(step).sub(x.sub(limit).apply(step)).square();
  }

  private Bounded binary(Elementwise.Binary op) {
    Tensor a = value(0);
    Tensor b = value(1);
    Tensor y = a.apply(op, b);
    if (!floats) {
      return new Bounded(y, null, doubt(y));
    }
    Tensor va = variance(0);
    Tensor vb = variance(1);
    Tensor variance =
        switch (op.function()) {
          case ADD, SUB -> Rounding.sum(y, va, vb, rounding.ofInexact(y));
          case MUL ->
              Rounding.sum(
                  y,
                  va == null ? null : va.mul(b.square()),
                  vb == null ? null : vb.mul(a.square()),
                  rounding.ofInexact(y));
          case DIV ->
              Rounding.sum(
                  y,
                  va == null ? null : va.div(b.square()),
                  vb == null ? null : vb.mul(y.square()).div(b.square()),
                  rounding.ofInexact(y));
          case MIN, MAX ->
              va == null || vb == null ? Rounding.sum(y, va, vb) : Rounding.full(va.max(vb), y);
        };
    return new Bounded(y, variance, null);
  }

  private Bounded compare(Elementwise.Compare op) {
    Tensor a = value(0);
    Tensor b = value(1);
    Tensor y = a.apply(op, b);
    if (!floats) {
      return new Bounded(y, null, doubt(y));
    }
    Tensor v = Rounding.sum(y, variance(0), variance(1));
    if (v == null) {
      return new Bounded(y, null, null);
    }
    Tensor limit = Rounding.limit(v);
    Tensor near = a.sub(b).abs().le(limit);
    return new Bounded(y, null, limit.scalar(0).lt(limit).select(near, near.scalar(0)));
  }

  /** Where one of several integers is in doubt. */
  private @Nullable Tensor doubt(Tensor y) {
    Tensor all = null;
    for (Bounded b : in) {
      Tensor one = b.doubt();
      if (one != null) {
        all = all == null ? one : one.select(one.scalar(1), all);
      }
    }
    if (all == null) {
      return null;
    }
    Tensor none = Ops.fill(new TensorType(DType.U8, y.shape()), 0);
    return all.select(none.scalar(1), none);
  }

  private Bounded select(Elementwise.Select op) {
    Tensor mask = value(0);
    Tensor a = value(1);
    Tensor b = value(2);
    Tensor y = mask.apply(op, a, b);
    Tensor unsure = in.getFirst().doubt();
    if (!floats) {
      return new Bounded(y, null, doubt(y));
    }
    Tensor va = variance(1);
    Tensor vb = variance(2);
    if (va == null && vb == null && unsure == null) {
      return new Bounded(y, null, null);
    }
    Tensor zero = y.scalar(0);
    va = va == null ? zero : va;
    vb = vb == null ? zero : vb;
    Tensor variance = mask.select(va, vb);
    if (unsure != null) {
      variance = unsure.select(va.max(vb).add(a.sub(b).square()), variance);
    }
    return new Bounded(y, Rounding.full(variance, y), null);
  }

  private Bounded cast(DType to) {
    Tensor x = value(0);
    Tensor v = variance(0);
    Tensor unsure = in.getFirst().doubt();
    if (floats && to.isFloat()) {
      boolean narrower = to.bytes() < from.bytes();
      return new Bounded(x, narrower ? Rounding.sum(x, v, rounding.ofInexact(x)) : v, null);
    }
    Tensor y = x.cast(to.isFloat() ? DType.F64 : to);
    if (floats) {
      if (v == null) {
        return new Bounded(y, null, null);
      }
      Tensor limit = Rounding.limit(v);
      Tensor differs =
          x.add(limit)
              .cast(to)
              .apply(new Elementwise.Compare(Elementwise.Comparison.NE), x.sub(limit).cast(to));
      return new Bounded(y, null, differs);
    }
    if (!to.isFloat()) {
      return new Bounded(y, null, unsure);
    }
    Tensor variance =
        unsure == null
            ? null
            : unsure.select(y.scalar(Double.POSITIVE_INFINITY), Rounding.full(y.scalar(0), y));
    return new Bounded(y, variance, null);
  }
}
