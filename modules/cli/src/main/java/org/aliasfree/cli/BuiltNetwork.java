package org.aliasfree.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.DiscriminatorFiles;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.TensorType;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a network once it has been built from a file.
 *
 * @param keywords all keywords of its constructor, with the values they have
 * @param outputs what its modules compute for one image, by their paths; the network's own result
 *     under the empty path
 */
record BuiltNetwork(Map<String, @Nullable Object> keywords, Map<String, TensorType> outputs) {
  /**
   * Builds it.
   *
   * @throws AliasFreeException that says why it cannot be
   */
  static BuiltNetwork of(NetworkFile file, String name, StoredNetwork stored) {
    return switch (stored.kind()) {
      case STYLEGAN3_GENERATOR, STYLEGAN2_GENERATOR -> generator(GeneratorFiles.load(file, name));
      case DISCRIMINATOR -> discriminator(DiscriminatorFiles.load(file, name));
      case OTHER ->
          throw new AliasFreeException(
              "It is neither a generator nor a discriminator of StyleGAN2 or StyleGAN3.");
    };
  }

  private static BuiltNetwork generator(GeneratorNetwork network) {
    return new BuiltNetwork(
        GeneratorFiles.stored(network).initKwargs(),
        outputs(network.generator(), 1, Precision.OFFICIAL_F16));
  }

  private static BuiltNetwork discriminator(DiscriminatorNetwork network) {
    return new BuiltNetwork(
        DiscriminatorFiles.stored(network).initKwargs(),
        outputs(network.discriminator(), 1, Precision.OFFICIAL_F16));
  }

  /** What the modules of a generator compute for so many images. */
  static Map<String, TensorType> outputs(Generator generator, int batch, Precision precision) {
    SynthesisOptions options = SynthesisOptions.of(precision);
    Map<String, TensorType> outputs = types(generator.generate(batch, options));
    TensorType image = Objects.requireNonNull(outputs.remove(Generator.IMAGE));
    outputs.put("", image);
    outputs.put("synthesis", image);
    addStyles(generator.variables(), batch, outputs);
    return outputs;
  }

  /** What the modules of a discriminator compute for so many images. */
  static Map<String, TensorType> outputs(
      Discriminator discriminator, int batch, Precision precision) {
    Map<String, TensorType> outputs = types(discriminator.classify(batch, precision));
    TensorType logits = Objects.requireNonNull(outputs.remove(Discriminator.LOGITS));
    outputs.put("", logits);
    outputs.put("b4", logits);
    return outputs;
  }

  private static Map<String, TensorType> types(Graph graph) {
    Map<String, TensorType> types = new LinkedHashMap<>();
    graph.names().forEach((name, tensor) -> types.put(name, tensor.type()));
    return types;
  }

  /** Styles have no names in graphs: each affine layer makes one from one w, in f32. */
  private static void addStyles(
      List<NetworkVariable> variables, int batch, Map<String, TensorType> outputs) {
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      if (name.endsWith(".affine.weight")) {
        String path = name.substring(0, name.lastIndexOf('.'));
        outputs.putIfAbsent(path, TensorType.f32(batch, v.variable().type().shape().dim(0)));
      }
    }
  }
}
