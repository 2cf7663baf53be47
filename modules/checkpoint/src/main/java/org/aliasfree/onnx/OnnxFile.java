package org.aliasfree.onnx;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.file.AtomicFile;
import org.aliasfree.file.ProtoMessage;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.Precision;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;

/**
 * Writes generators as ONNX models (operator set 17, everything in f32).
 *
 * <p>Inputs, all f32:
 *
 * <ul>
 *   <li>{@code z} [N, zDim], normal latents;
 *   <li>{@code label} [N, cDim], one-hot; of conditional generators only;
 *   <li>{@code psi}, truncation: one number, or numWs of them, one for each w; where the network
 *       keeps a mean of w;
 *   <li>{@code w} [N, numWs, wDim], instead of these, where {@link OnnxOptions#fromW()};
 *   <li>{@code transform} [3, 3], the inverse of the transformation wanted of the image, where
 *       {@link OnnxOptions#transform()}; otherwise the network's own is used.
 * </ul>
 *
 * <p>Output: {@code image} f32 [N, imgChannels, R, R], mostly within −1 to 1. Layers keep the names
 * that they have in graphs, such as {@code synthesis.L0_36_512}, as far as they are a node's
 * output.
 */
public final class OnnxFile {
  /** Batch sizes whose shapes tell how sizes grow; primes, so that no product happens to agree. */
  private static final int ONE_BATCH = 1009;

  private static final int OTHER_BATCH = 1013;

  private OnnxFile() {}

  /**
   * Writes a model, or replaces one in a single step.
   *
   * @throws AliasFreeException when the file cannot be written, or the model would be too large for
   *     the format, 2 GiB
   */
  public static void write(Path path, GeneratorNetwork network, OnnxOptions options) {
    ProtoMessage model = model(network, options);
    if (model.size() > Integer.MAX_VALUE) {
      throw new AliasFreeException(
          "Cannot write "
              + path
              + ": the model has "
              + model.size()
              + " bytes, but an ONNX file has 2147483647 at most.");
    }
    AtomicFile.write(path, model.segments());
  }

  private static ProtoMessage model(GeneratorNetwork network, OnnxOptions options) {
    Generator generator = network.generator();
    int batch = options.batch().orElse(ONE_BATCH);
    Graph graph = graph(generator, batch, options);
    Map<Tensor, Sizes> sizes = new HashMap<>();
    if (options.batch().isPresent()) {
      graph.nodes().forEach(n -> n.outputs().forEach(t -> sizes.put(t, Sizes.of(t.shape()))));
    } else {
      growth(graph, graph(generator, OTHER_BATCH, options), sizes);
    }
    OnnxModel model = new OnnxModel();
    Map<String, String> inputs = inputs(model, graph, sizes, network, options);
    String first = options.fromW() ? "w" : graph.inputs().containsKey("z") ? "z" : "label";
    String count =
        options.batch().isPresent()
            ? model.integers(batch)
            : model.node(
                "Shape", List.of(first), Attribute.of("start", 0L), Attribute.of("end", 1L));
    Map<Tensor, String> wishes = new LinkedHashMap<>();
    graph.names().forEach((name, tensor) -> wishes.putIfAbsent(tensor, name));
    Tensor image = Objects.requireNonNull(graph.outputs().get(Generator.IMAGE));
    wishes.remove(image);
    Translation translation =
        new Translation(
            model, sizes, wishes, inputs, count, v -> network.tensor(v).to(v.type().dtype()));
    graph.nodes().forEach(translation::add);
    model.node(model.freshName(Generator.IMAGE), "Identity", List.of(translation.of(image)));
    model.output(Generator.IMAGE, translation.sizes(image), "The image, mostly within -1 to 1.");
    return model.toMessage("generator", version());
  }

  private static Graph graph(Generator generator, int batch, OnnxOptions options) {
    SynthesisOptions how = SynthesisOptions.of(Precision.F32).withNoise(options.noise());
    Graph graph =
        options.fromW() ? generator.synthesize(batch, how) : generator.generate(batch, how);
    return Lowering.lower(graph, Translation::isTranslated);
  }

  /** The sizes of all tensors of a graph, which was built for another batch as well. */
  private static void growth(Graph graph, Graph other, Map<Tensor, Sizes> sizes) {
    if (graph.nodes().size() != other.nodes().size()) {
      throw new AliasFreeException(
          "The network is built differently for different batch sizes, so it needs a fixed one.");
    }
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node a = graph.nodes().get(i);
      Node b = other.nodes().get(i);
      for (int j = 0; j < a.outputs().size(); j++) {
        Tensor t = a.outputs().get(j);
        sizes.put(t, Sizes.of(t.shape(), ONE_BATCH, b.outputs().get(j).shape(), OTHER_BATCH));
      }
    }
  }

  /** Adds the model's inputs, and tells which value stands for each input of the graph. */
  private static Map<String, String> inputs(
      OnnxModel model,
      Graph graph,
      Map<Tensor, Sizes> sizes,
      GeneratorNetwork network,
      OnnxOptions options) {
    Map<String, Sizes> known = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Source.Input input) {
        known.put(input.inputName(), Objects.requireNonNull(sizes.get(node.outputs().getFirst())));
      }
    }
    Map<String, String> inputs = new HashMap<>();
    graph
        .inputs()
        .forEach(
            (name, input) ->
                inputs.put(
                    name,
                    input(
                        model, input, Objects.requireNonNull(known.get(name)), network, options)));
    return inputs;
  }

  private static String input(
      OnnxModel model,
      Source.Input input,
      Sizes sizes,
      GeneratorNetwork network,
      OnnxOptions options) {
    return switch (input.inputName()) {
      case "z" -> plain(model, "z", sizes, "Latents, normally distributed.");
      case "c" -> plain(model, "label", sizes, "Labels, one-hot.");
      case "ws" -> plain(model, "w", sizes, "Intermediate latents, one for each layer.");
      case "truncation" -> {
        model.input("psi", "Truncation; 1 for none. One number, or one for each w.");
        String list = model.node("Reshape", List.of("psi", model.integers(-1)));
        yield model.node("Expand", List.of(list, model.integers(input.type().shape().dim(0))));
      }
      case "transform" ->
          options.transform()
              ? plain(
                  model,
                  "transform",
                  sizes,
                  "Inverse of the transformation wanted of the image, in image widths.")
              : model.initializer(
                  "transform",
                  network.tensor(network.generator().inputTransform().orElseThrow()).to(DType.F32));
      default ->
          throw new AliasFreeException(
              "The network's input " + input.inputName() + " has no place in an ONNX model.");
    };
  }

  private static String plain(OnnxModel model, String name, Sizes sizes, String meaning) {
    model.input(name, sizes, meaning);
    return name;
  }

  private static String version() {
    var descriptor = OnnxFile.class.getModule().getDescriptor();
    return descriptor == null ? "" : descriptor.rawVersion().orElse("");
  }
}
