package org.aliasfree.conformance;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/** Writes a case as one line, and reads it back: the op as its record prints itself. */
final class CaseText {
  private final String text;
  private int at;

  CaseText(String text) {
    this.text = text.strip();
  }

  static String of(Case c) {
    return c.op()
        + c.arguments().stream().map(CaseText::of).collect(Collectors.joining("; ", " (", ")"))
        + " seed "
        + c.seed();
  }

  private static String of(Argument a) {
    return a.type()
        + " "
        + a.content().name().toLowerCase(Locale.ROOT)
        + (a.content() == Content.INDEX ? " " + a.bound() : "")
        + (a.stored() ? " stored" : "")
        + (a.batched() ? " batched" : "");
  }

  Case parse() {
    try {
      Op op = (Op) record(opClass(word()));
      expect(" (");
      List<Argument> arguments = new ArrayList<>();
      while (!skip(")")) {
        arguments.add(argument());
        skip("; ");
      }
      expect(" seed ");
      return new Case(op, arguments, Long.parseLong(text.substring(at).strip()));
    } catch (NumberFormatException e) {
      throw wrong("a number");
    }
  }

  private Argument argument() {
    TensorType type = type();
    expect(" ");
    Content content = Content.valueOf(word().toUpperCase(Locale.ROOT));
    int bound = content == Content.INDEX ? index() : 0;
    boolean stored = skip(" stored");
    return new Argument(type, content, bound, stored, skip(" batched"));
  }

  private int index() {
    expect(" ");
    return Integer.parseInt(word());
  }

  /** The records of the op set by their simple names. */
  private Class<?> opClass(String name) {
    return OpClasses.all().stream()
        .filter(c -> c.getSimpleName().equals(name))
        .findFirst()
        .orElseThrow(() -> wrong("the name of an op"));
  }

  /** The rest of a record whose name has been read: {@code [a=1, b=[2, 3]]}. */
  private Object record(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    expect("[");
    for (int i = 0; i < values.length; i++) {
      expect((i == 0 ? "" : ", ") + components[i].getName() + "=");
      values[i] = value(components[i].getGenericType());
    }
    expect("]");
    try {
      Constructor<?> constructor =
          type.getConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AliasFreeException(
          "The case \"" + text + "\" has attributes that do not fit: " + e.getCause() + ".", e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType list) {
      return list(list.getActualTypeArguments()[0]);
    }
    Class<?> c = (Class<?>) type;
    if (c == Shape.class) {
      return shape();
    } else if (c == TensorType.class) {
      return type();
    } else if (c == int.class || c == Integer.class) {
      return Integer.valueOf(word());
    } else if (c == long.class || c == Long.class) {
      return Long.valueOf(word());
    } else if (c == double.class) {
      return Double.valueOf(word());
    } else if (c == boolean.class) {
      return Boolean.valueOf(word());
    } else if (c.isEnum()) {
      String name = word();
      return Arrays.stream(c.getEnumConstants())
          .filter(e -> ((Enum<?>) e).name().equals(name))
          .findFirst()
          .orElseThrow(() -> wrong("a value of " + c.getSimpleName()));
    } else if (c.isRecord()) {
      expect(c.getSimpleName());
      return record(c);
    }
    throw wrong("nothing of type " + c.getSimpleName() + ", which has no text form");
  }

  private List<Object> list(Type of) {
    List<Object> values = new ArrayList<>();
    expect("[");
    while (!skip("]")) {
      values.add(value(of));
      skip(", ");
    }
    return values;
  }

  private Shape shape() {
    return Shape.of(list(Long.class).stream().mapToLong(v -> (Long) v).toArray());
  }

  private TensorType type() {
    String name = word();
    DType dtype =
        Arrays.stream(DType.values())
            .filter(d -> d.label().equals(name))
            .findFirst()
            .orElseThrow(() -> wrong("an element type"));
    return new TensorType(dtype, shape());
  }

  private String word() {
    int start = at;
    while (at < text.length() && ",;[]() =".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(start, at);
  }

  private boolean skip(String token) {
    boolean there = text.startsWith(token, at);
    at += there ? token.length() : 0;
    return there;
  }

  private void expect(String token) {
    if (!skip(token)) {
      throw wrong("\"" + token + "\"");
    }
  }

  private AliasFreeException wrong(String expected) {
    return new AliasFreeException(
        "The case \""
            + text
            + "\" cannot be read: expected "
            + expected
            + " before \""
            + text.substring(Math.min(at, text.length()))
            + "\". Copy the whole line that a failure printed.");
  }
}
