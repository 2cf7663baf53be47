package org.aliasfree.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keywords that a TensorFlow network was made with, checked. */
final class TensorFlowKeywords {
  private static final String ARCHITECTURE = "architecture";

  private final Map<String, @Nullable Object> given;
  private final long offset;

  /**
   * @param known all keywords that the network may have
   */
  TensorFlowKeywords(
      PickleValue.Dict keywords, Set<String> known, ReadingBudget budget, long offset) {
    this.offset = offset;
    List<String> unknown =
        keywords.entries().keySet().stream()
            .map(Object::toString)
            .filter(name -> !known.contains(name))
            .map(Quoted::bare)
            .limit(8)
            .toList();
    if (!unknown.isEmpty()) {
      throw new Malformed(
          offset,
          "the network was made with "
              + String.join(", ", unknown)
              + ", which StyleGAN2's configurations E and F and StyleGAN2-ADA do not have; "
              + TensorFlowNetworks.NOT_SUPPORTED);
    }
    this.given = new PlainValues(budget).map(keywords, offset);
    for (Object name : keywords.entries().keySet()) {
      if (!given.containsKey(name)) {
        throw wrong(
            name.toString(), PickleValues.kind(keywords.entries().get(name)), "a plain value");
      }
    }
  }

  private Malformed wrong(String name, @Nullable Object value, String expected) {
    return new Malformed(
        offset,
        "the keyword "
            + name
            + " is "
            + Quoted.bare(String.valueOf(value))
            + "; "
            + expected
            + " is expected.");
  }

  /** As it is in the file. */
  @Nullable Object value(String name, @Nullable Object otherwise) {
    return given.containsKey(name) ? given.get(name) : otherwise;
  }

  /** An integer from 0 to 2^31 − 1. */
  long size(String name, long otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof Long size && size >= 0 && size <= Integer.MAX_VALUE) {
      return size;
    }
    throw wrong(name, value, "an integer that is not negative");
  }

  /** As {@link #size}, or null for {@code None}. */
  @Nullable Long optionalSize(String name) {
    return value(name, null) == null ? null : (Long) size(name, 0);
  }

  /** A number. */
  Number number(String name, Number otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof Long || value instanceof Double) {
      return (Number) value;
    }
    throw wrong(name, value, "a number");
  }

  /** A number, or null for {@code None}. */
  @Nullable Number optionalNumber(String name) {
    return value(name, null) == null ? null : number(name, 0L);
  }

  String text(String name, String otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, value, "a text");
  }

  boolean flag(String name, boolean otherwise) {
    Object value = value(name, otherwise);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, value, "True or False");
  }

  /** A power of two from 4. */
  long resolution() {
    long resolution = size("resolution", 1024);
    if (resolution < 4 || Long.bitCount(resolution) != 1) {
      throw wrong("resolution", resolution, "a power of two that is at least 4");
    }
    return resolution;
  }

  /**
   * {@code orig}, {@code skip} or {@code resnet}; names of variables that count levels of detail
   * mean {@code orig}.
   */
  String architecture(String otherwise, boolean levelsOfDetail) {
    String architecture = text(ARCHITECTURE, levelsOfDetail ? "orig" : otherwise);
    if (levelsOfDetail && !architecture.equals("orig")) {
      throw wrong(ARCHITECTURE, architecture, "orig, as the variables are named for it,");
    }
    if (!List.of("orig", "skip", "resnet").contains(architecture)) {
      throw wrong(ARCHITECTURE, architecture, "orig, skip or resnet");
    }
    return architecture;
  }
}
