package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.BinaryFunction;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Cases of sources, of ops on each element alone, and of reductions. */
final class ElementwiseCases {
  private ElementwiseCases() {}

  static void putInto(Map<String, CaseGenerators.Generator> all) {
    all.put("Fill", (c, t) -> fill(c, t));
    all.put("Iota", (c, t) -> iota(c, t));
    all.put("Unary", ElementwiseCases::unary);
    all.put("Binary", ElementwiseCases::binary);
    all.put("Compare", ElementwiseCases::compare);
    all.put("Select", ElementwiseCases::select);
    all.put("Cast", ElementwiseCases::cast);
    all.put("StopGradient", (c, t) -> one(new Elementwise.StopGradient(), c, t));
    all.put("Reduce", ElementwiseCases::reduce);
    all.put("AdamStep", ElementwiseCases::adamStep);
  }

  private static Case one(Elementwise op, Choices c, DType t) {
    return new Case(
        op, List.of(Argument.of(new TensorType(t, c.shape(4)), Content.NORMAL)), seed(c));
  }

  static long seed(Choices c) {
    return c.below(1 << 20);
  }

  private static Case fill(Choices c, DType t) {
    DType type = c.of(t, DType.I32, DType.U8);
    double value = type.isFloat() ? c.between(-40, 40) / 16.0 : c.below(100);
    return new Case(new Source.Fill(new TensorType(type, c.shape(3)), value), List.of(), seed(c));
  }

  private static Case iota(Choices c, DType t) {
    Shape shape = c.shape(3);
    return new Case(
        new Source.Iota(shape, c.below(shape.rank()), c.of(t, DType.I32)), List.of(), seed(c));
  }

  /** The square of what an infinite gradient is taken for does not fit into f16. */
  private static Case adamStep(Choices c, DType t) {
    TensorType type = new TensorType(t, c.shape(4));
    Content gradient = t == DType.F16 ? Content.NORMAL : c.of(Content.NORMAL, Content.SPECIAL);
    boolean stored = c.coin();
    return new Case(
        new Fused.AdamStep(),
        List.of(
            Argument.of(type, Content.NORMAL).storedIf(stored),
            Argument.of(type, gradient).storedIf(c.coin()),
            Argument.of(type, Content.NORMAL).storedIf(stored),
            Argument.of(type, Content.POSITIVE).storedIf(stored),
            Argument.of(TensorType.of(t, Fused.AdamStep.RATES), Content.POSITIVE)),
        seed(c));
  }

  private static Case unary(Choices c, DType t) {
    UnaryFunction f = c.of(UnaryFunction.values());
    Content content =
        switch (f) {
          case LOG, LOG1P, SQRT, RSQRT, RECIPROCAL -> Content.POSITIVE;
          case NEG, ABS, SIGN, FLOOR -> c.of(Content.NORMAL, Content.SPECIAL);
          default -> Content.NORMAL;
        };
    TensorType type = new TensorType(t, c.shape(4));
    return new Case(
        new Elementwise.Unary(f), List.of(Argument.of(type, content).storedIf(c.coin())), seed(c));
  }

  /** Whole numbers are not divided: dividing by 0 has no meaning. */
  private static Case binary(Choices c, DType t) {
    BinaryFunction f = c.of(BinaryFunction.values());
    boolean whole = f != BinaryFunction.DIV && c.below(4) == 1;
    DType type = whole ? DType.I32 : t;
    Shape shape = c.shape(4);
    Content content =
        whole ? Content.WHOLE : c.of(Content.NORMAL, Content.NORMAL, Content.WHOLE, special(f));
    Content second = f == BinaryFunction.DIV ? Content.AWAY : content;
    return new Case(
        new Elementwise.Binary(f),
        List.of(
            Argument.of(new TensorType(type, c.part(shape)), content),
            Argument.of(new TensorType(type, c.part(shape)), second).storedIf(c.coin())),
        seed(c));
  }

  private static Content special(BinaryFunction f) {
    return f == BinaryFunction.MIN || f == BinaryFunction.MAX || f == BinaryFunction.ADD
        ? Content.SPECIAL
        : Content.NORMAL;
  }

  private static Case compare(Choices c, DType t) {
    DType type = c.of(t, t, DType.I32);
    Shape shape = c.shape(4);
    Content content = type.isFloat() ? c.of(Content.WHOLE, Content.SPECIAL) : Content.WHOLE;
    return new Case(
        new Elementwise.Compare(c.of(Elementwise.Comparison.values())),
        List.of(
            Argument.of(new TensorType(type, c.part(shape)), content),
            Argument.of(new TensorType(type, c.part(shape)), content)),
        seed(c));
  }

  private static Case select(Choices c, DType t) {
    Shape shape = c.shape(4);
    Content content = c.of(Content.NORMAL, Content.SPECIAL);
    return new Case(
        new Elementwise.Select(),
        List.of(
            Argument.of(new TensorType(DType.U8, c.part(shape)), Content.WHOLE),
            Argument.of(new TensorType(t, c.part(shape)), content),
            Argument.of(new TensorType(t, c.part(shape)), content)),
        seed(c));
  }

  private static Case cast(Choices c, DType t) {
    DType from = c.of(t, t, DType.I32, DType.U8);
    DType to = from.isFloat() ? c.of(DType.I32, t) : c.of(t, DType.I32);
    Content content =
        from == DType.U8 ? Content.SIGNS : from.isFloat() ? Content.NORMAL : Content.WHOLE;
    return new Case(
        new Elementwise.Cast(to),
        List.of(Argument.of(new TensorType(from, c.shape(4)), content)),
        seed(c));
  }

  private static Case reduce(Choices c, DType t) {
    Reduction.Kind kind = c.of(Reduction.Kind.values());
    Shape shape = c.shape(4);
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (c.coin()) {
        axes.add(axis);
      }
    }
    Content content =
        kind == Reduction.Kind.MAX
            ? c.of(Content.NORMAL, Content.WHOLE, Content.SPECIAL)
            : c.of(Content.NORMAL, Content.POSITIVE);
    return new Case(
        new Reduction.Reduce(kind, axes),
        List.of(Argument.of(new TensorType(t, shape), content)),
        seed(c));
  }
}
