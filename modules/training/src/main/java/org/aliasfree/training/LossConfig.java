package org.aliasfree.training;

/**
 * What is minimised.
 *
 * @param r1Gamma weight of R1, at least 0; 0 for none
 * @param styleMixingProb probability of style mixing, 0 to 1; 0 leaves it out of the graphs
 * @param plWeight weight of path length regularisation, at least 0; 0 for none
 * @param plBatchShrink how many times smaller its batch is
 * @param plDecay how much of a new mean of path lengths is taken in, 0 to 1
 * @param blur blurring of what the discriminator sees
 */
public record LossConfig(
    double r1Gamma,
    double styleMixingProb,
    double plWeight,
    int plBatchShrink,
    double plDecay,
    BlurFade blur) {
  /** Checks the ranges. */
  public LossConfig {
    Checks.atLeast("r1_gamma", r1Gamma, 0);
    Checks.range("style_mixing_prob", styleMixingProb, 0, 1);
    Checks.atLeast("pl_weight", plWeight, 0);
    Checks.atLeast("pl_batch_shrink", plBatchShrink, 1);
    Checks.range("pl_decay", plDecay, 0, 1);
  }

  /** As the official training command for StyleGAN3 (R adds a {@linkplain #withBlur blur}). */
  public static LossConfig stylegan3(double r1Gamma) {
    return new LossConfig(r1Gamma, 0, 0, 2, 0.01, BlurFade.NONE);
  }

  /** As the official training command for StyleGAN2. */
  public static LossConfig stylegan2(double r1Gamma) {
    return new LossConfig(r1Gamma, 0.9, 2, 2, 0.01, BlurFade.NONE);
  }

  /** This with another blur. */
  public LossConfig withBlur(BlurFade value) {
    return new LossConfig(r1Gamma, styleMixingProb, plWeight, plBatchShrink, plDecay, value);
  }
}
