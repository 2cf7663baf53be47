package org.aliasfree.backend.cpu.reference;

import java.util.ArrayList;
import java.util.List;

/**
 * One axis of a warp. Positions at the doubled rate are counted from the first pixel of the image:
 * pixel i is sample 2i.
 */
final class WarpAxis {
  private final int size;
  private final int before;
  private final int after;
  private final double[] taps;

  /**
   * @param size pixels of the image
   * @param before pixels of its mirror image before it; {@code after} it
   * @param taps of the low-pass filter
   */
  WarpAxis(int size, int before, int after, double[] taps) {
    this.size = size;
    this.before = before;
    this.after = after;
    this.taps = taps;
  }

  int size() {
    return size;
  }

  /** Output pixels that are computed and cropped again on each side. */
  private int border() {
    return taps.length / 4;
  }

  /** Sampled points, at the doubled rate. */
  int points() {
    return 2 * (size + 2 * border());
  }

  /** Samples of the padded, up-sampled image. */
  int upSize() {
    return 2 * (before + size + after);
  }

  /** Where a point lies from the centre of the output, in pixels. */
  double fromCentre(int point) {
    return (point - (points() - 1) / 2.0 + 0.5) / 2;
  }

  /** The sample, counted from the first of the padded image, at a distance from the centre. */
  double sample(double fromCentre) {
    return 2 * fromCentre + size - 1 + 2 * before;
  }

  /** Reflects, puts a zero after each pixel, and convolves with twice the filter. */
  LineMap up() {
    int reach = (taps.length + 1) / 2;
    int[][] from = new int[upSize()][];
    double[][] weight = new double[upSize()][];
    for (int j = 0; j < upSize(); j++) {
      List<Integer> pixels = new ArrayList<>();
      List<Double> weights = new ArrayList<>();
      for (int k = 0; k < taps.length; k++) {
        int position = j + k - reach;
        if (position >= 0 && position % 2 == 0 && position < upSize()) {
          pixels.add(reflected(position / 2 - before));
          weights.add(2 * taps[taps.length - 1 - k]);
        }
      }
      from[j] = pixels.stream().mapToInt(i -> i).toArray();
      weight[j] = weights.stream().mapToDouble(w -> w).toArray();
    }
    return new LineMap(size, from, weight);
  }

  private int reflected(int i) {
    int mirrored = Math.abs(i);
    return Math.min(mirrored, 2 * (size - 1) - mirrored);
  }

  /** Correlates with the filter, keeps every second result, crops. */
  LineMap down() {
    int first = 2 * border() - (taps.length - 1) / 2;
    int[][] from = new int[size][];
    double[][] weight = new double[size][];
    for (int j = 0; j < size; j++) {
      List<Integer> points = new ArrayList<>();
      List<Double> weights = new ArrayList<>();
      for (int k = 0; k < taps.length; k++) {
        int point = 2 * j + k + first;
        if (point >= 0 && point < points()) {
          points.add(point);
          weights.add(taps[k]);
        }
      }
      from[j] = points.stream().mapToInt(i -> i).toArray();
      weight[j] = weights.stream().mapToDouble(w -> w).toArray();
    }
    return new LineMap(points(), from, weight);
  }
}
