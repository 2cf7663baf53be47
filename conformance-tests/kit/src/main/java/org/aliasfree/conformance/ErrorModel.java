package org.aliasfree.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Linear;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Op;
import org.aliasfree.op.Reduction;
import org.aliasfree.op.Resampling;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * How wrong a right answer may be. A graph is computed in f64, and beside each tensor y the
 * variance s² of its rounding error, as if every rounding were an independent random error of one
 * unit u (2⁻²⁴ for f32, 2⁻¹¹ for f16, 2⁻⁵³ for f64):
 *
 * <ul>
 *   <li>a function of single elements: s² = f′(x)²·s²(x) + u²·y², without the last term where y is
 *       a number of the type, as the sum of small whole numbers is;
 *   <li>a sum of K products a·b: s² = Σ(b²·s²(a) + a²·s²(b)) + u²·K·(Σ(a·b)² + y²), the same op on
 *       the squares of its inputs;
 *   <li>a comparison of numbers nearer to each other than their error may come out either way: what
 *       is selected by it is as uncertain as its alternatives are apart.
 * </ul>
 *
 * <p>A backend's element may differ by {@link #UNITS}·s, whatever the op: in units of the last
 * place that is about UNITS·√K. Where a backend {@linkplain
 * org.aliasfree.backend.Backend#errorFactor declares} an algorithm with a larger error, the
 * rounding of that op counts so many times, measured by the largest element of its result.
 */
final class ErrorModel {
  /** The one constant: errors allowed, in standard deviations of the model. */
  static final double UNITS = 8;

  /**
   * A tensor of the graph.
   *
   * @param value in f64, or in its own type where that is of integers
   * @param variance of its rounding error; null for none
   * @param doubt of integers, a mask: where rounding may have changed them; null for nowhere
   */
  record Bounded(
      Tensor value,
      @org.jspecify.annotations.Nullable Tensor variance,
      @org.jspecify.annotations.Nullable Tensor doubt) {}

  private final ToDoubleFunction<Node> factor;
  private final Map<Tensor, Bounded> known = new HashMap<>();

  /**
   * @param factor what the backend declares
   */
  private ErrorModel(ToDoubleFunction<Node> factor) {
    this.factor = factor;
  }

  /** The outputs of a graph, in terms of inputs that are called as its inputs and variables are. */
  static Map<String, Bounded> of(Graph graph, ToDoubleFunction<Node> factor) {
    ErrorModel model = new ErrorModel(factor);
    Graph lowered = Lowering.lower(graph, ErrorModel::isModelled);
    lowered.nodes().forEach(model::visit);
    Map<String, Bounded> outputs = new java.util.LinkedHashMap<>();
    lowered.outputs().forEach((name, tensor) -> outputs.put(name, model.of(tensor)));
    return outputs;
  }

  /** Ops with a rule of their own; of the others the definition is looked at. */
  private static boolean isModelled(Op op) {
    return op.isCore()
        || op instanceof Movement
        || op instanceof Linear
        || op instanceof Resampling.Upfirdn2d;
  }

  private Bounded of(Tensor t) {
    return Objects.requireNonNull(known.get(t));
  }

  private void visit(Node node) {
    List<Bounded> in = node.inputs().stream().map(this::of).toList();
    Tensor out = node.outputs().getFirst();
    Rounding rounding = new Rounding(out.dtype());
    Bounded result =
        switch (node.op()) {
          case Source op -> source(op, rounding);
          case Elementwise op -> new ElementwiseErrors(node, in, rounding).of(op);
          case Reduction.Reduce op -> LinearErrors.reduce(op, in.getFirst(), rounding);
          case Movement.ScatterAdd op ->
              LinearErrors.scatterAdd(op, in.get(0), in.get(1), rounding);
          case Movement op -> MovementErrors.of(op, in);
          case Linear op -> new LinearErrors(factor.applyAsDouble(node), rounding).of(op, node, in);
          case Resampling.Upfirdn2d op ->
              new LinearErrors(factor.applyAsDouble(node), rounding).filtered(op, in);
          case Resampling op -> throw unknown(op);
          case Fused op -> throw unknown(op);
        };
    known.put(out, result);
  }

  private static IllegalStateException unknown(Op op) {
    return new IllegalStateException("no model of the error of " + op.name());
  }

  private static Bounded source(Source op, Rounding rounding) {
    return switch (op) {
      case Source.Input o -> new Bounded(Ops.input(o.inputName(), wide(o.type())), null, null);
      case Source.Read o ->
          new Bounded(Ops.input(o.variable().name(), wide(o.variable().type())), null, null);
      case Source.Constant o -> new Bounded(Ops.constant(wide(o.value())), null, null);
      case Source.Fill o -> {
        Tensor y = Ops.fill(wide(o.type()), o.value());
        yield new Bounded(y, o.type().dtype().isFloat() ? rounding.of(o.value(), y) : null, null);
      }
      case Source.Iota o ->
          new Bounded(Ops.iota(wide(o.outputType()).dtype(), o.shape(), o.axis()), null, null);
    };
  }

  /** The type of what stands for a tensor. */
  static TensorType wide(TensorType type) {
    return type.dtype().isFloat() ? type.withDType(DType.F64) : type;
  }

  /** The value of what stands for a tensor. */
  static HostTensor wide(HostTensor value) {
    return value.to(wide(value.type()).dtype());
  }
}
