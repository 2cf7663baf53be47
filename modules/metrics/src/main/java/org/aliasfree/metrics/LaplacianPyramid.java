package org.aliasfree.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * The Laplacian pyramid of an image (Burt and Adelson, <i>The Laplacian Pyramid as a Compact Image
 * Code</i>, 1983): the image made smaller by half again and again, the smallest as it is, and each
 * larger one less what the next smaller one tells of it. Each level shows structures of one size.
 *
 * <p>An image is halved by the filter (1, 4, 6, 4, 1)/16 along both axes and every second sample,
 * from the first; it is doubled by zeros after each sample and twice the same filter. Beyond its
 * edges an image goes on mirrored, the samples at the edge not repeated.
 */
final class LaplacianPyramid {
  /** No level is smaller. */
  static final int SMALLEST = 16;

  private LaplacianPyramid() {}

  /** Heights and widths of the levels in pixels, the smallest first. */
  static List<Integer> sizes(int resolution) {
    List<Integer> sizes = new ArrayList<>(List.of(resolution));
    for (int size = resolution; size % 2 == 0 && size / 2 >= SMALLEST; size /= 2) {
      sizes.addFirst(size / 2);
    }
    return sizes;
  }

  /**
   * The levels of an image, the smallest first.
   *
   * @param image [channels, resolution, resolution]
   * @return for each of {@link #sizes} values [channels, size, size]; upwards, each doubled and
   *     added to the next, they give the image
   */
  static List<float[]> of(float[] image, int channels, int resolution) {
    List<float[]> levels = new ArrayList<>();
    float[] current = image;
    for (int size = resolution; size % 2 == 0 && size / 2 >= SMALLEST; size /= 2) {
      float[] smaller = halved(current, channels, size);
      levels.addFirst(difference(current, doubled(smaller, channels, size / 2)));
      current = smaller;
    }
    levels.addFirst(current);
    return levels;
  }

  private static float[] difference(float[] a, float[] b) {
    float[] result = new float[a.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = a[i] - b[i];
    }
    return result;
  }

  /**
   * An image of half the size.
   *
   * @param image [channels, size, size], the size even
   */
  static float[] halved(float[] image, int channels, int size) {
    int half = size / 2;
    float[] narrow = new float[channels * size * half];
    for (int row = 0; row < channels * size; row++) {
      for (int x = 0; x < half; x++) {
        int at = row * size;
        narrow[row * half + x] =
            filtered(
                image[at + mirrored(2 * x - 2, size)],
                image[at + mirrored(2 * x - 1, size)],
                image[at + 2 * x],
                image[at + mirrored(2 * x + 1, size)],
                image[at + mirrored(2 * x + 2, size)]);
      }
    }
    float[] small = new float[channels * half * half];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < half; y++) {
        int first = c * size;
        int a = (first + mirrored(2 * y - 2, size)) * half;
        int b = (first + mirrored(2 * y - 1, size)) * half;
        int m = (first + 2 * y) * half;
        int d = (first + mirrored(2 * y + 1, size)) * half;
        int e = (first + mirrored(2 * y + 2, size)) * half;
        int to = (c * half + y) * half;
        for (int x = 0; x < half; x++) {
          small[to + x] =
              filtered(narrow[a + x], narrow[b + x], narrow[m + x], narrow[d + x], narrow[e + x]);
        }
      }
    }
    return small;
  }

  private static float filtered(float a, float b, float middle, float d, float e) {
    return ((a + e) + 4 * (b + d) + 6 * middle) * (1 / 16f);
  }

  private static int mirrored(int i, int size) {
    return i < 0 ? -i : i >= size ? 2 * size - 2 - i : i;
  }

  /**
   * An image of twice the size.
   *
   * @param image [channels, size, size], the size 2 or more
   */
  static float[] doubled(float[] image, int channels, int size) {
    int twice = 2 * size;
    float[] wide = new float[channels * size * twice];
    for (int row = 0; row < channels * size; row++) {
      int from = row * size;
      for (int x = 0; x < size; x++) {
        float before = image[from + (x == 0 ? 1 : x - 1)];
        float here = image[from + x];
        float after = image[from + Math.min(x + 1, size - 1)];
        wide[row * twice + 2 * x] = between(before, here, after);
        wide[row * twice + 2 * x + 1] = (here + after) * 0.5f;
      }
    }
    float[] large = new float[channels * twice * twice];
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < size; y++) {
        int before = (c * size + (y == 0 ? 1 : y - 1)) * twice;
        int here = (c * size + y) * twice;
        int after = (c * size + Math.min(y + 1, size - 1)) * twice;
        int to = (c * twice + 2 * y) * twice;
        for (int x = 0; x < twice; x++) {
          large[to + x] = between(wide[before + x], wide[here + x], wide[after + x]);
          large[to + twice + x] = (wide[here + x] + wide[after + x]) * 0.5f;
        }
      }
    }
    return large;
  }

  private static float between(float before, float here, float after) {
    return ((before + after) + 6 * here) * 0.125f;
  }
}
