package org.aliasfree.network;

import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Activation;

/**
 * Keywords of the mapping network, which turns z and the class label into w.
 *
 * @param numLayers fully connected layers, 0 or more
 * @param embedFeatures width of the embedded label; empty for that of w
 * @param layerFeatures width of the layers between; empty for that of w
 * @param activation of the layers
 * @param lrMultiplier factor on weights and biases at run time, which slows their learning; above 0
 * @param wAvgBeta decay of the running mean of w that truncation pulls towards, 0 to 1; empty for
 *     no such mean
 */
public record MappingConfig(
    int numLayers,
    OptionalInt embedFeatures,
    OptionalInt layerFeatures,
    Activation activation,
    double lrMultiplier,
    OptionalDouble wAvgBeta) {
  /** StyleGAN3's: 2 layers, 0.01, 0.998. */
  public static final MappingConfig STYLEGAN3 = new MappingConfig(2, 0.01, 0.998);

  /** StyleGAN2's: 8 layers, 0.01, 0.998. */
  public static final MappingConfig STYLEGAN2 = new MappingConfig(8, 0.01, 0.998);

  /** The discriminator's, for the label alone: 8 layers, 0.01, no mean. */
  public static final MappingConfig DISCRIMINATOR = STYLEGAN2.withoutMean();

  /** Checks the ranges. */
  public MappingConfig {
    ConfigChecks.range("mapping num_layers", numLayers, 0, 64);
    if (embedFeatures.isPresent()) {
      ConfigChecks.range(
          "mapping embed_features", embedFeatures.getAsInt(), 1, ConfigChecks.MAX_DIM);
    }
    if (layerFeatures.isPresent()) {
      ConfigChecks.range(
          "mapping layer_features", layerFeatures.getAsInt(), 1, ConfigChecks.MAX_DIM);
    }
    ConfigChecks.range("mapping lr_multiplier", lrMultiplier, Double.MIN_NORMAL, 1e6);
    if (wAvgBeta.isPresent()) {
      ConfigChecks.range("mapping w_avg_beta", wAvgBeta.getAsDouble(), 0, 1);
    }
  }

  /** Leaky ReLU layers as wide as w: the only kind that StyleGAN3 has. */
  public MappingConfig(int numLayers, double lrMultiplier, double wAvgBeta) {
    this(
        numLayers,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Activation.LRELU,
        lrMultiplier,
        OptionalDouble.of(wAvgBeta));
  }

  /** This without a running mean of w. */
  public MappingConfig withoutMean() {
    return new MappingConfig(
        numLayers, embedFeatures, layerFeatures, activation, lrMultiplier, OptionalDouble.empty());
  }

  /** This with all that StyleGAN3 does not let a configuration choose. */
  MappingConfig ofStyleGan3() {
    return new MappingConfig(
        numLayers, lrMultiplier, wAvgBeta.orElse(STYLEGAN3.wAvgBeta.orElseThrow()));
  }

  /** Fails where there is no layer that could give w the width it should have. */
  void requireOutputs(int zDim, int cDim, int wDim) {
    int outputs = outputs(zDim, cDim, wDim);
    if (outputs != wDim) {
      throw new AliasFreeException(
          "A mapping network without layers gives "
              + outputs
              + " components, but "
              + wDim
              + " are needed; change embed_features or num_layers.");
    }
  }

  private int outputs(int zDim, int cDim, int wDim) {
    return numLayers > 0 ? wDim : zDim + (cDim == 0 ? 0 : embedFeatures.orElse(wDim));
  }

  /** Parameters of a mapping network of this kind. */
  long parameterCount(long zDim, long cDim, long wDim) {
    long embedded = cDim == 0 ? 0 : embedFeatures.orElse((int) wDim);
    long inner = layerFeatures.orElse((int) wDim);
    long parameters = (cDim + 1) * embedded;
    long inputs = zDim + embedded;
    for (int i = 0; i < numLayers; i++) {
      long outputs = i == numLayers - 1 ? wDim : inner;
      parameters += (inputs + 1) * outputs;
      inputs = outputs;
    }
    return parameters;
  }
}
