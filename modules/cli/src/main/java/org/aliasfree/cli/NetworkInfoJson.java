package org.aliasfree.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import tools.jackson.core.JsonGenerator;

/** What {@code networks info --json} prints for programs. */
final class NetworkInfoJson {
  private NetworkInfoJson() {}

  static String of(NetworkFile file, List<NetworkSummary> networks) {
    return JsonText.of(
        out -> {
          out.writeStartObject();
          out.writeStringProperty("file", file.path().toString());
          out.writeArrayPropertyStart("networks");
          networks.forEach(network -> network(network, out));
          out.writeEndArray();
          out.writeName("entries");
          JsonText.write(file.entries(), out);
          out.writeEndObject();
        });
  }

  private static void network(NetworkSummary network, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("name", network.name());
    String kind = network.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    out.writeStringProperty("kind", kind);
    out.writeStringProperty("class", network.className());
    out.writeBooleanProperty("built", network.note().isEmpty());
    network.note().ifPresent(note -> out.writeStringProperty("note", note));
    out.writeName("keywords");
    JsonText.write(network.keywords(), out);
    out.writeNumberProperty("parameters", network.parameterCount());
    out.writeNumberProperty("buffers", network.bufferCount());
    out.writeNumberProperty("bytes", network.bytes());
    out.writeArrayPropertyStart("layers");
    network.layers().forEach(layer -> layer(layer, out));
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void layer(LayerSummary layer, JsonGenerator out) {
    out.writeStartObject();
    out.writeStringProperty("path", layer.path());
    out.writeStringProperty("class", layer.className());
    out.writeNumberProperty("parameters", layer.parameterCount());
    out.writeNumberProperty("buffers", layer.bufferCount());
    layer
        .output()
        .ifPresent(
            output -> {
              out.writeObjectPropertyStart("output");
              type(output, out);
              out.writeEndObject();
            });
    out.writeArrayPropertyStart("tensors");
    tensors(layer.parameters(), "parameter", out);
    tensors(layer.buffers(), "buffer", out);
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void tensors(Map<String, HostTensor> tensors, String role, JsonGenerator out) {
    tensors.forEach(
        (name, tensor) -> {
          out.writeStartObject();
          out.writeStringProperty("name", name);
          out.writeStringProperty("role", role);
          type(tensor.type(), out);
          if (tensor.shape().rank() == 0) {
            out.writeNumberProperty("value", tensor.get(0));
          }
          out.writeEndObject();
        });
  }

  private static void type(TensorType type, JsonGenerator out) {
    out.writeStringProperty("dtype", type.dtype().label());
    out.writeArrayPropertyStart("shape");
    for (long size : type.shape().toArray()) {
      out.writeNumber(size);
    }
    out.writeEndArray();
  }
}
