package org.aliasfree.data.tool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.PythonJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Labels of pictures by their paths.
 *
 * @param byPath path from the root, with slashes, to label as JSON
 * @param classes names of the classes when labels were made from them
 */
record SourceLabels(Map<String, String> byPath, List<String> classes) {
  static final String FILE = "dataset.json";
  static final SourceLabels NONE = new SourceLabels(Map.of(), List.of());

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  @Nullable String get(String path) {
    return byPath.get(path);
  }

  /**
   * Reads a {@value #FILE}: {@code {"labels": [["a/b.png", 3], …]}} or {@code {"labels": null}}.
   *
   * @param where the file's name, for messages
   */
  static SourceLabels read(byte[] json, String where) {
    try {
      JsonNode list = JSON.readTree(json).get("labels");
      if (list == null) {
        throw new IllegalArgumentException("it has no \"labels\"");
      }
      Map<String, String> labels = new HashMap<>();
      if (!list.isNull()) {
        if (!list.isArray()) {
          throw new IllegalArgumentException("\"labels\" is neither a list nor null");
        }
        for (JsonNode pair : list) {
          add(pair, labels);
        }
      }
      return new SourceLabels(labels, List.of());
    } catch (JacksonException e) {
      throw new AliasFreeException(
          where + " cannot be used: it is no JSON (" + e.getOriginalMessage() + ").", e);
    } catch (IllegalArgumentException e) {
      throw new AliasFreeException(where + " cannot be used: " + e.getMessage() + ".", e);
    }
  }

  private static void add(JsonNode pair, Map<String, String> labels) {
    if (!pair.isArray() || pair.size() < 2 || !pair.get(0).isString()) {
      throw new IllegalArgumentException("a label is not of the form [path, label]");
    }
    String path = pair.get(0).stringValue();
    if (pair.get(1).isNull()) {
      labels.remove(path);
    } else {
      labels.put(path, PythonJson.line(JSON.treeToValue(pair.get(1), Object.class)));
    }
  }

  /** The number of the first folder of each path, the folders being in order of their names. */
  static SourceLabels fromFolders(List<String> paths) {
    TreeSet<String> folders = new TreeSet<>(CodePoints.ORDER);
    for (String path : paths) {
      int slash = path.indexOf('/');
      if (slash <= 0) {
        throw new AliasFreeException(
            path + " lies in no sub-folder, so that --labels-from-folders gives it no label.");
      }
      folders.add(path.substring(0, slash));
    }
    List<String> classes = new ArrayList<>(folders);
    Map<String, String> numbers = new HashMap<>();
    for (int i = 0; i < classes.size(); i++) {
      numbers.put(classes.get(i), Integer.toString(i));
    }
    Map<String, String> labels = new HashMap<>();
    for (String path : paths) {
      String number = numbers.get(path.substring(0, path.indexOf('/')));
      if (number != null) {
        labels.put(path, number);
      }
    }
    return new SourceLabels(labels, classes);
  }
}
