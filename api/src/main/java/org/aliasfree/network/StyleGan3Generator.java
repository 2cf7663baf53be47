package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.Variable;

/**
 * The StyleGAN3 generator of a configuration (Karras et al., <i>Alias-Free Generative Adversarial
 * Networks</i>, 2021), T or R or anything between.
 */
public final class StyleGan3Generator implements Generator {
  private final StyleGan3Config config;
  private final MappingNetwork mapping;
  private final SynthesisNetwork synthesis;
  private final List<NetworkVariable> variables;
  private final List<String> layerNames;

  /** The generator of a configuration; designs its filters, but holds no weights. */
  public StyleGan3Generator(StyleGan3Config config) {
    this.config = config;
    mapping =
        MappingNetwork.of(
            config.mapping(), config.zDim(), config.cDim(), config.wDim(), config.numWs());
    synthesis = SynthesisNetwork.of(config);
    List<NetworkVariable> all = new ArrayList<>(synthesis.variables());
    all.addAll(mapping.variables());
    variables = List.copyOf(all);
    layerNames = List.copyOf(generate(1, Precision.F32).names().keySet());
  }

  /** The configuration. */
  public StyleGan3Config config() {
    return config;
  }

  @Override
  public MappingNetwork mapping() {
    return mapping;
  }

  /** From ws to the image. */
  public SynthesisNetwork synthesis() {
    return synthesis;
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
  public List<NetworkVariable> variables() {
    return variables;
  }

  @Override
  public boolean hasNoise() {
    return false;
  }

  @Override
  public Optional<Variable> inputTransform() {
    return Optional.of(synthesis.input().transform().variable());
  }

  @Override
  public List<String> layerNames() {
    return layerNames;
  }

  @Override
  public Tensor image(Tensor ws, ForwardPass pass) {
    return image(ws, pass.read(synthesis.input().transform()), pass);
  }

  @Override
  public Tensor image(Tensor ws, Tensor transform, ForwardPass pass) {
    return synthesis.apply(ws, transform, pass);
  }
}
