package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.NetworkFileException;
import org.aliasfree.checkpoint.StoredModule;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * What a network file tells of one of its networks.
 *
 * @param name {@code G_ema}
 * @param kind generator, discriminator or other
 * @param className its Python class
 * @param keywords the constructor's: all of them with the values they have where the network can be
 *     built, else those in the file
 * @param layers the modules that hold tensors or compute something, in the order of the file
 * @param note why the network cannot be built; empty when it can
 */
record NetworkSummary(
    String name,
    StoredNetwork.Kind kind,
    String className,
    Map<String, @Nullable Object> keywords,
    List<LayerSummary> layers,
    Optional<String> note) {

  /**
   * Reads it.
   *
   * @throws NetworkFileException when the file has no such network or it is damaged
   */
  static NetworkSummary of(NetworkFile file, String name) {
    StoredNetwork stored = file.network(name);
    Map<String, @Nullable Object> keywords = stored.initKwargs();
    Map<String, TensorType> outputs = Map.of();
    Optional<String> note = Optional.empty();
    try {
      BuiltNetwork built = BuiltNetwork.of(file, name, stored);
      keywords = built.keywords();
      outputs = built.outputs();
    } catch (AliasFreeException e) {
      note = Optional.of(reason(e));
    }
    return new NetworkSummary(
        name, stored.kind(), stored.className(), keywords, layers(stored, outputs), note);
  }

  /** Without the file's and the network's name, which are said already. */
  private static String reason(AliasFreeException e) {
    boolean wrapped = e instanceof NetworkFileException;
    Throwable cause = e.getCause();
    return String.valueOf(
        wrapped && cause instanceof AliasFreeException ? cause.getMessage() : e.getMessage());
  }

  /** The modules that hold tensors or compute something. */
  static List<LayerSummary> layers(StoredNetwork stored, Map<String, TensorType> outputs) {
    Map<String, Map<String, HostTensor>> parameters = new LinkedHashMap<>();
    Map<String, Map<String, HostTensor>> buffers = new LinkedHashMap<>();
    Set<String> paths = new LinkedHashSet<>(stored.modules().keySet());
    stored
        .tensors()
        .forEach(
            (name, tensor) -> {
              int dot = name.lastIndexOf('.');
              String path = name.substring(0, Math.max(dot, 0));
              paths.add(path);
              (stored.buffers().contains(name) ? buffers : parameters)
                  .computeIfAbsent(path, p -> new LinkedHashMap<>())
                  .put(name.substring(dot + 1), tensor);
            });
    List<LayerSummary> layers = new ArrayList<>();
    for (String path : paths) {
      StoredModule module = stored.modules().get(path);
      LayerSummary layer =
          new LayerSummary(
              path,
              module == null ? "" : module.className(),
              parameters.getOrDefault(path, Map.of()),
              buffers.getOrDefault(path, Map.of()),
              Optional.ofNullable(outputs.get(path)));
      if (layer.output().isPresent()
          || !layer.parameters().isEmpty()
          || !layer.buffers().isEmpty()) {
        layers.add(layer);
      }
    }
    return layers;
  }

  /** Elements of all parameters. */
  long parameterCount() {
    return layers.stream().mapToLong(LayerSummary::parameterCount).sum();
  }

  /** Elements of all buffers. */
  long bufferCount() {
    return layers.stream().mapToLong(LayerSummary::bufferCount).sum();
  }

  /** Bytes of all tensors. */
  long bytes() {
    return layers.stream().mapToLong(LayerSummary::bytes).sum();
  }
}
