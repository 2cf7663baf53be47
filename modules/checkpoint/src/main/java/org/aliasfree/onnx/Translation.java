package org.aliasfree.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Node;
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
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.Variable;

/** The nodes of a graph as nodes of a model: what each tensor is called there. */
final class Translation {
  private final OnnxModel model;
  private final Map<Tensor, Sizes> sizes;
  private final Map<Tensor, String> wishes;
  private final Map<String, String> inputs;
  private final String batch;
  private final Function<Variable, HostTensor> variables;
  private final Map<Tensor, String> values = new HashMap<>();

  /** Tensors known now, and names for them; they go into the model when they are asked for. */
  private final Map<Tensor, String> constants = new HashMap<>();

  /** Truth values: ONNX has them as a type of its own, graphs have 0 and 1 in u8. */
  private final Map<Tensor, String> masks = new HashMap<>();

  /**
   * A translation.
   *
   * @param sizes of all tensors
   * @param wishes names that tensors should have
   * @param inputs the model's value for each input of the graph
   * @param batch the model's list of one integer, the batch size
   * @param variables their values
   */
  Translation(
      OnnxModel model,
      Map<Tensor, Sizes> sizes,
      Map<Tensor, String> wishes,
      Map<String, String> inputs,
      String batch,
      Function<Variable, HostTensor> variables) {
    this.model = model;
    this.sizes = sizes;
    this.wishes = wishes;
    this.inputs = inputs;
    this.batch = batch;
    this.variables = variables;
  }

  /** Whether there is a translation; other ops are replaced by their definitions. */
  static boolean isTranslated(Op op) {
    return switch (op) {
      case Source _, Elementwise _, Reduction _ -> true;
      case Movement m -> !(m instanceof Movement.ScatterAdd);
      case Linear l -> !(l instanceof Linear.ConvWeightGradient);
      case Resampling r -> r instanceof Resampling.Upfirdn2d;
      case Fused f ->
          (f instanceof Fused.BiasAct act && LinearNodes.isTranslated(act.activation()))
              || f instanceof Fused.FilteredLrelu
              || f instanceof Fused.ModulatedConv2d;
    };
  }

  /** Adds a node of the graph, whose inputs have been added. */
  void add(Node node) {
    switch (node.op()) {
      case Source s -> source(s, node);
      case Elementwise e -> new ElementwiseNodes(this).add(e, node);
      case Reduction r -> new ElementwiseNodes(this).add(r, node);
      case Movement m -> new MovementNodes(this).add(m, node);
      case Linear l -> new LinearNodes(this).add(l, node);
      case Resampling r -> new FilterNodes(this).add(r, node);
      case Fused.FilteredLrelu f -> new FilterNodes(this).add(f, node);
      case Fused f -> new LinearNodes(this).add(f, node);
    }
  }

  private void source(Source op, Node node) {
    Tensor out = node.outputs().getFirst();
    switch (op) {
      case Source.Input input ->
          values.put(out, Objects.requireNonNull(inputs.get(input.inputName()), "input"));
      // Filters are read as well, but become constants of another form.
      case Source.Read read -> constants.put(out, read.variable().name());
      case Source.Constant _ -> constants.put(out, "constant");
      case Source.Fill fill -> values.put(out, fill(out, fill.value()));
      case Source.Iota iota -> values.put(out, iota(out, iota));
    }
  }

  private String fill(Tensor out, double value) {
    if (out.shape().rank() == 0) {
      return model.scalar(out.dtype(), value);
    }
    HostTensor one = HostTensor.scalar(out.dtype(), value).reshape(1);
    return model.node("ConstantOfShape", List.of(shapeOf(out)), Attribute.of("value", one));
  }

  private String iota(Tensor out, Source.Iota op) {
    if (!sizes(out).isFixed(op.axis())) {
      throw new AliasFreeException(
          "The network numbers the images of a batch, so it needs a fixed batch size.");
    }
    long count = out.dim(op.axis());
    long[] line = new long[out.shape().rank()];
    java.util.Arrays.fill(line, 1);
    line[op.axis()] = count;
    HostTensor values = HostTensor.allocate(out.type().withShape(Shape.of(line)));
    for (long i = 0; i < count; i++) {
      values.set(i, (double) i);
    }
    String name = model.initializer(model.freshName("iota"), values);
    return out.type().elements() == count
        ? name
        : model.node("Expand", List.of(name, shapeOf(out)));
  }

  /** The value of a tensor that is known now: a variable, a constant, or one number everywhere. */
  HostTensor known(Tensor tensor) {
    return switch (tensor.node().op()) {
      case Source.Read read -> variables.apply(read.variable());
      case Source.Constant constant -> constant.value();
      case Source.Fill fill -> {
        HostTensor value = HostTensor.allocate(tensor.type());
        for (long i = 0; i < tensor.type().elements(); i++) {
          value.set(i, fill.value());
        }
        yield value;
      }
      default ->
          throw new AliasFreeException(
              "A filter of the network is computed by "
                  + tensor.node()
                  + "; in an ONNX model it must be a constant.");
    };
  }

  OnnxModel model() {
    return model;
  }

  /** What a tensor is called in the model. */
  String of(Tensor tensor) {
    String name = values.get(tensor);
    if (name == null) {
      String wish = constants.get(tensor);
      name =
          wish == null
              ? cast(Objects.requireNonNull(masks.get(tensor), "not translated yet"), DType.U8)
              : model.initializer(model.freshName(wish), known(tensor));
      values.put(tensor, name);
    }
    return name;
  }

  /** As truth values. */
  String mask(Tensor tensor) {
    return masks.computeIfAbsent(tensor, t -> model.toBool(of(t)));
  }

  /** Whether a tensor is there as truth values. */
  boolean isMask(Tensor tensor) {
    return masks.containsKey(tensor);
  }

  String cast(String value, DType dtype) {
    return model.node("Cast", List.of(value), Attribute.of("to", (long) OnnxModel.typeCode(dtype)));
  }

  Sizes sizes(Tensor tensor) {
    return Objects.requireNonNull(sizes.get(tensor));
  }

  /** The name of a list of integers: a tensor's shape. */
  String shapeOf(Tensor tensor) {
    return sizes(tensor).emit(model, batch);
  }

  /** Says that a tensor is this value; where it should have a name, it gets it. */
  void alias(Tensor tensor, String value) {
    String wish = wishes.get(tensor);
    values.put(
        tensor,
        wish == null ? value : model.node(model.freshName(wish), "Identity", List.of(value)));
  }

  /** Says that a tensor is these truth values. */
  void aliasMask(Tensor tensor, String value) {
    masks.put(tensor, value);
  }

  /** Adds the node that makes a tensor, under the name that it should have. */
  void emit(Tensor tensor, String op, List<String> in, Attribute... attributes) {
    String name = model.freshName(wishes.getOrDefault(tensor, op));
    values.put(tensor, model.node(name, op, in, attributes));
  }
}
