package org.aliasfree.network;

/**
 * Keywords of the mapping network, which turns z and the class label into w.
 *
 * @param numLayers fully connected layers, 1 or more
 * @param lrMultiplier factor on weights and biases at run time, which slows their learning; above 0
 * @param wAvgBeta decay of the running mean of w that truncation pulls towards, 0 to 1
 */
public record MappingConfig(int numLayers, double lrMultiplier, double wAvgBeta) {
  /** StyleGAN3's: 2 layers, 0.01, 0.998. */
  public static final MappingConfig STYLEGAN3 = new MappingConfig(2, 0.01, 0.998);

  /** Checks the ranges. */
  public MappingConfig {
    ConfigChecks.range("mapping num_layers", numLayers, 1, 64);
    ConfigChecks.range("mapping lr_multiplier", lrMultiplier, Double.MIN_NORMAL, 1e6);
    ConfigChecks.range("mapping w_avg_beta", wAvgBeta, 0, 1);
  }
}
