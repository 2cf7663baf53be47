package org.aliasfree.conformance;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.tensor.HostTensor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of a golden safetensors file.
 *
 * @param metadata values of the header, each of which is JSON text, parsed
 * @param tensors by name
 */
record GoldenFile(Map<String, JsonNode> metadata, Map<String, HostTensor> tensors) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static GoldenFile read(Path path) {
    Safetensors file = Safetensors.read(path);
    Map<String, JsonNode> metadata = new LinkedHashMap<>();
    file.metadata().forEach((name, text) -> metadata.put(name, JSON.readTree(text)));
    return new GoldenFile(metadata, file.tensors());
  }
}
