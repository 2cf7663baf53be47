package org.aliasfree.onnx;

import java.util.List;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Elementwise.Binary;
import org.aliasfree.op.Elementwise.Cast;
import org.aliasfree.op.Elementwise.Compare;
import org.aliasfree.op.Elementwise.Comparison;
import org.aliasfree.op.Elementwise.Select;
import org.aliasfree.op.Elementwise.StopGradient;
import org.aliasfree.op.Elementwise.Unary;
import org.aliasfree.op.Elementwise.UnaryFunction;
import org.aliasfree.op.Reduction;
import org.aliasfree.tensor.DType;

/** Elementwise ops and reductions. */
final class ElementwiseNodes {
  private final Translation translation;

  ElementwiseNodes(Translation translation) {
    this.translation = translation;
  }

  void add(Elementwise op, Node node) {
    Tensor out = node.outputs().getFirst();
    List<Tensor> in = node.inputs();
    switch (op) {
      case Unary unary -> unary(out, unary.function(), translation.of(in.getFirst()));
      case Binary binary ->
          translation.emit(out, name(binary), in.stream().map(translation::of).toList());
      case Compare compare -> compare(out, compare.comparison(), in);
      case Select _ ->
          translation.emit(
              out,
              "Where",
              List.of(
                  translation.mask(in.get(0)),
                  translation.of(in.get(1)),
                  translation.of(in.get(2))));
      case Cast cast -> cast(out, cast.dtype(), in.getFirst());
      case StopGradient _ -> translation.alias(out, translation.of(in.getFirst()));
    }
  }

  private void unary(Tensor out, UnaryFunction function, String x) {
    OnnxModel model = translation.model();
    DType dtype = out.dtype();
    switch (function) {
      case EXPM1 ->
          translation.emit(
              out, "Sub", List.of(model.node("Exp", List.of(x)), model.scalar(dtype, 1)));
      case LOG1P ->
          translation.emit(
              out, "Log", List.of(model.node("Add", List.of(x, model.scalar(dtype, 1)))));
      case RSQRT -> translation.emit(out, "Reciprocal", List.of(model.node("Sqrt", List.of(x))));
      default -> translation.emit(out, name(function), List.of(x));
    }
  }

  private static String name(UnaryFunction function) {
    return switch (function) {
      case NEG -> "Neg";
      case ABS -> "Abs";
      case SIGN -> "Sign";
      case EXP -> "Exp";
      case LOG -> "Log";
      case SIN -> "Sin";
      case COS -> "Cos";
      case TANH -> "Tanh";
      case SQRT -> "Sqrt";
      case RECIPROCAL -> "Reciprocal";
      case FLOOR -> "Floor";
      case ROUND -> "Round";
      case EXPM1, LOG1P, RSQRT -> throw new IllegalArgumentException(function.name());
    };
  }

  private static String name(Binary op) {
    return switch (op.function()) {
      case ADD -> "Add";
      case SUB -> "Sub";
      case MUL -> "Mul";
      case DIV -> "Div";
      case MIN -> "Min";
      case MAX -> "Max";
    };
  }

  private void compare(Tensor out, Comparison comparison, List<Tensor> in) {
    OnnxModel model = translation.model();
    List<String> values = in.stream().map(translation::of).toList();
    String mask =
        switch (comparison) {
          case LT -> model.node("Less", values);
          case LE -> model.node("LessOrEqual", values);
          case EQ -> model.node("Equal", values);
          case NE -> model.node("Not", List.of(model.node("Equal", values)));
        };
    translation.aliasMask(out, mask);
  }

  private void cast(Tensor out, DType dtype, Tensor x) {
    if (x.dtype() == dtype) {
      translation.alias(out, translation.of(x));
      return;
    }
    String value = translation.isMask(x) ? translation.mask(x) : translation.of(x);
    translation.emit(
        out, "Cast", List.of(value), Attribute.of("to", (long) OnnxModel.typeCode(dtype)));
  }

  void add(Reduction op, Node node) {
    Reduction.Reduce reduce = (Reduction.Reduce) op;
    long[] axes = reduce.axes().stream().mapToLong(Integer::longValue).toArray();
    Tensor out = node.outputs().getFirst();
    String x = translation.of(node.inputs().getFirst());
    if (axes.length == 0) {
      translation.alias(out, x);
      return;
    }
    switch (reduce.kind()) {
      case SUM ->
          translation.emit(out, "ReduceSum", List.of(x, translation.model().integers(axes)));
      case MAX -> translation.emit(out, "ReduceMax", List.of(x), Attribute.ints("axes", axes));
    }
  }
}
