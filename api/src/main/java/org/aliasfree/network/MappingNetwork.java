package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.Shape;
import org.aliasfree.tensor.TensorType;

/**
 * The mapping network: from a latent z and a label c to the intermediate latent w, one copy for
 * each use by the synthesis network (Karras et al. 2019, 2021). A discriminator maps its label
 * alone.
 *
 * @param zDim components of z; 0 for a label alone
 * @param cDim classes of the label; 0 for none
 * @param wAvg running mean of w, [wDim], which truncation pulls towards; may be absent
 * @param wAvgBeta its decay
 * @param embed embeds the label; absent in unconditional networks
 * @param layers fully connected layers
 * @param numWs copies of w
 */
public record MappingNetwork(
    int zDim,
    int cDim,
    Optional<NetworkVariable> wAvg,
    double wAvgBeta,
    Optional<FullyConnected> embed,
    List<FullyConnected> layers,
    int numWs) {

  /** Keeps its own list. */
  public MappingNetwork {
    layers = List.copyOf(layers);
  }

  /** The mapping network of a configuration; its variables are called {@code mapping.…}. */
  static MappingNetwork of(MappingConfig config, int zDim, int cDim, int wDim, int numWs) {
    boolean conditional = cDim > 0;
    int embedded = conditional ? config.embedFeatures().orElse(wDim) : 0;
    List<FullyConnected> layers = new ArrayList<>();
    long inputs = (long) zDim + embedded;
    for (int i = 0; i < config.numLayers(); i++) {
      int outputs = i == config.numLayers() - 1 ? wDim : config.layerFeatures().orElse(wDim);
      layers.add(
          FullyConnected.of(
              "mapping.fc" + i, inputs, outputs, config.activation(), config.lrMultiplier(), 1, 0));
      inputs = outputs;
    }
    return new MappingNetwork(
        zDim,
        cDim,
        config.wAvgBeta().isPresent()
            ? Optional.of(NetworkVariable.buffer("mapping.w_avg", Initializer.constant(0), wDim))
            : Optional.empty(),
        config.wAvgBeta().orElse(1),
        conditional
            ? Optional.of(
                FullyConnected.of("mapping.embed", cDim, embedded, Activation.LINEAR, 1, 1, 0))
            : Optional.empty(),
        layers,
        numWs);
  }

  /** {@link #apply(Tensor, Tensor, ForwardPass)} of the inputs {@code z} and {@code c}. */
  Tensor apply(int batch, ForwardPass pass) {
    return apply(
        Ops.input("z", TensorType.f32(batch, zDim)),
        Ops.input("c", TensorType.f32(batch, cDim)),
        pass);
  }

  /**
   * w. Names {@code mapping.embed}, {@code mapping.fc0} … and {@code w}.
   *
   * @param z latents [N, zDim]; not looked at where zDim is 0
   * @param c labels [N, cDim]; not looked at where cDim is 0
   * @return w [N, wDim]
   */
  public Tensor apply(Tensor z, Tensor c, ForwardPass pass) {
    List<Tensor> parts = new ArrayList<>();
    if (zDim > 0) {
      parts.add(normalizeSecondMoment(z));
    }
    if (embed.isPresent()) {
      Tensor y = pass.name("mapping.embed", embed.get().apply(c, pass));
      parts.add(normalizeSecondMoment(y));
    }
    Tensor x = Ops.concat(1, parts);
    for (int i = 0; i < layers.size(); i++) {
      x = pass.name("mapping.fc" + i, layers.get(i).apply(x, pass));
    }
    return pass.name("w", x);
  }

  /** ws with truncation by the input {@code truncation}, where there is a mean of w. */
  Tensor broadcast(Tensor w, ForwardPass pass) {
    return broadcast(w, Ops.input("truncation", TensorType.f32(numWs)), pass);
  }

  /**
   * One copy of w for each use, pulled towards the mean of w. Names {@code mapping}.
   *
   * @param w [N, wDim]
   * @param truncation [numWs]: how much of w is kept rather than the mean, for each copy; 1 keeps w
   *     to the last bit. Not looked at where there is no mean
   * @return ws [N, numWs, wDim]
   */
  public Tensor broadcast(Tensor w, Tensor truncation, ForwardPass pass) {
    Tensor ws = copies(w);
    if (wAvg.isPresent()) {
      Tensor mean = pass.mean(wAvg.get(), w.mean(0), wAvgBeta);
      ws = Ops.lerp(mean.reshape(1, 1, w.dim(1)), ws, truncation.reshape(1, numWs, 1));
    }
    return pass.name("mapping", ws);
  }

  /**
   * One copy of w for each use, none pulled towards the mean of w; a pass that updates running
   * means takes w into it. Names {@code mapping}.
   *
   * @param w [N, wDim]
   * @return ws [N, numWs, wDim]
   */
  public Tensor repeat(Tensor w, ForwardPass pass) {
    wAvg.ifPresent(mean -> pass.mean(mean, w.mean(0), wAvgBeta));
    return pass.name("mapping", copies(w));
  }

  private Tensor copies(Tensor w) {
    return w.reshape(w.dim(0), 1, w.dim(1)).expand(Shape.of(w.dim(0), numWs, w.dim(1)));
  }

  /** The i-th w, [N, wDim], of ws [N, numWs, wDim]. */
  static Tensor copy(Tensor ws, int i) {
    return ws.slice(1, i, 1).reshape(ws.dim(0), ws.dim(2));
  }

  /** x / √(mean(x²) + 1e-8), each sample by itself. */
  public static Tensor normalizeSecondMoment(Tensor x) {
    return x.mul(x.square().mean(1).add(1e-8).rsqrt());
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>();
    wAvg.ifPresent(all::add);
    embed.ifPresent(e -> all.addAll(e.variables()));
    layers.forEach(layer -> all.addAll(layer.variables()));
    return all;
  }
}
