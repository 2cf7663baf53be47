package org.aliasfree.data;

import java.io.InputStream;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads {@code dataset.json}: <code>{"labels": [["a/b.png", 3], …]}</code>, where a label is a
 * class from 0 or a list of numbers. Read piece by piece, so that only labels of existing images
 * take memory.
 */
final class LabelFile {
  /** So many classes make one-hot vectors of 4 MiB. */
  private static final int MOST_CLASSES = 1 << 20;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .build();

  private final String where;
  private final List<String> images;
  private final Map<String, Integer> indices = new HashMap<>();
  private final BitSet labelled = new BitSet();
  private int @Nullable [] classes;
  private float @Nullable [] vectors;
  private int dim;
  private float[] vector = new float[16];

  private LabelFile(String where, List<String> images) {
    this.where = where;
    this.images = images;
    for (int i = 0; i < images.size(); i++) {
      indices.put(images.get(i), i);
    }
  }

  /**
   * Reads the labels of the images.
   *
   * @param where the file's name, for messages
   * @param images paths from the root, each of which must have a label; other labels are skipped
   */
  static ItemLabels read(InputStream in, String where, List<String> images) {
    LabelFile file = new LabelFile(where, images);
    try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), in)) {
      return file.read(json);
    } catch (JacksonException e) {
      throw new AliasFreeException(
          "The labels "
              + where
              + " cannot be read: "
              + String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("")
              + " (line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + "). Expected is JSON: {\"labels\": [[\"image.png\", 0], ...]}.",
          e);
    }
  }

  private ItemLabels read(JsonParser json) {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw bad("do not start with an object");
    }
    boolean found = false;
    boolean none = false;
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean labels = json.currentName().equals("labels");
      JsonToken value = json.nextToken();
      if (!labels) {
        json.skipChildren();
        continue;
      }
      found = true;
      none = value == JsonToken.VALUE_NULL;
      switch (value) {
        case VALUE_NULL -> {}
        case START_ARRAY -> readPairs(json);
        case START_OBJECT -> readProperties(json);
        default -> throw bad("have neither a list nor null as \"labels\"");
      }
    }
    if (!found) {
      throw bad("have no \"labels\"; write {\"labels\": null} for a data set without");
    }
    return none ? ItemLabels.none() : complete();
  }

  private void readPairs(JsonParser json) {
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.START_ARRAY
          || json.nextToken() != JsonToken.VALUE_STRING) {
        throw bad("have an entry that is not [\"image.png\", label]" + line(json));
      }
      String name = json.getString();
      json.nextToken();
      readLabel(json, name);
      if (json.nextToken() != JsonToken.END_ARRAY) {
        throw bad("have an entry for " + name + " of more than a name and a label");
      }
    }
  }

  /** What the original takes as well: an object with the names as keys. */
  private void readProperties(JsonParser json) {
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      json.nextToken();
      readLabel(json, name);
    }
  }

  private void readLabel(JsonParser json, String name) {
    Integer image = indices.get(name);
    if (image == null) {
      json.skipChildren();
      return;
    }
    switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> readClass(json, name, image);
      case START_ARRAY -> readVector(json, name, image);
      default ->
          throw bad(
              "give "
                  + name
                  + " the label "
                  + json.getString()
                  + "; a label is a class number or a list of numbers");
    }
    if (classes != null && vectors != null) {
      throw bad(
          "mix class numbers and lists of numbers, first at "
              + name
              + "; all images need the same kind");
    }
    labelled.set(image);
  }

  private void readClass(JsonParser json, String name, int image) {
    double value = json.getDoubleValue();
    if (!(value >= 0 && value < MOST_CLASSES) || value != Math.rint(value)) {
      throw bad(
          "give "
              + name
              + " the class "
              + json.getString()
              + "; classes are whole numbers from 0 to "
              + (MOST_CLASSES - 1)
              + ", and anything else is a list of numbers");
    }
    if (classes == null) {
      classes = new int[images.size()];
    }
    classes[image] = (int) value;
  }

  private void readVector(JsonParser json, String name, int image) {
    int length = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      JsonToken token = json.currentToken();
      boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
      float value = number ? (float) json.getDoubleValue() : Float.NaN;
      if (!Float.isFinite(value)) {
        throw bad(
            "give "
                + name
                + " a list with "
                + json.getString()
                + " at place "
                + length
                + "; only finite numbers can be used");
      }
      if (length == vector.length) {
        vector = Arrays.copyOf(vector, 2 * length);
      }
      vector[length++] = value;
    }
    if (vectors == null) {
      allocate(name, length);
    }
    if (length != dim) {
      throw bad(
          "give "
              + name
              + " a list of "
              + length
              + " numbers, but other images lists of "
              + dim
              + "; all need the same length");
    }
    if (vectors != null) {
      System.arraycopy(vector, 0, vectors, image * dim, dim);
    }
  }

  private void allocate(String name, int length) {
    if (length == 0) {
      throw bad("give " + name + " an empty list; use {\"labels\": null} for none");
    }
    if ((long) length * images.size() > Integer.MAX_VALUE - 8) {
      throw bad(
          "have " + images.size() + " lists of " + length + " numbers, more than can be held");
    }
    dim = length;
    vectors = new float[length * images.size()];
  }

  private ItemLabels complete() {
    int missing = images.size() - labelled.cardinality();
    if (missing > 0) {
      throw bad(
          "have none for "
              + missing
              + " of the "
              + images.size()
              + " images, first for "
              + images.get(labelled.nextClearBit(0))
              + "; each image needs a label, by its path from the root with /");
    }
    return classes != null
        ? ItemLabels.ofClasses(classes)
        : ItemLabels.ofVectors(vectors == null ? new float[0] : vectors, dim);
  }

  private static String line(JsonParser json) {
    return " (line " + json.currentTokenLocation().getLineNr() + ")";
  }

  private AliasFreeException bad(String what) {
    return new AliasFreeException("The labels " + where + " " + what + ".");
  }
}
