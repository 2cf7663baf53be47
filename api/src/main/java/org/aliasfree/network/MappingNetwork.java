package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.Shape;

/**
 * The mapping network: from a latent z and a label c to the intermediate latent w, one copy for
 * each use by the synthesis network (Karras et al. 2019, 2021).
 *
 * @param wAvg running mean of w, [wDim], which truncation pulls towards
 * @param wAvgBeta its decay
 * @param embed embeds the label; absent in unconditional networks
 * @param layers fully connected layers
 * @param numWs copies of w
 */
public record MappingNetwork(
    NetworkVariable wAvg,
    double wAvgBeta,
    Optional<FullyConnected> embed,
    List<FullyConnected> layers,
    int numWs) {

  /** Keeps its own list. */
  public MappingNetwork {
    layers = List.copyOf(layers);
  }

  /** The mapping network of a configuration; its variables are called {@code mapping.…}. */
  static MappingNetwork of(StyleGan3Config config) {
    int wDim = config.wDim();
    boolean conditional = config.cDim() > 0;
    double rate = config.mapping().lrMultiplier();
    List<FullyConnected> layers = new ArrayList<>();
    long inputs = (long) config.zDim() + (conditional ? wDim : 0);
    for (int i = 0; i < config.mapping().numLayers(); i++) {
      layers.add(FullyConnected.of("mapping.fc" + i, inputs, wDim, Activation.LRELU, rate, 1, 0));
      inputs = wDim;
    }
    return new MappingNetwork(
        NetworkVariable.buffer("mapping.w_avg", Initializer.constant(0), wDim),
        config.mapping().wAvgBeta(),
        conditional
            ? Optional.of(
                FullyConnected.of("mapping.embed", config.cDim(), wDim, Activation.LINEAR, 1, 1, 0))
            : Optional.empty(),
        layers,
        config.numWs());
  }

  /**
   * Names {@code mapping.embed}, {@code mapping.fc0} …, {@code w} and {@code mapping}.
   *
   * @param z latents [N, zDim]
   * @param c labels [N, cDim]; not looked at where cDim is 0
   * @param truncation [numWs]: how much of w is kept rather than the mean, for each copy; 1 keeps w
   *     to the last bit
   * @return ws [N, numWs, wDim]
   */
  public Tensor apply(Tensor z, Tensor c, Tensor truncation, ForwardPass pass) {
    Tensor x = normalizeSecondMoment(z);
    if (embed.isPresent()) {
      Tensor y = pass.name("mapping.embed", embed.get().apply(c));
      x = Ops.concat(1, List.of(x, normalizeSecondMoment(y)));
    }
    for (int i = 0; i < layers.size(); i++) {
      x = pass.name("mapping.fc" + i, layers.get(i).apply(x));
    }
    pass.name("w", x);
    long n = x.dim(0);
    long width = x.dim(1);
    Tensor mean = pass.mean(wAvg.variable(), x.mean(0), wAvgBeta);
    Tensor ws =
        Ops.lerp(
            mean.reshape(1, 1, width),
            x.reshape(n, 1, width).expand(Shape.of(n, numWs, width)),
            truncation.reshape(1, numWs, 1));
    return pass.name("mapping", ws);
  }

  /** x / √(mean(x²) + 1e-8), each sample by itself. */
  public static Tensor normalizeSecondMoment(Tensor x) {
    return x.mul(x.square().mean(1).add(1e-8).rsqrt());
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>();
    all.add(wAvg);
    embed.ifPresent(e -> all.addAll(e.variables()));
    layers.forEach(layer -> all.addAll(layer.variables()));
    return all;
  }
}
