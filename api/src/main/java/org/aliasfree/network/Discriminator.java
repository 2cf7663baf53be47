package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.TensorType;

/**
 * StyleGAN2's discriminator, which StyleGAN3 uses unchanged: how real an image looks (Karras et al.
 * 2020, 2021). It holds no values of its variables; see {@link DiscriminatorNetwork}.
 */
public final class Discriminator {
  /** Name of the input with images [N, imgChannels, R, R], f32, mostly within −1 to 1. */
  public static final String IMAGE = "image";

  /** Name of the output with logits [N, 1], f32; above 0 is rather real. */
  public static final String LOGITS = "logits";

  private final DiscriminatorConfig config;
  private final List<DiscriminatorBlock> blocks;
  private final Optional<MappingNetwork> mapping;
  private final DiscriminatorEpilogue epilogue;
  private final List<NetworkVariable> variables;

  /** The discriminator of a configuration. */
  public Discriminator(DiscriminatorConfig config) {
    this.config = config;
    List<DiscriminatorBlock> built = new ArrayList<>();
    int layers = 0;
    for (int r = config.imgResolution(); r > 4; r /= 2) {
      built.add(DiscriminatorBlock.of(r, layers, config));
      layers += built.getLast().numLayers();
    }
    blocks = List.copyOf(built);
    mapping =
        config.cDim() == 0
            ? Optional.empty()
            : Optional.of(
                MappingNetwork.of(config.mapping(), 0, config.cDim(), config.mappedLabels(), 1));
    epilogue = DiscriminatorEpilogue.of(config);
    List<NetworkVariable> all = new ArrayList<>();
    blocks.forEach(block -> all.addAll(block.variables()));
    mapping.ifPresent(m -> all.addAll(m.variables()));
    all.addAll(epilogue.variables());
    variables = List.copyOf(all);
  }

  /** The configuration. */
  public DiscriminatorConfig config() {
    return config;
  }

  /** The blocks, highest resolution first. */
  public List<DiscriminatorBlock> blocks() {
    return blocks;
  }

  /** The last layers. */
  public DiscriminatorEpilogue epilogue() {
    return epilogue;
  }

  /** From the label to what logits are compared with; conditional networks only. */
  public Optional<MappingNetwork> mapping() {
    return mapping;
  }

  /** All variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    return variables;
  }

  /**
   * Logits [N, 1].
   *
   * @param image [N, imgChannels, R, R]
   * @param c labels [N, cDim]; not looked at where cDim is 0
   */
  public Tensor apply(Tensor image, Tensor c, ForwardPass pass) {
    DiscriminatorBlock.State state = new DiscriminatorBlock.State(null, image);
    for (DiscriminatorBlock block : blocks) {
      state = block.apply(state, pass);
    }
    return epilogue.apply(state, mapping.map(m -> m.apply(c, c, pass)), pass);
  }

  /**
   * From {@link #IMAGE} and, in a conditional network, the labels {@code c} [N, cDim], to {@link
   * #LOGITS}; inner tensors have the names of the layers in network files.
   */
  public Graph classify(int batch, Precision precision) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, SynthesisOptions.of(precision));
    int size = config.imgResolution();
    Tensor image = Ops.input(IMAGE, TensorType.f32(batch, config.imgChannels(), size, size));
    Tensor c = Ops.input("c", TensorType.f32(batch, config.cDim()));
    return graph.output(LOGITS, apply(image, c, pass)).build();
  }
}
