package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * The StyleGAN2 generator of a configuration (Karras et al., <i>Analyzing and Improving the Image
 * Quality of StyleGAN</i>, 2020).
 */
public final class StyleGan2Generator implements Generator {
  private final StyleGan2Config config;
  private final MappingNetwork mapping;
  private final List<StyleGan2Block> blocks;
  private final List<NetworkVariable> variables;
  private final List<String> layerNames;

  /** The generator of a configuration; it holds no weights. */
  public StyleGan2Generator(StyleGan2Config config) {
    this.config = config;
    mapping =
        MappingNetwork.of(
            config.mapping(), config.zDim(), config.cDim(), config.wDim(), config.numWs());
    List<StyleGan2Block> built = new ArrayList<>();
    for (int r = 4; r <= config.imgResolution(); r *= 2) {
      built.add(StyleGan2Block.of(r, config));
    }
    blocks = List.copyOf(built);
    List<NetworkVariable> all = new ArrayList<>();
    blocks.forEach(block -> all.addAll(block.variables()));
    all.addAll(mapping.variables());
    variables = List.copyOf(all);
    layerNames = List.copyOf(generate(1, SynthesisOptions.DEFAULTS).names().keySet());
  }

  /** The configuration. */
  public StyleGan2Config config() {
    return config;
  }

  @Override
  public MappingNetwork mapping() {
    return mapping;
  }

  /** The synthesis network, lowest resolution first. */
  public List<StyleGan2Block> blocks() {
    return blocks;
  }

  /**
   * The image, f32 [N, imgChannels, R, R], mostly within −1 to 1.
   *
   * @param ws [N, numWs, wDim]
   */
  public Tensor synthesis(Tensor ws, ForwardPass pass) {
    StyleGan2Block.State state = new StyleGan2Block.State(null, null);
    int offset = 0;
    for (StyleGan2Block block : blocks) {
      state = block.apply(state, ws, offset, pass);
      offset += block.numConv();
    }
    return Objects.requireNonNull(state.image());
  }

  @Override
  public int zDim() {
    return config.zDim();
  }

  @Override
  public int cDim() {
    return config.cDim();
  }

  @Override
  public int wDim() {
    return config.wDim();
  }

  @Override
  public int numWs() {
    return config.numWs();
  }

  @Override
  public int imgResolution() {
    return config.imgResolution();
  }

  @Override
  public int imgChannels() {
    return config.imgChannels();
  }

  @Override
  public boolean hasInputTransform() {
    return false;
  }

  @Override
  public boolean hasNoise() {
    return config.useNoise();
  }

  @Override
  public boolean hasMeanW() {
    return mapping.wAvg().isPresent();
  }

  @Override
  public List<NetworkVariable> variables() {
    return variables;
  }

  @Override
  public Optional<Variable> inputTransform() {
    return Optional.empty();
  }

  @Override
  public List<String> layerNames() {
    return layerNames;
  }

  @Override
  public Tensor image(Tensor ws, ForwardPass pass) {
    return synthesis(ws, pass);
  }

  @Override
  public Graph generate(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    return graph.output(IMAGE, synthesis(ws(batch, pass), pass)).build();
  }

  @Override
  public Graph synthesize(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    Tensor ws = Ops.input("ws", TensorType.f32(batch, numWs(), wDim()));
    return graph.output(IMAGE, synthesis(ws, pass)).build();
  }

  @Override
  public Graph map(int batch) {
    Graph.Builder graph = Graph.builder();
    Tensor ws = ws(batch, ForwardPass.inference(graph, SynthesisOptions.DEFAULTS));
    return graph.output(MAPPING, ws).build();
  }

  private Tensor ws(int batch, ForwardPass pass) {
    return mapping.broadcast(mapping.apply(batch, pass), pass);
  }
}
