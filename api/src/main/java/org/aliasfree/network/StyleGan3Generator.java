package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.TensorType;
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
    return true;
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
  public boolean hasMeanW() {
    return true;
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
    return synthesis.apply(ws, pass.read(synthesis.input().transform()), pass);
  }

  @Override
  public Graph generate(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    Tensor image = synthesis.apply(ws(batch, pass), transform(), pass);
    return graph.output(IMAGE, image).build();
  }

  @Override
  public Graph synthesize(int batch, SynthesisOptions options) {
    Graph.Builder graph = Graph.builder();
    ForwardPass pass = ForwardPass.inference(graph, options);
    Tensor ws = Ops.input("ws", TensorType.f32(batch, numWs(), wDim()));
    return graph.output(IMAGE, synthesis.apply(ws, transform(), pass)).build();
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

  private static Tensor transform() {
    return Ops.input("transform", TensorType.f32(3, 3));
  }
}
