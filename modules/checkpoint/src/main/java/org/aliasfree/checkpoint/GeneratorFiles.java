package org.aliasfree.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.LayerGeometry;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.tensor.Shape;
import org.jspecify.annotations.Nullable;

/** Generators from and to network files. */
public final class GeneratorFiles {
  /** The network that generates best: the running average of G. */
  public static final String AVERAGE = "G_ema";

  private GeneratorFiles() {}

  /**
   * Reads a generator. Its tensors stay in the mapped file where they can.
   *
   * @param path one of NVIDIA's pickles, or a file in this project's own layout
   * @param name {@code G_ema} or {@code G}
   * @throws NetworkFileException when the file cannot be read, has no such network, or when that is
   *     not a StyleGAN3 generator that can be rebuilt
   */
  public static GeneratorNetwork load(Path path, String name) {
    return load(NetworkFile.read(path), name);
  }

  /** As {@link #load(Path, String)}, from a file that was read already. */
  public static GeneratorNetwork load(NetworkFile file, String name) {
    StoredNetwork stored = file.network(name);
    try {
      StyleGan3Config config = StyleGan3Keywords.config(stored);
      checkLayers(stored, config);
      return new GeneratorNetwork(new StyleGan3Generator(config), stored.tensors());
    } catch (AliasFreeException e) {
      throw new NetworkFileException(
          file.path(), -1, "in " + Quoted.bare(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * Compares the layers' largest tensors with the configuration, before the generator is made:
   * keywords that ask for huge filters or weights cost nothing unless the file has them.
   */
  private static void checkLayers(StoredNetwork stored, StyleGan3Config config) {
    for (LayerGeometry layer : config.schedule().layers()) {
      String prefix = "synthesis." + layer.name() + ".";
      long kernel = layer.convKernel();
      check(
          stored,
          prefix + "weight",
          Shape.of(layer.outChannels(), layer.inChannels(), kernel, kernel));
      if (layer.upTaps() > 1) {
        check(stored, prefix + "up_filter", Shape.of(layer.upTaps()));
      }
      if (layer.downTaps() > 1) {
        long taps = layer.downTaps();
        check(
            stored,
            prefix + "down_filter",
            layer.downRadial() ? Shape.of(taps, taps) : Shape.of(taps));
      }
    }
  }

  private static void check(StoredNetwork stored, String name, Shape expected) {
    Shape shape = stored.tensor(name).shape();
    if (!shape.equals(expected)) {
      throw new AliasFreeException(
          "The tensor \""
              + name
              + "\" has the shape "
              + shape
              + ", but the keywords give "
              + expected
              + ".");
    }
  }

  /**
   * What a file keeps of a StyleGAN3 generator, for {@link NetworkFile#write(Path, Map, Map)};
   * {@link #load} gives back the same.
   */
  public static StoredNetwork stored(GeneratorNetwork network) {
    if (!(network.generator() instanceof StyleGan3Generator generator)) {
      throw new AliasFreeException(
          "Generators of class "
              + network.generator().getClass().getName()
              + " cannot be stored; StyleGAN3 ones can.");
    }
    StyleGan3Config config = generator.config();
    List<String> layers = config.schedule().layers().stream().map(LayerGeometry::name).toList();
    Map<String, StoredModule> modules = new LinkedHashMap<>();
    modules.put("", module("Generator", StyleGan3Keywords.keywords(config), Map.of()));
    modules.put("synthesis", module("SynthesisNetwork", Map.of(), Map.of("layer_names", layers)));
    modules.put("mapping", module("MappingNetwork", Map.of(), Map.of()));
    Set<String> buffers = new LinkedHashSet<>();
    for (NetworkVariable v : generator.variables()) {
      if (!v.trainable()) {
        buffers.add(v.variable().name());
      }
    }
    return new StoredNetwork(modules, network.tensors(), buffers);
  }

  private static StoredModule module(
      String className,
      Map<String, @Nullable Object> initKwargs,
      Map<String, @Nullable Object> attributes) {
    return new StoredModule(className, List.of(), initKwargs, attributes);
  }
}
