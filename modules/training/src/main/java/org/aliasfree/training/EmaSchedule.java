package org.aliasfree.training;

import java.util.OptionalDouble;

/**
 * How slowly the averaged generator follows the trained one.
 *
 * @param kimg half-life in thousands of images
 * @param rampUp at first the half-life is this many times the images shown so far; none for the
 *     full half-life from the start
 */
public record EmaSchedule(double kimg, OptionalDouble rampUp) {
  /** Checks the ranges. */
  public EmaSchedule {
    Checks.atLeast("ema_kimg", kimg, 0);
    rampUp.ifPresent(r -> Checks.atLeast("ema_rampup", r, 0));
  }

  /** The official choice for a batch: 10/32 kimg for each image of it, rising by 5 %. */
  public static EmaSchedule ofBatch(int batchSize) {
    return new EmaSchedule(batchSize * 10 / 32.0, OptionalDouble.of(0.05));
  }

  /** This schedule without ramping up, as when training is resumed. */
  public EmaSchedule withoutRampUp() {
    return new EmaSchedule(kimg, OptionalDouble.empty());
  }

  /**
   * How much of the average stays in this iteration: ½ to the power batch / half-life.
   *
   * @param curNimg images shown before this iteration
   */
  public double beta(long curNimg, int batchSize) {
    double images = kimg * 1000;
    if (rampUp.isPresent()) {
      images = Math.min(images, curNimg * rampUp.getAsDouble());
    }
    return Math.pow(0.5, batchSize / Math.max(images, 1e-8));
  }
}
