package org.aliasfree.data.tool;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Writes JSON to the bytes that Python's {@code json.dumps} gives. */
final class PythonJson {
  private static final int DEEPEST = 64;

  private PythonJson() {}

  static String text(JsonNode node) {
    StringBuilder out = new StringBuilder();
    append(node, out, 0);
    return out.toString();
  }

  private static void append(JsonNode node, StringBuilder out, int depth) {
    if (depth > DEEPEST) {
      throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
    }
    if (node.isObject()) {
      List<String> parts = new ArrayList<>();
      for (var entry : node.properties()) {
        parts.add(quoted(entry.getKey()) + ": " + nested(entry.getValue(), depth));
      }
      out.append('{').append(String.join(", ", parts)).append('}');
    } else if (node.isArray()) {
      List<String> parts = new ArrayList<>();
      for (JsonNode item : node) {
        parts.add(nested(item, depth));
      }
      out.append('[').append(String.join(", ", parts)).append(']');
    } else if (node.isFloatingPointNumber()) {
      out.append(number(node.doubleValue()));
    } else if (node.isString()) {
      out.append(quoted(node.stringValue()));
    } else {
      out.append(node); // whole numbers, true, false, null
    }
  }

  private static String nested(JsonNode node, int depth) {
    StringBuilder out = new StringBuilder();
    append(node, out, depth + 1);
    return out.toString();
  }

  /** The shortest digits that give the number back, in Python's form: 0.1, 1e-05, 1e+16. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    String sign = Double.doubleToRawLongBits(value) < 0 ? "-" : "";
    BigDecimal digits = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    int exponent = value == 0 ? 0 : digits.precision() - digits.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = digits.toPlainString();
      return sign + plain + (plain.contains(".") ? "" : ".0");
    }
    String all = digits.unscaledValue().toString();
    String mantissa = all.charAt(0) + (all.length() > 1 ? "." + all.substring(1) : "");
    String power = (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "");
    return sign + mantissa + "e" + power + Math.abs(exponent);
  }

  /** Text in quotes, of ASCII alone. */
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> out.append(c < ' ' || c > '~' ? String.format("\\u%04x", (int) c) : c);
      }
    }
    return out.append('"').toString();
  }
}
