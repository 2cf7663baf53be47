package org.aliasfree.training.augment;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Run;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;

/**
 * What was drawn for a batch: the values of the pipe's inputs. Draws are made in the order of
 * {@link Augmentation}, first the value and then whether it applies; only cutout asks first whether
 * and then where.
 *
 * @param values by input, just those that the configuration needs
 */
public record AugmentDraws(Map<AugmentInput, HostTensor> values) {
  /** Keeps its own map. */
  public AugmentDraws {
    Map<AugmentInput, HostTensor> copy = new EnumMap<>(AugmentInput.class);
    copy.putAll(values);
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * Draws for a batch.
   *
   * @param images shape of the batch, [N, C, H, W]
   * @param p overall strength, 0 or more; an augmentation happens with the probability multiplier ·
   *     p, and always from 1 on
   */
  public static AugmentDraws draw(
      AugmentConfig config, Shape images, double p, ImageRandom random) {
    return draw(config, images, p, random, OptionalDouble.empty());
  }

  /**
   * Makes every augmentation happen with the value at one percentile of its distribution, the same
   * for all images, as the official pipe's {@code debug_percentile} does: instead of a normal
   * number z, erfinv(2q − 1) is used. Numbers are drawn all the same, and those of the noise are
   * used.
   *
   * @param percentile q, between 0 and 1 without these
   */
  public static AugmentDraws atPercentile(
      AugmentConfig config, Shape images, double percentile, ImageRandom random) {
    if (!(percentile > 0 && percentile < 1)) {
      throw new AliasFreeException(
          "The augmentation percentile must lie between 0 and 1, without these, but it is "
              + percentile
              + ".");
    }
    return draw(config, images, 1, random, OptionalDouble.of(percentile));
  }

  private static AugmentDraws draw(
      AugmentConfig config, Shape images, double p, ImageRandom random, OptionalDouble percentile) {
    AugmentInput.checkImages(config, images);
    if (!(p >= 0)) {
      throw new AliasFreeException(
          "The strength p of augmentation must be 0 or more, not " + p + ".");
    }
    GatedDraws draws = new GatedDraws(config, images.intDim(0), (float) p, random, percentile);
    Map<AugmentInput, HostTensor> values = new EnumMap<>(AugmentInput.class);
    if (config.hasGeometry()) {
      GeometryDraws.draw(draws, images, values);
    }
    if (config.hasColor(images.dim(1))) {
      ColorDraws.draw(draws, images, values);
    }
    if (config.has(Augmentation.IMGFILTER)) {
      CorruptionDraws.bandGains(draws, images, values);
    }
    if (config.has(Augmentation.NOISE)) {
      CorruptionDraws.noise(draws, images, values);
    }
    if (config.has(Augmentation.CUTOUT)) {
      CorruptionDraws.cutout(draws, images, values);
    }
    return new AugmentDraws(values);
  }

  /**
   * Binds the values to the inputs that {@link AugmentPipe#apply} made in a pass of this prefix.
   */
  public void bind(Run run, String prefix) {
    values.forEach((input, value) -> run.bind(prefix + input.label(), value));
  }
}
