package org.aliasfree.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.aliasfree.conformance.ErrorModel.Bounded;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Movement;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** The rules of {@link ErrorModel} for ops that move elements: errors move along. */
final class MovementErrors {
  private MovementErrors() {}

  static Bounded of(Movement op, List<Bounded> in) {
    return switch (op) {
      case Movement.Gather gather -> gather(gather, in.get(0), in.get(1));
      case Movement.Concat concat -> concat(concat, in);
      default -> {
        Bounded x = in.getFirst();
        yield new Bounded(x.value().apply(op), apply(op, x.variance()), apply(op, x.doubt()));
      }
    };
  }

  private static @Nullable Tensor apply(Movement op, @Nullable Tensor t) {
    return t == null ? null : t.apply(op);
  }

  private static Bounded concat(Movement.Concat op, List<Bounded> in) {
    return new Bounded(
        join(op, in.stream().map(Bounded::value).toList()),
        joinOrNull(op, in, Bounded::variance, DType.F64),
        joinOrNull(op, in, Bounded::doubt, DType.U8));
  }

  private static Tensor join(Movement.Concat op, List<Tensor> parts) {
    return Node.of(op, parts).outputs().getFirst();
  }

  private static @Nullable Tensor joinOrNull(
      Movement.Concat op, List<Bounded> in, Function<Bounded, @Nullable Tensor> part, DType dtype) {
    if (in.stream().allMatch(b -> part.apply(b) == null)) {
      return null;
    }
    return join(
        op,
        in.stream()
            .map(
                b -> {
                  Tensor t = part.apply(b);
                  return t != null ? t : Ops.fill(new TensorType(dtype, b.value().shape()), 0);
                })
            .toList());
  }

  /** What an uncertain index picks can be anything. */
  private static Bounded gather(Movement.Gather op, Bounded x, Bounded index) {
    Tensor y = x.value().apply(op, index.value());
    Tensor v = x.variance() == null ? null : x.variance().apply(op, index.value());
    Tensor d = x.doubt() == null ? null : x.doubt().apply(op, index.value());
    Tensor unsure = index.doubt();
    if (unsure == null) {
      return new Bounded(y, v, d);
    }
    long[] line = new long[y.shape().rank()];
    Arrays.fill(line, 1);
    line[y.shape().axis(op.axis())] = unsure.type().elements();
    Tensor along = unsure.reshape(line);
    if (!y.dtype().isFloat()) {
      Tensor none = Ops.fill(new TensorType(DType.U8, y.shape()), 0);
      return new Bounded(y, null, along.select(none.scalar(1), d == null ? none : d));
    }
    Tensor known = v == null ? Rounding.full(y.scalar(0), y) : v;
    return new Bounded(y, along.select(y.scalar(Double.POSITIVE_INFINITY), known), null);
  }
}
