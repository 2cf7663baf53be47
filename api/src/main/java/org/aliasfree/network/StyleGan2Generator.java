package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.graph.Tensor;
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

  @Override
  public Tensor image(Tensor ws, ForwardPass pass) {
    StyleGan2Block.State state = new StyleGan2Block.State(null, null);
    int offset = 0;
    for (StyleGan2Block block : blocks) {
      state = block.apply(state, ws, offset, pass);
      offset += block.numConv();
    }
    return Objects.requireNonNull(state.image());
  }

  @Override
  public int wDim() {
    return config.wDim();
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
  public boolean hasNoise() {
    return config.useNoise();
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
  public Tensor image(Tensor ws, Tensor transform, ForwardPass pass) {
    return image(ws, pass);
  }
}
