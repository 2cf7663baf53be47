package org.aliasfree.training.augment;

import java.util.Arrays;
import java.util.Map;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.aliasfree.training.augment.GatedDraws.Kind;

/** Draws what happens to the finished picture: gains of frequency bands, noise, cutout. */
final class CorruptionDraws {
  /** Share of the power of natural images, which falls as 1/f, in each band. */
  private static final double[] POWER = {10 / 13.0, 1 / 13.0, 1 / 13.0, 1 / 13.0};

  private CorruptionDraws() {}

  /** Each band in turn is amplified, and all are scaled so that the expected power stays. */
  static void bandGains(GatedDraws draws, Shape images, Map<AugmentInput, HostTensor> values) {
    double deviation = draws.strength(Augmentation.IMGFILTER);
    double[] gains = new double[draws.images() * POWER.length];
    Arrays.fill(gains, 1);
    for (int band = 0; band < POWER.length; band++) {
      double multiplier = draws.config().imgfilterBands().get(band);
      float probability = draws.probability(Augmentation.IMGFILTER) * (float) multiplier;
      double[] t = draws.gated(Kind.NORMAL, 1, probability, z -> Math.pow(2, z * deviation), 1);
      if (draws.percentile().isPresent() && multiplier == 0) {
        Arrays.fill(t, 1);
      }
      for (int n = 0; n < t.length; n++) {
        double scale = 1 / Math.sqrt(1 + POWER[band] * (t[n] * t[n] - 1));
        for (int b = 0; b < POWER.length; b++) {
          gains[n * POWER.length + b] *= b == band ? t[n] * scale : scale;
        }
      }
    }
    values.put(AugmentInput.BAND_GAINS, filled(AugmentInput.BAND_GAINS, images, gains));
  }

  static void noise(GatedDraws draws, Shape images, Map<AugmentInput, HostTensor> values) {
    double deviation = draws.strength(Augmentation.NOISE);
    double[] sigma = draws.values(Augmentation.NOISE, Kind.NORMAL, z -> Math.abs(z) * deviation, 0);
    if (draws.percentile().isPresent()) {
      // The percentile of |z|, not of z.
      double q = draws.percentile().getAsDouble();
      Arrays.fill(sigma, ErrorFunction.inverse(q) * deviation);
    }
    values.put(AugmentInput.NOISE_SIGMA, filled(AugmentInput.NOISE_SIGMA, images, sigma));
    values.put(AugmentInput.NOISE, draws.numbers(Kind.NORMAL, images));
  }

  static void cutout(GatedDraws draws, Shape images, Map<AugmentInput, HostTensor> values) {
    boolean[] applies = draws.applies(draws.probability(Augmentation.CUTOUT));
    HostTensor center = draws.numbers(Kind.UNIFORM, 2);
    double[] size = new double[applies.length];
    for (int n = 0; n < size.length; n++) {
      boolean cut = applies[n] || draws.percentile().isPresent();
      size[n] = cut ? draws.strength(Augmentation.CUTOUT) : 0;
    }
    draws
        .percentile()
        .ifPresent(
            q -> {
              for (long i = 0; i < center.type().elements(); i++) {
                center.set(i, q);
              }
            });
    values.put(AugmentInput.CUTOUT_SIZE, filled(AugmentInput.CUTOUT_SIZE, images, size));
    values.put(AugmentInput.CUTOUT_CENTER, center);
  }

  private static HostTensor filled(AugmentInput input, Shape images, double[] numbers) {
    HostTensor tensor = HostTensor.allocate(input.type(images));
    for (int i = 0; i < numbers.length; i++) {
      tensor.set(i, numbers[i]);
    }
    return tensor;
  }
}
