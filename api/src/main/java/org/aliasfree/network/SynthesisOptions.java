package org.aliasfree.network;

/**
 * How a network computes, where it has a choice.
 *
 * @param precision element types of the layers
 * @param noise where noise comes from; of no effect on networks without noise
 * @param fusedModconv whether StyleGAN2's weights are modulated for every image, rather than the
 *     features; the same result but for rounding. It is slower here, and exists to compare
 */
public record SynthesisOptions(Precision precision, NoiseMode noise, boolean fusedModconv) {
  /** f32, the network's own noise, features modulated. */
  public static final SynthesisOptions DEFAULTS =
      new SynthesisOptions(Precision.F32, NoiseMode.CONST, false);

  /** The defaults in this precision. */
  public static SynthesisOptions of(Precision precision) {
    return DEFAULTS.withPrecision(precision);
  }

  /** This with another precision. */
  public SynthesisOptions withPrecision(Precision value) {
    return new SynthesisOptions(value, noise, fusedModconv);
  }

  /** This with noise from elsewhere. */
  public SynthesisOptions withNoise(NoiseMode value) {
    return new SynthesisOptions(precision, value, fusedModconv);
  }

  /** This with weights modulated, or features. */
  public SynthesisOptions withFusedModconv(boolean value) {
    return new SynthesisOptions(precision, noise, value);
  }
}
