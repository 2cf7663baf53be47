package org.aliasfree.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * JSON written as Python's {@code json.dumps} does, so that files equal the original's to the
 * character: its spaces, its numbers, {@code NaN} and {@code Infinity} as they are, no character
 * beyond ASCII.
 */
public final class PythonJson {
  /** Deeper than anything sensible; values may come from anywhere. */
  private static final int DEEPEST = 64;

  private static final int PLAIN_DIGITS = 16;
  private static final int PLAIN_ZEROS = 4;

  private final StringBuilder out = new StringBuilder();
  private final int indent;

  private PythonJson(int indent) {
    this.indent = indent;
  }

  /**
   * On one line, as {@code json.dumps(value)}.
   *
   * @param value map with keys that are strings, collection, string, number, boolean or null
   * @throws IllegalArgumentException if these are nested more than 64 deep
   */
  public static String line(@Nullable Object value) {
    return new PythonJson(0).put(value, 0).out.toString();
  }

  /** On many lines, each level two spaces further in, as {@code json.dumps(value, indent=2)}. */
  public static String indented(@Nullable Object value) {
    return new PythonJson(2).put(value, 0).out.toString();
  }

  /**
   * As {@code repr} of a float: the fewest digits that give the same double, with an exponent below
   * 1e-4 and from 1e16 on.
   */
  public static String number(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return Double.toString(value);
    }
    BigDecimal shortest = shortest(value);
    String digits = shortest.unscaledValue().abs().toString();
    int exponent = digits.length() - 1 - shortest.scale();
    if (exponent >= PLAIN_DIGITS || exponent < -PLAIN_ZEROS) {
      return (value < 0 ? "-" : "")
          + digits.charAt(0)
          + (digits.length() > 1 ? "." + digits.substring(1) : "")
          + (exponent < 0 ? "e-" : "e+")
          + (Math.abs(exponent) < 10 ? "0" : "")
          + Math.abs(exponent);
    }
    String plain = shortest.toPlainString();
    return plain.indexOf('.') < 0 ? plain + ".0" : plain;
  }

  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) { // Java never writes fewer, though 5e-324 would do
      BigDecimal one = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      if (one.doubleValue() == value) {
        return one.stripTrailingZeros();
      }
    }
    return decimal;
  }

  private PythonJson put(@Nullable Object value, int level) {
    if (level > DEEPEST) {
      throw new IllegalArgumentException("it is nested more than " + DEEPEST + " deep");
    }
    switch (value) {
      case null -> out.append("null");
      case Boolean b -> out.append(b);
      case String s -> string(s);
      case Float f -> out.append(number(f));
      case Double d -> out.append(number(d));
      case Number n -> out.append(n);
      case Map<?, ?> m -> map(m, level);
      case Collection<?> c -> collection(c, level);
      default ->
          throw new AliasFreeException(
              "JSON has no form for a value of type " + value.getClass().getName() + ".");
    }
    return this;
  }

  private void map(Map<?, ?> map, int level) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    out.append('{');
    for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
      Map.Entry<?, ?> entry = i.next();
      newLine(level + 1);
      string((String) entry.getKey());
      out.append(": ");
      put(entry.getValue(), level + 1);
      separate(i.hasNext());
    }
    newLine(level);
    out.append('}');
  }

  private void collection(Collection<?> values, int level) {
    if (values.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    for (Iterator<?> i = values.iterator(); i.hasNext(); ) {
      newLine(level + 1);
      put(i.next(), level + 1);
      separate(i.hasNext());
    }
    newLine(level);
    out.append(']');
  }

  private void separate(boolean more) {
    if (more) {
      out.append(indent > 0 ? "," : ", ");
    }
  }

  private void newLine(int level) {
    if (indent > 0) {
      out.append('\n').repeat(' ', indent * level);
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c >= ' ' && c <= '~') {
            out.append(c);
          } else {
            out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          }
        }
      }
    }
    out.append('"');
  }
}
