package org.aliasfree.training;

import java.util.OptionalInt;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.Precision;

/**
 * How the graphs of training are put together.
 *
 * @param microBatch images of one run; gradients of several runs add up
 * @param precision element types of the networks
 * @param loss what is minimised
 * @param generatorAdam the generator's optimiser, before it is adjusted for lazy regularisation
 * @param discriminatorAdam the discriminator's
 * @param generatorRegInterval iterations between two of the generator's regulariser; absent to
 *     regularise in each iteration, in the same step as the main loss
 * @param discriminatorRegInterval the discriminator's
 * @param frozen parameters of the generator that do not learn, by name; the discriminator's own
 *     configuration says how many of its layers are frozen
 */
public record TrainingConfig(
    int microBatch,
    Precision precision,
    LossConfig loss,
    AdamOptions generatorAdam,
    AdamOptions discriminatorAdam,
    OptionalInt generatorRegInterval,
    OptionalInt discriminatorRegInterval,
    Set<String> frozen) {
  /** Checks the ranges. */
  public TrainingConfig {
    frozen = Set.copyOf(frozen);
    Checks.atLeast("batch_gpu", microBatch, 1);
    generatorRegInterval.ifPresent(n -> Checks.atLeast("G_reg_interval", n, 1));
    discriminatorRegInterval.ifPresent(n -> Checks.atLeast("D_reg_interval", n, 1));
    if (loss.plWeight() > 0 && microBatch < loss.plBatchShrink()) {
      throw new AliasFreeException(
          "Path lengths are taken of 1/"
              + loss.plBatchShrink()
              + " of the batch_gpu of "
              + microBatch
              + ", which leaves no image; use a larger batch_gpu or pl_weight 0.");
    }
  }

  /** As the official training command for StyleGAN3, without blur. */
  public static TrainingConfig stylegan3(int microBatch, double r1Gamma) {
    return new TrainingConfig(
        microBatch,
        Precision.F32,
        LossConfig.stylegan3(r1Gamma),
        AdamOptions.of(0.0025),
        AdamOptions.of(0.002),
        OptionalInt.empty(),
        OptionalInt.of(16),
        Set.of());
  }

  /** As the official training command for StyleGAN2. */
  public static TrainingConfig stylegan2(int microBatch, double r1Gamma) {
    return new TrainingConfig(
        microBatch,
        Precision.F32,
        LossConfig.stylegan2(r1Gamma),
        AdamOptions.of(0.002),
        AdamOptions.of(0.002),
        OptionalInt.of(4),
        OptionalInt.of(16),
        Set.of());
  }

  /** This with another loss. */
  public TrainingConfig withLoss(LossConfig value) {
    return new TrainingConfig(
        microBatch,
        precision,
        value,
        generatorAdam,
        discriminatorAdam,
        generatorRegInterval,
        discriminatorRegInterval,
        frozen);
  }

  /** This with other rates of learning. */
  public TrainingConfig withAdam(AdamOptions generator, AdamOptions discriminator) {
    return new TrainingConfig(
        microBatch,
        precision,
        loss,
        generator,
        discriminator,
        generatorRegInterval,
        discriminatorRegInterval,
        frozen);
  }

  /** This with other parameters of the generator frozen. */
  public TrainingConfig withFrozen(Set<String> names) {
    return new TrainingConfig(
        microBatch,
        precision,
        loss,
        generatorAdam,
        discriminatorAdam,
        generatorRegInterval,
        discriminatorRegInterval,
        names);
  }

  /** This in another precision. */
  public TrainingConfig withPrecision(Precision value) {
    return new TrainingConfig(
        microBatch,
        value,
        loss,
        generatorAdam,
        discriminatorAdam,
        generatorRegInterval,
        discriminatorRegInterval,
        frozen);
  }
}
