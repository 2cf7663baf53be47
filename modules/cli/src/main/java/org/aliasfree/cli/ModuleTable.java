package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.checkpoint.DiscriminatorFiles;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.TensorType;

/** The modules of networks in training: how large they are and what they compute. */
final class ModuleTable {
  private ModuleTable() {}

  /** A table of each network, for micro-batches of so many images. */
  static List<String> of(Generator generator, Discriminator discriminator, int batch) {
    List<String> lines = new ArrayList<>();
    lines.addAll(
        lines(
            "Generator",
            GeneratorFiles.stored(GeneratorNetwork.initial(generator, 0)),
            BuiltNetwork.outputs(generator, batch, Precision.F32)));
    lines.addAll(
        lines(
            "Discriminator",
            DiscriminatorFiles.stored(DiscriminatorNetwork.initial(discriminator, 0)),
            BuiltNetwork.outputs(discriminator, batch, Precision.F32)));
    return lines;
  }

  private static List<String> lines(
      String name, StoredNetwork stored, Map<String, TensorType> outputs) {
    List<LayerSummary> layers = NetworkSummary.layers(stored, outputs);
    TextTable table = new TextTable(false, false, false, false);
    table.row(name, "Parameters", "Buffers", "Output shape", "Datatype");
    table.row("---", "---", "---", "---", "---");
    for (LayerSummary layer : layers) {
      table.row(
          layer.path().isEmpty() ? "<top-level>" : layer.path(),
          count(layer.parameterCount()),
          count(layer.bufferCount()),
          layer.output().map(t -> t.shape().toString()).orElse("-"),
          layer.output().map(t -> t.dtype().name().toLowerCase(Locale.ROOT)).orElse("-"));
    }
    table.row("---", "---", "---", "---", "---");
    table.row(
        "Total",
        count(layers.stream().mapToLong(LayerSummary::parameterCount).sum()),
        count(layers.stream().mapToLong(LayerSummary::bufferCount).sum()),
        "-",
        "-");
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(table.lines());
    lines.add("");
    return lines;
  }

  private static String count(long elements) {
    return elements == 0 ? "-" : Long.toString(elements);
  }
}
