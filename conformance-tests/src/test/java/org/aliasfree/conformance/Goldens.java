package org.aliasfree.conformance;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden data in the folder {@code goldens} of the repository (system property {@code
 * aliasfree.goldens}): results of the official implementation, described by its README.
 */
public final class Goldens {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<GoldenCase> ALL = readIndex();

  private Goldens() {}

  /** The folder. */
  public static Path folder() {
    return Path.of(Objects.requireNonNullElse(System.getProperty("aliasfree.goldens"), "goldens"));
  }

  /**
   * All cases of a kind, for example {@code op.bias_act}; there is at least one, or the call fails.
   */
  public static List<GoldenCase> cases(String kind) {
    List<GoldenCase> found = ALL.stream().filter(c -> c.kind().equals(kind)).toList();
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "No golden case of kind " + kind + " in " + folder() + ".");
    }
    return found;
  }

  /** The case in a file, by its path within the folder. */
  public static GoldenCase file(String file) {
    return ALL.stream()
        .filter(c -> c.file().equals(file))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("No golden file " + file + " in " + folder() + "."));
  }

  private static List<GoldenCase> readIndex() {
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonNode c : JSON.readTree(folder().resolve("index.json")).get("cases")) {
      cases.add(
          new GoldenCase(
              c.get("file").asString(),
              c.get("kind").asString(),
              c.get("params"),
              c.get("tolerance")));
    }
    return cases;
  }
}
