package org.aliasfree.checkpoint;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * Writes networks as one of NVIDIA's pickles, which the original's Python code loads. Every module
 * is a persistent object: source of its class, name of its class, state. The source is this
 * project's own ({@link NetworkSource}), and makes a network from its constructor keywords; so
 * networks are written with the keywords, modules and tensors that they have when rebuilt here.
 */
final class NetworkPickle {
  /** What the original's loader insists on, in the order of its snapshots. */
  private static final List<String> NEEDED = List.of("G", DiscriminatorFiles.NAME, "G_ema");

  private static final String SETTINGS = "training_set_kwargs";
  private static final List<String> ORDER =
      List.of("G", DiscriminatorFiles.NAME, "G_ema", AugmentPipeFiles.NAME, SETTINGS);

  private final ChannelOutput out;
  private final PickleWriter pickle;

  private NetworkPickle(ChannelOutput out) throws IOException {
    this.out = out;
    pickle = new PickleWriter(out, 4);
  }

  /**
   * What to write.
   *
   * @throws AliasFreeException when networks are missing, cannot be rebuilt, or a setting has no
   *     form in a file
   */
  static AtomicFile.Content content(
      Map<String, StoredNetwork> networks, Map<String, @Nullable Object> entries) {
    List<String> missing = NEEDED.stream().filter(name -> !networks.containsKey(name)).toList();
    if (!missing.isEmpty()) {
      throw new AliasFreeException(
          "The networks cannot be written as a pickle without "
              + String.join(" and ", missing)
              + ": programs that load pickles expect "
              + String.join(", ", NEEDED)
              + ". A safetensors file takes any of them.");
    }
    Map<String, StoredNetwork> rebuilt = new LinkedHashMap<>();
    networks.forEach((name, network) -> rebuilt.put(name, rebuilt(name, network)));
    checkEntries(networks, entries);
    return ChannelOutput.content(out -> new NetworkPickle(out).write(rebuilt, entries));
  }

  private static StoredNetwork rebuilt(String name, StoredNetwork network) {
    try {
      return switch (name) {
        case "G", "G_ema" -> GeneratorFiles.stored(GeneratorFiles.rebuilt(network));
        case DiscriminatorFiles.NAME ->
            DiscriminatorFiles.stored(DiscriminatorFiles.rebuilt(network));
        case AugmentPipeFiles.NAME -> AugmentPipeFiles.checked(network);
        default ->
            throw new AliasFreeException(
                "pickles have the networks G, D, G_ema and augment_pipe, and none of this name.");
      };
    } catch (AliasFreeException e) {
      throw new AliasFreeException(
          "The network " + Quoted.of(name) + " cannot be written into a pickle: " + e.getMessage(),
          e);
    }
  }

  private static void checkEntries(
      Map<String, StoredNetwork> networks, Map<String, @Nullable Object> entries) {
    NetworkSafetensors.checkStorable(entries, "entries");
    for (String name : entries.keySet()) {
      boolean pipe = name.equals(AugmentPipeFiles.NAME) && entries.get(name) != null;
      if (networks.containsKey(name) || pipe) {
        throw new AliasFreeException("The setting " + Quoted.of(name) + " is named as a network.");
      }
    }
    Object settings = entries.get(SETTINGS);
    if (settings != null && !(settings instanceof Map)) {
      throw new AliasFreeException(
          "The setting "
              + SETTINGS
              + " is "
              + Quoted.of(settings.toString())
              + "; keywords or None are expected.");
    }
  }

  private void write(Map<String, StoredNetwork> networks, Map<String, @Nullable Object> entries)
      throws IOException {
    List<String> names = new ArrayList<>(ORDER);
    names.removeIf(name -> !networks.containsKey(name) && !entries.containsKey(name));
    entries.keySet().stream().filter(name -> !ORDER.contains(name)).forEach(names::add);
    pickle.dict(
        () -> {
          for (String name : names) {
            StoredNetwork network = networks.get(name);
            pickle.entry(
                name,
                () -> {
                  if (network == null) {
                    pickle.value(entries.get(name));
                  } else {
                    module("", network, NetworkSource.of(network).text());
                  }
                });
          }
        });
    pickle.stop();
  }

  private void module(String path, StoredNetwork network, String source) throws IOException {
    pickle.call(
        "torch_utils.persistence",
        "_reconstruct_persistent_obj",
        () ->
            pickle.dict(
                () -> {
                  pickle.entry("type", () -> pickle.text("class"));
                  pickle.entry("version", () -> pickle.integer(NetworkDialect.PERSISTENCE_VERSION));
                  pickle.entry("module_src", () -> pickle.text(source));
                  pickle.entry("class_name", () -> pickle.text(network.module(path).className()));
                  pickle.entry("state", () -> pickle.dict(() -> state(path, network, source)));
                }));
  }

  private void state(String path, StoredNetwork network, String source) throws IOException {
    StoredModule module = network.module(path);
    for (Map.Entry<String, @Nullable Object> attribute : module.attributes().entrySet()) {
      pickle.entry(attribute.getKey(), () -> pickle.value(attribute.getValue()));
    }
    pickle.entry("training", () -> pickle.value(false));
    pickle.entry("_parameters", () -> pickle.dict(() -> tensors(path, network, false)));
    pickle.entry("_buffers", () -> pickle.dict(() -> tensors(path, network, true)));
    pickle.entry("_modules", () -> pickle.dict(() -> children(path, network, source)));
    pickle.entry("_init_args", () -> pickle.tuple(() -> arguments(module)));
    pickle.entry("_init_kwargs", () -> pickle.value(module.initKwargs()));
  }

  private void arguments(StoredModule module) throws IOException {
    for (Object argument : module.initArgs()) {
      pickle.value(argument);
    }
  }

  private void tensors(String path, StoredNetwork network, boolean buffers) throws IOException {
    for (Map.Entry<String, HostTensor> entry : network.tensors().entrySet()) {
      String name = entry.getKey();
      if (parent(name).equals(path) && network.buffers().contains(name) == buffers) {
        pickle.text(name.substring(name.lastIndexOf('.') + 1));
        if (buffers) {
          TorchTensor.write(pickle, out, entry.getValue());
        } else {
          TorchTensor.writeParameter(pickle, out, entry.getValue());
        }
      }
    }
  }

  private void children(String path, StoredNetwork network, String source) throws IOException {
    for (String child : network.modules().keySet()) {
      if (!child.isEmpty() && parent(child).equals(path)) {
        pickle.entry(
            child.substring(child.lastIndexOf('.') + 1), () -> module(child, network, source));
      }
    }
  }

  private static String parent(String name) {
    return name.substring(0, Math.max(name.lastIndexOf('.'), 0));
  }
}
