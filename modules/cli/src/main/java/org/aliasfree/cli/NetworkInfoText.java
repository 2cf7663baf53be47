package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/** What {@code networks info} prints for people. */
final class NetworkInfoText {
  private static final int COLUMNS = 100;
  private static final String INDENT = "  ";

  private NetworkInfoText() {}

  static List<String> of(NetworkFile file, List<NetworkSummary> networks) {
    List<String> lines = new ArrayList<>();
    for (NetworkSummary network : networks) {
      lines.addAll(network(network));
      lines.add("");
    }
    List<String> settings = settings(file.entries());
    lines.add(settings.isEmpty() ? "The file has no other entries." : "Other entries:");
    lines.addAll(filled(settings));
    return lines;
  }

  private static List<String> network(NetworkSummary network) {
    List<String> lines = new ArrayList<>();
    lines.add(
        Console.oneLine(OptionValues.cut(network.name()))
            + ": "
            + kind(network)
            + ", class "
            + Console.oneLine(OptionValues.cut(network.className())));
    lines.addAll(filled(settings(network.keywords())));
    if (isAugmentPipe(network)) {
      lines.add(INDENT + total(network));
      return lines;
    }
    network.note().ifPresent(n -> lines.add(INDENT + "Cannot be built: " + Console.oneLine(n)));
    table(network).lines().forEach(line -> lines.add(INDENT + line));
    return lines;
  }

  private static boolean isAugmentPipe(NetworkSummary network) {
    return network.kind() == StoredNetwork.Kind.OTHER && network.className().equals("AugmentPipe");
  }

  private static String kind(NetworkSummary network) {
    return switch (network.kind()) {
      case STYLEGAN3_GENERATOR -> "StyleGAN3 generator";
      case STYLEGAN2_GENERATOR -> "StyleGAN2 generator";
      case DISCRIMINATOR -> "discriminator";
      case OTHER -> isAugmentPipe(network) ? "augmentations of the training" : "another network";
    };
  }

  private static TextTable table(NetworkSummary network) {
    TextTable table = new TextTable(false, true, true, false, false);
    table.row("LAYER", "PARAMETERS", "BUFFERS", "OUTPUT SHAPE", "DATATYPE", "TENSORS (BUFFERS)");
    for (LayerSummary layer : network.layers()) {
      table.row(
          layer.path().isEmpty() ? "<top-level>" : OptionValues.cut(layer.path()),
          count(layer.parameterCount()),
          count(layer.bufferCount()),
          layer.output().map(TensorType::shape).map(Object::toString).orElse("-"),
          layer.output().map(TensorType::dtype).map(DType::label).orElse("-"),
          tensors(layer));
    }
    return table.row(
        "Total",
        Long.toString(network.parameterCount()),
        Long.toString(network.bufferCount()),
        "-",
        "-",
        bytes(network));
  }

  private static String total(NetworkSummary network) {
    String strength =
        network.layers().stream()
            .flatMap(layer -> Stream.ofNullable(layer.buffers().get("p")))
            .filter(p -> p.shape().rank() == 0)
            .map(p -> "Probability p = " + (float) p.get(0) + "; ")
            .findFirst()
            .orElse("");
    return strength + "total: " + network.bufferCount() + " elements in buffers, " + bytes(network);
  }

  private static String bytes(NetworkSummary network) {
    return String.format(Locale.ROOT, "%,d bytes", network.bytes());
  }

  private static String count(long elements) {
    return elements == 0 ? "-" : Long.toString(elements);
  }

  private static String tensors(LayerSummary layer) {
    String buffers = layer.buffers().isEmpty() ? "" : "(" + shapes(layer.buffers()) + ")";
    return (shapes(layer.parameters()) + " " + buffers).strip();
  }

  /** {@code weight [16, 8, 3, 3], bias [16]}; types other than f32 are told. */
  private static String shapes(Map<String, HostTensor> tensors) {
    StringJoiner text = new StringJoiner(", ");
    tensors.forEach(
        (name, tensor) -> {
          Object shown = tensor.dtype() == DType.F32 ? tensor.shape() : tensor.type();
          text.add(OptionValues.cut(name) + " " + shown);
        });
    return text.toString();
  }

  /** {@code z_dim=512}, {@code mapping_kwargs.num_layers=8} and so on. */
  private static List<String> settings(Map<String, @Nullable Object> values) {
    List<String> settings = new ArrayList<>();
    values.forEach((key, value) -> addSettings(key, value, settings));
    return settings;
  }

  /**
   * Nested settings have names with dots. A name is cut before others are appended to it, which
   * could be many.
   */
  private static void addSettings(String name, @Nullable Object value, List<String> settings) {
    String key = OptionValues.cut(name);
    if (value instanceof Map<?, ?> map && !map.isEmpty()) {
      map.forEach((inner, item) -> addSettings(key + "." + inner, item, settings));
    } else {
      String shown = OptionValues.cut(JsonText.of(out -> JsonText.write(value, out)));
      settings.add(Console.oneLine(key + "=" + shown));
    }
  }

  /** Indented lines, as many settings on each as fit. */
  private static List<String> filled(List<String> settings) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(INDENT);
    for (String setting : settings) {
      if (line.length() > INDENT.length() && line.length() + 1 + setting.length() > COLUMNS) {
        lines.add(line.toString());
        line.setLength(INDENT.length());
      }
      line.append(line.length() > INDENT.length() ? " " : "").append(setting);
    }
    if (line.length() > INDENT.length()) {
      lines.add(line.toString());
    }
    return lines;
  }
}
