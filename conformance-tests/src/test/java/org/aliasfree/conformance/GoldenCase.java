package org.aliasfree.conformance;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One golden file: its parameters, its tensors and how near a result must come. The tensors are
 * read when first asked for.
 */
public final class GoldenCase {
  private final String file;
  private final String kind;
  private final JsonNode indexParams;
  private final JsonNode tolerances;
  private @Nullable GoldenFile content;

  GoldenCase(String file, String kind, JsonNode indexParams, JsonNode tolerances) {
    this.file = file;
    this.kind = kind;
    this.indexParams = indexParams;
    this.tolerances = tolerances;
  }

  /** Path within the folder of golden data. */
  public String file() {
    return file;
  }

  /** Absolute path. */
  public Path path() {
    return Goldens.folder().resolve(file);
  }

  /** What the case is about, for example {@code op.bias_act}. */
  public String kind() {
    return kind;
  }

  /** Parameters by name: those of the file where they are too long for the index. */
  public Map<String, JsonNode> params() {
    Map<String, JsonNode> params = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> p : indexParams.properties()) {
      boolean inFile =
          p.getValue().isString() && p.getValue().asString().equals("(see file metadata)");
      params.put(p.getKey(), inFile ? metadata(p.getKey()) : p.getValue());
    }
    return params;
  }

  /** A parameter that must be there. */
  public JsonNode param(String name) {
    JsonNode value = params().get(name);
    return present(value, "parameter", name);
  }

  /** Whether a parameter is there and not null. */
  public boolean hasParam(String name) {
    JsonNode value = params().get(name);
    return value != null && !value.isNull();
  }

  /** A value of the file's header, parsed. */
  public JsonNode metadata(String name) {
    JsonNode value = content().metadata().get(name);
    return present(value, "metadata", name);
  }

  /** All tensors by name, in the order of the file. */
  public Map<String, HostTensor> tensors() {
    return content().tensors();
  }

  /** A tensor that must be there. */
  public HostTensor tensor(String name) {
    HostTensor tensor = tensors().get(name);
    return present(tensor, "tensor", name);
  }

  /** Whether there is a tensor of this name. */
  public boolean hasTensor(String name) {
    return tensors().containsKey(name);
  }

  /** The absolute tolerance of a tensor. */
  public double atol(String name) {
    JsonNode tolerance = tolerances.get(name);
    return present(tolerance, "tolerance for", name).get("atol").asDouble();
  }

  /** Checks that a result has the shape of the golden tensor and meets its tolerance. */
  public void assertMatches(String name, HostTensor got) {
    JsonNode rtol = tolerances.get(name) == null ? null : tolerances.get(name).get("rtol");
    assertMatches(name, got, atol(name), rtol == null ? 0 : rtol.asDouble());
  }

  /** Checks a result with a tolerance of one's own: |got − expected| ≤ atol + rtol · |expected|. */
  public void assertMatches(String name, HostTensor got, double atol, double rtol) {
    HostTensor expected = tensor(name);
    if (!got.shape().equals(expected.shape())) {
      throw new AssertionError(
          name
              + " in "
              + file
              + " has the shape "
              + got.shape()
              + ", expected "
              + expected.shape());
    }
    long worst = -1;
    double worstExcess = 0;
    for (long i = 0; i < expected.type().elements(); i++) {
      double e = expected.get(i);
      double excess = Math.abs(got.get(i) - e) - atol - rtol * Math.abs(e);
      if (!(excess <= worstExcess)) {
        worst = i;
        worstExcess = Double.isNaN(excess) ? Double.POSITIVE_INFINITY : excess;
      }
    }
    if (worst >= 0) {
      double e = expected.get(worst);
      throw new AssertionError(
          String.format(
              Locale.ROOT,
              "%s in %s: element %d is %s, expected %s, off by %s with a tolerance of %s",
              name,
              file,
              worst,
              got.get(worst),
              e,
              Math.abs(got.get(worst) - e),
              atol + rtol * Math.abs(e)));
    }
  }

  private <T> T present(@Nullable T value, String what, String name) {
    if (value == null) {
      throw new IllegalArgumentException(
          "The golden file " + file + " has no " + what + " " + name + ".");
    }
    return value;
  }

  private GoldenFile content() {
    if (content == null) {
      content = GoldenFile.read(path());
    }
    return content;
  }

  @Override
  public String toString() {
    return file;
  }
}
