package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A line that another program printed.
 *
 * @param values numbers, texts and truth values of the object, by key
 * @param seconds an image: {@code s_per_image}
 */
record OtherResult(Map<String, @Nullable Object> values, double seconds) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** Understands a line. */
  static OtherResult parse(String line, String command) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), line)) {
      json.nextToken();
      for (JsonToken t = json.nextToken(); t != JsonToken.END_OBJECT; t = json.nextToken()) {
        String key = json.currentName();
        switch (json.nextToken()) {
          case VALUE_NUMBER_INT -> values.put(key, json.getLongValue());
          case VALUE_NUMBER_FLOAT -> values.put(key, json.getDoubleValue());
          case VALUE_STRING -> values.put(key, json.getString());
          case VALUE_TRUE -> values.put(key, true);
          case VALUE_FALSE -> values.put(key, false);
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw bad(command, "printed " + OptionValues.quoted(line) + ", which is no JSON object", e);
    }
    if (!(values.get("s_per_image") instanceof Number n)
        || !(n.doubleValue() > 0)
        || Double.isInfinite(n.doubleValue())) {
      throw bad(command, "printed " + OptionValues.quoted(line) + " without \"s_per_image\"", null);
    }
    return new OtherResult(values, n.doubleValue());
  }

  private static AliasFreeException bad(String command, String what, @Nullable Throwable cause) {
    return new AliasFreeException(
        "--against: "
            + command
            + " "
            + what
            + "; it must print a line such as {\"peer\": \"other\", \"config\": \"t-256\", \"batch\": 1,"
            + " \"threads\": 2, \"s_per_image\": 1.5, \"peak_bytes\": 900000000}.",
        cause);
  }

  /** The result that is about the same thing as ours; a key that is absent is taken to agree. */
  static OtherResult choose(
      List<OtherResult> results,
      List<String> lines,
      String command,
      BenchSubject subject,
      BenchSettings settings) {
    if (results.isEmpty()) {
      String said = lines.isEmpty() ? "nothing" : OptionValues.quoted(lines.getLast());
      throw bad(command, "printed " + said + " and no JSON object", null);
    }
    List<String> differences = new ArrayList<>();
    for (OtherResult result : results.reversed()) {
      String difference = result.difference(subject, settings);
      if (difference.isEmpty()) {
        return result;
      }
      differences.add(difference);
    }
    throw new AliasFreeException(
        "--against: "
            + command
            + " measured something else: "
            + differences.getFirst()
            + "; write {config}, {batch} and {threads} into its command line where it takes them.");
  }

  private String difference(BenchSubject subject, BenchSettings settings) {
    Map<String, Object> ours = new LinkedHashMap<>();
    ours.put("config", subject.name());
    ours.put("batch", (long) settings.batch());
    ours.put("threads", (long) settings.threads());
    for (Map.Entry<String, Object> our : ours.entrySet()) {
      Object its = values.get(our.getKey());
      if (its != null && !its.equals(our.getValue())) {
        return our.getKey() + " " + its + " instead of " + our.getValue();
      }
    }
    return "";
  }

  /** What it calls itself. */
  String peer() {
    return values.get("peer") instanceof String name ? name : "other";
  }

  /** Its peak memory, where it tells. */
  OptionalLong peakBytes() {
    return values.get("peak_bytes") instanceof Long bytes && bytes > 0
        ? OptionalLong.of(bytes)
        : OptionalLong.empty();
  }
}
