package org.aliasfree.data;

import java.util.OptionalInt;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;

/**
 * How a data set is looked at.
 *
 * @param useLabels whether {@code dataset.json} is read; without, items have labels of no elements
 * @param resolution height and width that the images must have; empty: those of the first image
 * @param maxSize at most so many images, drawn by {@code randomSeed} without replacement; empty:
 *     all
 * @param xflip whether every image counts a second time, mirrored left to right
 * @param mirrorVertically whether everything counts a second time, mirrored top to bottom
 * @param randomSeed seed of the draw for {@code maxSize}, 0 to 2<sup>32</sup> − 1
 */
public record DatasetOptions(
    boolean useLabels,
    OptionalInt resolution,
    OptionalInt maxSize,
    boolean xflip,
    boolean mirrorVertically,
    long randomSeed) {
  /** All images once, without labels. */
  public static final DatasetOptions DEFAULT =
      new DatasetOptions(false, OptionalInt.empty(), OptionalInt.empty(), false, false, 0);

  /** Checks the ranges. */
  public DatasetOptions {
    if (resolution.isPresent() && resolution.getAsInt() < 1) {
      throw new AliasFreeException(
          "The resolution of a data set must be 1 or more, not " + resolution.getAsInt() + ".");
    }
    if (maxSize.isPresent() && maxSize.getAsInt() < 1) {
      throw new AliasFreeException(
          "A data set cannot be cut to "
              + maxSize.getAsInt()
              + " images; the largest number of images must be 1 or more.");
    }
    if (randomSeed < 0 || randomSeed > RandomState.MAX_SEED) {
      throw new AliasFreeException(
          "The random seed of a data set is "
              + randomSeed
              + "; it must be from 0 to "
              + RandomState.MAX_SEED
              + ".");
    }
  }

  /** These options with or without labels. */
  public DatasetOptions withLabels(boolean use) {
    return new DatasetOptions(use, resolution, maxSize, xflip, mirrorVertically, randomSeed);
  }

  /** These options with a resolution that the images must have. */
  public DatasetOptions withResolution(int pixels) {
    return new DatasetOptions(
        useLabels, OptionalInt.of(pixels), maxSize, xflip, mirrorVertically, randomSeed);
  }

  /** These options for at most so many images. */
  public DatasetOptions withMaxSize(int images) {
    return new DatasetOptions(
        useLabels, resolution, OptionalInt.of(images), xflip, mirrorVertically, randomSeed);
  }

  /** These options with or without mirroring left to right. */
  public DatasetOptions withXflip(boolean flip) {
    return new DatasetOptions(useLabels, resolution, maxSize, flip, mirrorVertically, randomSeed);
  }

  /** These options with or without mirroring top to bottom. */
  public DatasetOptions withVerticalMirror(boolean mirror) {
    return new DatasetOptions(useLabels, resolution, maxSize, xflip, mirror, randomSeed);
  }

  /** These options with another seed. */
  public DatasetOptions withRandomSeed(long seed) {
    return new DatasetOptions(useLabels, resolution, maxSize, xflip, mirrorVertically, seed);
  }
}
