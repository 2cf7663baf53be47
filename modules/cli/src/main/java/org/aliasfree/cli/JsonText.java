package org.aliasfree.cli;

import java.io.StringWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** JSON on one line. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /** The text of what {@code content} writes. */
  static String of(Consumer<JsonGenerator> content) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      content.accept(json);
    }
    return text.toString();
  }

  /** A value of the kinds that network files hold: see {@code StoredModule}. */
  static void write(@Nullable Object value, JsonGenerator out) {
    switch (value) {
      case null -> out.writeNull();
      case Boolean bool -> out.writeBoolean(bool);
      case Long integer -> out.writeNumber(integer);
      case BigInteger integer -> out.writeNumber(integer);
      case Double real -> out.writeNumber(real);
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(item -> write(item, out));
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (key, item) -> {
              out.writeName(String.valueOf(key));
              write(item, out);
            });
        out.writeEndObject();
      }
      default -> out.writeString(value.toString());
    }
  }
}
