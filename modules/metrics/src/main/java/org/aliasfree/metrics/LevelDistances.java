package org.aliasfree.metrics;

import java.util.List;

/**
 * What {@link SlicedWasserstein} measured: a distance for each level of the pyramid, times 1000.
 *
 * @param levels from the smallest size to that of the images
 */
public record LevelDistances(List<Level> levels) {
  /**
   * The distance of one level.
   *
   * @param size height and width of the level in pixels
   * @param distance 0 or more, times 1000
   */
  public record Level(int size, double distance) {}

  /** Copies the list. */
  public LevelDistances {
    levels = List.copyOf(levels);
  }

  /** The mean over levels, times 1000: the number that is quoted. */
  public double mean() {
    return levels.stream().mapToDouble(Level::distance).sum() / levels.size();
  }
}
