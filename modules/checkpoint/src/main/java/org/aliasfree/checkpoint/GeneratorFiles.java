package org.aliasfree.checkpoint;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.LayerGeometry;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan2Generator;
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
   * The generator of a file that generates best, {@link #AVERAGE}.
   *
   * @param path one of NVIDIA's pickles, or a file in this project's own layout
   * @throws NetworkFileException as {@link #load(Path, String)}
   */
  public static GeneratorNetwork load(Path path) {
    return load(path, AVERAGE);
  }

  /**
   * The generator of a network in a jar.
   *
   * @throws NetworkFileException when it is missing or damaged
   */
  public static GeneratorNetwork load(BundledNetwork network) {
    return load(BundledNetworks.read(network), AVERAGE);
  }

  /**
   * Reads a generator. Its tensors stay in the mapped file where they can.
   *
   * @param path one of NVIDIA's pickles, or a file in this project's own layout
   * @param name {@code G_ema} or {@code G}
   * @throws NetworkFileException when the file cannot be read, has no such network, or when that is
   *     not a generator of StyleGAN3 or StyleGAN2 that can be rebuilt
   */
  public static GeneratorNetwork load(Path path, String name) {
    return load(NetworkFile.read(path), name);
  }

  /** As {@link #load(Path, String)}, from a file that was read already. */
  public static GeneratorNetwork load(NetworkFile file, String name) {
    return file.network(name, GeneratorFiles::rebuilt);
  }

  static GeneratorNetwork rebuilt(StoredNetwork stored) {
    return new GeneratorNetwork(generator(stored), stored.tensors());
  }

  private static Generator generator(StoredNetwork stored) {
    return switch (stored.kind()) {
      case STYLEGAN3_GENERATOR -> {
        StyleGan3Config config = StyleGan3Keywords.config(stored);
        checkLayers(stored, config);
        yield new StyleGan3Generator(config);
      }
      case STYLEGAN2_GENERATOR -> new StyleGan2Generator(StyleGan2Keywords.config(stored));
      case DISCRIMINATOR ->
          throw new AliasFreeException(
              "The network is a discriminator, not a generator; choose G_ema or G.");
      case OTHER ->
          throw new AliasFreeException(
              "The network, of class "
                  + Quoted.bare(stored.className())
                  + ", is not a generator of StyleGAN2 or StyleGAN3.");
    };
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
   * What a file keeps of a generator, for {@link NetworkFile#write(Path, Map, Map)}; {@link #load}
   * gives back the same.
   */
  public static StoredNetwork stored(GeneratorNetwork network) {
    Generator generator = network.generator();
    Map<String, @Nullable Object> keywords;
    Map<String, @Nullable Object> synthesis = sizes(generator);
    synthesis.remove("z_dim");
    synthesis.remove("c_dim");
    MappingConfig mapping;
    switch (generator) {
      case StyleGan3Generator g -> {
        keywords = StyleGan3Keywords.keywords(g.config());
        mapping = g.config().mapping();
        var layers = g.config().schedule().layers();
        synthesis.put("layer_names", layers.stream().map(LayerGeometry::name).toList());
      }
      case StyleGan2Generator g -> {
        keywords = StyleGan2Keywords.keywords(g.config());
        mapping = g.config().mapping();
        var blocks = g.blocks().stream().map(block -> (Object) (long) block.resolution());
        synthesis.put("block_resolutions", blocks.toList());
      }
      default ->
          throw new AliasFreeException(
              "Generators of class "
                  + generator.getClass().getName()
                  + " cannot be stored; those of StyleGAN3 and StyleGAN2 can.");
    }
    NetworkModules modules = new NetworkModules("Generator", keywords, sizes(generator));
    modules.add("synthesis", synthesis);
    modules.add("mapping", mapping(generator, mapping));
    return modules.withTensors(generator.variables(), network.tensors());
  }

  private static Map<String, @Nullable Object> sizes(Generator generator) {
    Map<String, @Nullable Object> sizes = new LinkedHashMap<>();
    sizes.put("z_dim", (long) generator.zDim());
    sizes.put("c_dim", (long) generator.cDim());
    sizes.put("w_dim", (long) generator.wDim());
    sizes.put("img_resolution", (long) generator.imgResolution());
    sizes.put("img_channels", (long) generator.imgChannels());
    sizes.put("num_ws", (long) generator.numWs());
    return sizes;
  }

  private static Map<String, @Nullable Object> mapping(Generator generator, MappingConfig config) {
    Map<String, @Nullable Object> attributes = sizes(generator);
    attributes.remove("img_resolution");
    attributes.remove("img_channels");
    attributes.put("num_layers", (long) config.numLayers());
    attributes.put("w_avg_beta", MappingKeywords.orNone(config.wAvgBeta()));
    return attributes;
  }
}
