package org.aliasfree.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;

/**
 * The sliced Wasserstein distance of two sets of images by their patches (Karras et al.,
 * <i>Progressive Growing of GANs</i>, 2018, section 5): the descriptors of a level are projected on
 * {@value #DIRECTIONS} random unit directions; along each the distance is that of two sets of
 * numbers; the mean over directions, times 1000, is the distance of the level.
 *
 * <p>Sets of different sizes are compared by their quantiles, exactly: see {@link
 * Wasserstein#distance}. The directions are drawn by the seed of the sets. All arithmetic has a
 * fixed order, so that the numbers are the same on every machine, for any number of threads and any
 * order of the images.
 */
public final class SlicedWasserstein {
  /**
   * Name of the features and of all else that decides the number. Numbers of different names cannot
   * be compared.
   */
  public static final String FEATURES = "swd7x7-v1";

  /** Directions for each level. */
  public static final int DIRECTIONS = 512;

  /** Directions that are projected on together, so that descriptors come from memory once. */
  private static final int TOGETHER = 4;

  private static final int PIECES = DIRECTIONS / TOGETHER;

  private SlicedWasserstein() {}

  /** The number that {@link #distance} tells its progress in the end. */
  public static int pieces(PatchDescriptors set) {
    return set.levels().size() * PIECES;
  }

  /**
   * The distances of two sets.
   *
   * @param a of images of the same type and with the same seed as {@code b}
   * @param threads 1 or more; the result does not depend on them
   * @param progress told the number of pieces done, up to {@link #pieces}, growing, never by two
   *     threads at once
   */
  public static LevelDistances distance(
      PatchDescriptors a, PatchDescriptors b, int threads, IntConsumer progress) {
    if (!a.imageType().equals(b.imageType()) || a.seed() != b.seed()) {
      throw new AliasFreeException(
          "Cannot compare images of "
              + a.imageType()
              + " with seed "
              + a.seed()
              + " with images of "
              + b.imageType()
              + " with seed "
              + b.seed()
              + "; both must be the same.");
    }
    List<LevelDistances.Level> levels = new ArrayList<>();
    for (int l = 0; l < a.levels().size(); l++) {
      int before = l * PIECES;
      DescriptorLevel one = a.levels().get(l);
      DescriptorLevel other = b.levels().get(l);
      float[][] directions = directions(a.seed(), one);
      double[] distances = new double[DIRECTIONS];
      Parallel.run(
          PIECES,
          threads,
          done -> progress.accept(before + done),
          piece -> measure(one, other, directions, piece * TOGETHER, distances));
      levels.add(new LevelDistances.Level(one.size(), 1000 * mean(distances)));
    }
    return new LevelDistances(levels);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  /** Unit vectors evenly spread over the sphere; the random stream is minus the level's size. */
  private static float[][] directions(long seed, DescriptorLevel level) {
    float[][] directions = new float[DIRECTIONS][level.dimension()];
    HostTensor drawn = DescriptorCollector.heap(level.dimension());
    for (int d = 0; d < DIRECTIONS; d++) {
      ImageRandom.philox((int) seed, -level.size(), d).normal(drawn);
      double square = 0;
      for (int i = 0; i < level.dimension(); i++) {
        square += drawn.get(i) * drawn.get(i);
      }
      for (int i = 0; i < level.dimension(); i++) {
        directions[d][i] = (float) (drawn.get(i) / Math.sqrt(square));
      }
    }
    return directions;
  }

  private static void measure(
      DescriptorLevel a, DescriptorLevel b, float[][] directions, int first, double[] distances) {
    float[][] some = Arrays.copyOfRange(directions, first, first + TOGETHER);
    float[][] ofA = Projection.of(a, some);
    float[][] ofB = Projection.of(b, some);
    for (int d = 0; d < TOGETHER; d++) {
      Arrays.sort(ofA[d]);
      Arrays.sort(ofB[d]);
      distances[first + d] = Wasserstein.distance(ofA[d], ofB[d]);
    }
  }
}
