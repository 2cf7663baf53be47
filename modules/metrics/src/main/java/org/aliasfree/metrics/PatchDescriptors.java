package org.aliasfree.metrics;

import java.util.List;
import org.aliasfree.tensor.TensorType;

/**
 * What {@link SlicedWasserstein} compares of a set of images: 7×7 patches of each level of their
 * Laplacian pyramids, each channel normalised over the set. A {@link DescriptorCollector} makes
 * them.
 */
public final class PatchDescriptors {
  private final TensorType imageType;
  private final int images;
  private final long seed;
  private final List<DescriptorLevel> levels;

  PatchDescriptors(TensorType imageType, int images, long seed, List<DescriptorLevel> levels) {
    this.imageType = imageType;
    this.images = images;
    this.seed = seed;
    this.levels = levels;
  }

  /** Type of the images: u8 [channels, resolution, resolution]. */
  public TensorType imageType() {
    return imageType;
  }

  /** How many images there were. */
  public int images() {
    return images;
  }

  /** Descriptors of each level. */
  public int count() {
    return levels.getFirst().count();
  }

  /** What places and directions are drawn by. */
  public long seed() {
    return seed;
  }

  /** Levels, the smallest size first. */
  List<DescriptorLevel> levels() {
    return levels;
  }
}
