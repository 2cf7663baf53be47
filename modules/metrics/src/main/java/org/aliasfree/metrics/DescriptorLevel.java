package org.aliasfree.metrics;

import java.util.Arrays;

/**
 * The descriptors of one level: patches as columns of a matrix, so that projecting many of them is
 * a loop over neighbouring numbers.
 */
final class DescriptorLevel {
  /** Height and width of a patch in pixels. */
  static final int PATCH = 7;

  private static final int AREA = PATCH * PATCH;

  /** Grey levels squared; a channel that varies less is taken for constant. */
  private static final double LEAST_VARIANCE = 1e-6;

  private final int size;
  private final int channels;
  private final int count;
  private final float[] values;
  private final double[][] sums;
  private final double[][] squares;

  /**
   * Room for descriptors.
   *
   * @param size height and width of the level
   * @param images how many there are
   * @param perImage descriptors of each
   */
  DescriptorLevel(int size, int channels, int images, int perImage) {
    this.size = size;
    this.channels = channels;
    count = images * perImage;
    values = new float[channels * AREA * count];
    sums = new double[channels][images];
    squares = new double[channels][images];
  }

  /** Height and width of the level in pixels. */
  int size() {
    return size;
  }

  /** Numbers in a descriptor. */
  int dimension() {
    return channels * AREA;
  }

  /** Number of descriptors. */
  int count() {
    return count;
  }

  /** [dimension, count]: element (i, n) is number i of descriptor n. */
  float[] values() {
    return values;
  }

  /**
   * Copies the patches of an image. Threads may do so for different images at once.
   *
   * @param image number of the image
   * @param level [channels, size, size]
   * @param places left and top of each patch in turn, 0 to size − 7
   */
  void put(int image, float[] level, int[] places) {
    int patches = places.length / 2;
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      double square = 0;
      for (int p = 0; p < patches; p++) {
        int column = image * patches + p;
        for (int i = 0; i < AREA; i++) {
          int y = places[2 * p + 1] + i / PATCH;
          int x = places[2 * p] + i % PATCH;
          float value = level[(c * size + y) * size + x];
          values[(c * AREA + i) * count + column] = value;
          sum += value;
          square += (double) value * value;
        }
      }
      sums[c][image] = sum;
      squares[c][image] = square;
    }
  }

  /** Gives each channel, over all descriptors, the mean 0 and the standard deviation 1. */
  void normalise() {
    for (int c = 0; c < channels; c++) {
      double mean = total(sums[c]) / ((double) count * AREA);
      double variance = total(squares[c]) / ((double) count * AREA) - mean * mean;
      float shift = (float) mean;
      float factor = variance < LEAST_VARIANCE ? 0 : (float) (1 / Math.sqrt(variance));
      int end = (c + 1) * AREA * count;
      for (int i = c * AREA * count; i < end; i++) {
        values[i] = (values[i] - shift) * factor;
      }
    }
  }

  /** A sum that does not depend on the order of the images. */
  private static double total(double[] ofImages) {
    double[] sorted = ofImages.clone();
    Arrays.sort(sorted);
    double sum = 0;
    for (double value : sorted) {
      sum += value;
    }
    return sum;
  }
}
