package org.aliasfree.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The content of a golden safetensors file.
 *
 * @param metadata values of the header, parsed
 * @param tensors by name
 */
record GoldenFile(Map<String, JsonNode> metadata, Map<String, HostTensor> tensors) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  static GoldenFile read(Path path) {
    try {
      MemorySegment file = MemorySegment.ofArray(Files.readAllBytes(path));
      long headerEnd = 8 + file.get(HostTensor.I64, 0);
      byte[] header =
          file.asSlice(8, headerEnd - 8).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      Map<String, JsonNode> metadata = new LinkedHashMap<>();
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> e :
          JSON.readTree(new String(header, StandardCharsets.UTF_8)).properties()) {
        if (e.getKey().equals("__metadata__")) {
          e.getValue()
              .properties()
              .forEach(m -> metadata.put(m.getKey(), JSON.readTree(m.getValue().asString())));
        } else {
          tensors.put(e.getKey(), tensor(file.asSlice(headerEnd), e.getValue()));
        }
      }
      return new GoldenFile(metadata, tensors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HostTensor tensor(MemorySegment data, JsonNode entry) {
    long[] sizes = entry.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
    TensorType type = TensorType.of(DType.valueOf(entry.get("dtype").asString()), sizes);
    long start = entry.get("data_offsets").get(0).asLong();
    return new HostTensor(type, data.asSlice(start, type.bytes()));
  }
}
