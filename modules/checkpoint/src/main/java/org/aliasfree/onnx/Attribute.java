package org.aliasfree.onnx;

import java.nio.charset.StandardCharsets;
import org.aliasfree.file.ProtoMessage;
import org.aliasfree.tensor.HostTensor;

/** A setting of a node: an {@code AttributeProto} of onnx.proto. */
final class Attribute {
  // Field numbers of AttributeProto, and its values of type.
  private static final int NAME = 1;
  private static final int F = 2;
  private static final int I = 3;
  private static final int S = 4;
  private static final int T = 5;
  private static final int INTS = 8;
  private static final int TYPE = 20;
  private static final int FLOAT_TYPE = 1;
  private static final int INT_TYPE = 2;
  private static final int STRING_TYPE = 3;
  private static final int TENSOR_TYPE = 4;
  private static final int INTS_TYPE = 7;

  private final ProtoMessage message;

  private Attribute(String name, int type, java.util.function.Consumer<ProtoMessage> value) {
    message = new ProtoMessage().string(NAME, name);
    value.accept(message);
    message.integer(TYPE, type);
  }

  static Attribute of(String name, double value) {
    return new Attribute(name, FLOAT_TYPE, m -> m.float32(F, (float) value));
  }

  static Attribute of(String name, long value) {
    return new Attribute(name, INT_TYPE, m -> m.element(I, value));
  }

  static Attribute of(String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new Attribute(name, STRING_TYPE, m -> m.bytes(S, bytes));
  }

  static Attribute of(String name, HostTensor value) {
    return new Attribute(name, TENSOR_TYPE, m -> m.message(T, OnnxModel.tensor("", value)));
  }

  static Attribute ints(String name, long... values) {
    return new Attribute(
        name,
        INTS_TYPE,
        m -> {
          for (long value : values) {
            m.element(INTS, value);
          }
        });
  }

  ProtoMessage message() {
    return message;
  }
}
