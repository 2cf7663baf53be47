package org.aliasfree.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.aliasfree.file.ProtoMessage;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * An ONNX model that is being written: nodes in the order they run, constants, inputs and outputs.
 * Field numbers are those of <a
 * href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto">onnx.proto</a>.
 */
final class OnnxModel {
  /** The version of the operators' definitions; that of ONNX 1.12. */
  static final int OPSET = 17;

  /** The version of the file format that came with it. */
  private static final int IR_VERSION = 8;

  private static final int BOOL = 9;

  private final List<ProtoMessage> nodes = new ArrayList<>();
  private final List<ProtoMessage> initializers = new ArrayList<>();
  private final List<ProtoMessage> inputs = new ArrayList<>();
  private final List<ProtoMessage> outputs = new ArrayList<>();
  private final Map<Object, String> constants = new HashMap<>();
  private final Set<String> taken = new HashSet<>();

  /** A name like this one that is not taken. */
  String freshName(String wish) {
    String name = wish;
    for (int i = 2; !taken.add(name); i++) {
      name = wish + "." + i;
    }
    return name;
  }

  /** Adds a node with one output, and returns the output's name. */
  String node(String op, List<String> in, Attribute... attributes) {
    return node(freshName(op), op, in, attributes);
  }

  /**
   * As above, with a name for the output that {@link #freshName} gave.
   *
   * @param op name of the operator, such as {@code Conv}
   */
  String node(String output, String op, List<String> in, Attribute... attributes) {
    ProtoMessage node = new ProtoMessage();
    in.forEach(name -> node.string(1, name));
    node.string(2, output).string(3, output).string(4, op);
    for (Attribute attribute : attributes) {
      node.message(5, attribute.message());
    }
    nodes.add(node);
    return output;
  }

  /** Adds a constant with a name that {@link #freshName} gave, and returns the name. */
  String initializer(String name, HostTensor value) {
    initializers.add(tensor(name, value));
    return name;
  }

  /** A constant that is made only once for each key. */
  String constant(Object key, String wish, Supplier<HostTensor> value) {
    String known = constants.get(key);
    if (known == null) {
      known = initializer(freshName(wish), value.get());
      constants.put(key, known);
    }
    return known;
  }

  /** A scalar of an element type. */
  String scalar(DType dtype, double value) {
    return constant(
        List.of(dtype, value), "scalar." + value, () -> HostTensor.scalar(dtype, value));
  }

  /** Within −clamp to clamp. */
  String clamped(String x, DType dtype, double clamp) {
    return clamp == Double.POSITIVE_INFINITY
        ? x
        : node("Clip", List.of(x, scalar(dtype, -clamp), scalar(dtype, clamp)));
  }

  /** Images [N, C, H, W] with zeros added, or less rows and columns. */
  String padded(String x, Sides s) {
    return s.isEmpty()
        ? x
        : node("Pad", List.of(x, integers(0, 0, s.top(), s.left(), 0, 0, s.bottom(), s.right())));
  }

  /** A list of integers, such as a shape. */
  String integers(long... values) {
    List<Long> key = java.util.Arrays.stream(values).boxed().toList();
    return constant(
        key,
        "integers",
        () -> {
          HostTensor t = HostTensor.allocate(TensorType.of(DType.I64, values.length));
          for (int i = 0; i < values.length; i++) {
            t.data().setAtIndex(HostTensor.I64, i, values[i]);
          }
          return t;
        });
  }

  /** Adds an input of the model, f32. */
  void input(String name, Sizes sizes, String meaning) {
    taken.add(name);
    inputs.add(value(name, tensorType().message(2, shape(sizes)), meaning));
  }

  /** Adds an input of the model, f32, of any shape. */
  void input(String name, String meaning) {
    taken.add(name);
    inputs.add(value(name, tensorType(), meaning));
  }

  /** Adds an output of the model, f32. */
  void output(String name, Sizes sizes, String meaning) {
    outputs.add(value(name, tensorType().message(2, shape(sizes)), meaning));
  }

  private static ProtoMessage tensorType() {
    return new ProtoMessage().integer(1, typeCode(DType.F32));
  }

  private static ProtoMessage shape(Sizes sizes) {
    ProtoMessage shape = new ProtoMessage();
    for (int axis = 0; axis < sizes.rank(); axis++) {
      ProtoMessage dimension = new ProtoMessage();
      if (sizes.isFixed(axis)) {
        dimension.element(1, sizes.fixed(axis));
      } else {
        dimension.string(2, "batch");
      }
      shape.message(1, dimension);
    }
    return shape;
  }

  private static ProtoMessage value(String name, ProtoMessage tensorType, String meaning) {
    return new ProtoMessage()
        .string(1, name)
        .message(2, new ProtoMessage().message(1, tensorType))
        .string(3, meaning);
  }

  /** A {@code TensorProto}, referring to the values. */
  static ProtoMessage tensor(String name, HostTensor value) {
    ProtoMessage tensor = new ProtoMessage();
    Shape shape = value.shape();
    for (int axis = 0; axis < shape.rank(); axis++) {
      tensor.element(1, shape.dim(axis));
    }
    return tensor.integer(2, typeCode(value.dtype())).string(8, name).bytes(9, value.data());
  }

  /** The number that {@code TensorProto.DataType} has for an element type. */
  static int typeCode(DType dtype) {
    return switch (dtype) {
      case F32 -> 1;
      case U8 -> 2;
      case I32 -> 6;
      case I64 -> 7;
      case F16 -> 10;
      case F64 -> 11;
    };
  }

  /** Converts to truth values, which have no element type here. */
  String toBool(String value) {
    return node("Cast", List.of(value), Attribute.of("to", BOOL));
  }

  /** The whole model, referring to the constants' values. */
  ProtoMessage toMessage(String graphName, String producerVersion) {
    ProtoMessage graph = new ProtoMessage();
    nodes.forEach(node -> graph.message(1, node));
    graph.string(2, graphName);
    initializers.forEach(tensor -> graph.message(5, tensor));
    inputs.forEach(input -> graph.message(11, input));
    outputs.forEach(output -> graph.message(12, output));
    return new ProtoMessage()
        .integer(1, IR_VERSION)
        .string(2, "aliasfree")
        .string(3, producerVersion)
        .message(7, graph)
        .message(8, new ProtoMessage().string(1, "").integer(2, OPSET));
  }
}
