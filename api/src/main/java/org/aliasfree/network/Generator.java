package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * A generator as a function that builds graphs: what it is called with, what it is made of, and
 * what it computes. It holds no values of its variables; see {@link GeneratorNetwork}.
 *
 * <p>Inputs of the graphs, all f32:
 *
 * <ul>
 *   <li>{@code z} [N, zDim], normal latents;
 *   <li>{@code c} [N, cDim], one-hot labels; conditional generators only;
 *   <li>{@code truncation} [numWs]: for each w how much of it is kept rather than the mean w; only
 *       where {@link #hasMeanW()};
 *   <li>{@code ws} [N, numWs, wDim] where synthesis stands alone;
 *   <li>{@code transform} [3, 3]: the inverse of the transformation wanted of the image; only where
 *       {@link #hasInputTransform()};
 *   <li>{@code noise.<layer>} [N, 1, size, size] normal values, for each layer with noise; only
 *       with {@link NoiseMode#RANDOM}.
 * </ul>
 *
 * <p>Outputs and inner tensors have names: {@code image} [N, imgChannels, R, R] (f32, mostly within
 * −1 to 1), {@code mapping} (ws, after truncation), {@code w} (before, [N, wDim]), and each layer
 * by its name in the network file, such as {@code mapping.fc0} {@code synthesis.L0_36_512} or
 * {@code synthesis.b8.conv0}.
 */
public interface Generator {
  /** Name of the output with the image. */
  String IMAGE = "image";

  /** Name of the tensor with ws after truncation. */
  String MAPPING = "mapping";

  /** What the names of inputs with noise begin with. */
  String NOISE = "noise.";

  /** From z and c to ws. */
  MappingNetwork mapping();

  /** Components of z. */
  default int zDim() {
    return mapping().zDim();
  }

  /** Classes of the label; 0 for an unconditional generator. */
  default int cDim() {
    return mapping().cDim();
  }

  /** Components of w. */
  int wDim();

  /** How many w an image takes. */
  default int numWs() {
    return mapping().numWs();
  }

  /** Height and width of the image in pixels. */
  int imgResolution();

  /** Channels of the image. */
  int imgChannels();

  /** Whether the image can be moved and turned by {@code transform}. */
  default boolean hasInputTransform() {
    return inputTransform().isPresent();
  }

  /** Whether there is noise for {@link NoiseMode} to choose. */
  boolean hasNoise();

  /** Whether there is a mean of w that truncation can pull towards. */
  default boolean hasMeanW() {
    return mapping().wAvg().isPresent();
  }

  /** All variables, in the order of network files. */
  List<NetworkVariable> variables();

  /** The variable that holds the default of {@code transform}, where there is such an input. */
  Optional<Variable> inputTransform();

  /**
   * The image, f32 [N, imgChannels, R, R], mostly within −1 to 1.
   *
   * @param ws [N, numWs, wDim]
   * @param transform [3, 3]; not looked at where there is no such input
   */
  Tensor image(Tensor ws, Tensor transform, ForwardPass pass);

  /**
   * The image, f32 [N, imgChannels, R, R], mostly within −1 to 1; where there is a transform, at
   * the one that the network's variable holds.
   *
   * @param ws [N, numWs, wDim]
   */
  Tensor image(Tensor ws, ForwardPass pass);

  /** From z (and c) to the image. */
  default Graph generate(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    Tensor ws = mapping().broadcast(mapping().apply(batch, pass), pass);
    return graph
        .output(IMAGE, image(ws, Ops.input("transform", TensorType.f32(3, 3)), pass))
        .build();
  }

  /** From ws to the image. */
  default Graph synthesize(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    Tensor ws = Ops.input("ws", TensorType.f32(batch, numWs(), wDim()));
    return graph
        .output(IMAGE, image(ws, Ops.input("transform", TensorType.f32(3, 3)), pass))
        .build();
  }

  /** From z (and c) to the image, with the network's own noise. */
  default Graph generate(int batch, Precision precision) {
    return generate(batch, SynthesisOptions.of(precision));
  }

  /** From ws to the image, with the network's own noise. */
  default Graph synthesize(int batch, Precision precision) {
    return synthesize(batch, SynthesisOptions.of(precision));
  }

  /** From z (and c) to ws. */
  default Graph map(int batch) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, SynthesisOptions.DEFAULTS);
    Tensor ws = mapping().broadcast(mapping().apply(batch, pass), pass);
    return graph.output(MAPPING, ws).build();
  }

  /**
   * The tensors of {@link #generate} that can be asked for by name, in the order they are computed.
   */
  default List<String> layerNames() {
    return List.copyOf(generate(1, Precision.F32).names().keySet());
  }

  /**
   * The full name of a layer that may be given without {@code synthesis.} or {@code mapping.}:
   * {@code L0_36_512} is {@code synthesis.L0_36_512}.
   *
   * @throws AliasFreeException naming all layers, if there is none of this name
   */
  default String layerName(String layer) {
    List<String> names = layerNames();
    List<String> candidates = new ArrayList<>(List.of(layer, "synthesis." + layer));
    candidates.add("mapping." + layer);
    for (String candidate : candidates) {
      if (names.contains(candidate)) {
        return candidate;
      }
    }
    throw new AliasFreeException(
        "The network has no layer called \""
            + layer
            + "\"; it has "
            + String.join(", ", names)
            + ".");
  }
}
