package org.aliasfree.backend.tornado.device;

/**
 * Where elements lie. Numbers of ways and axes are compiled in; sizes and strides are in arrays.
 */
final class Indices {
  private Indices() {}

  /**
   * Index of what a broadcast operand has for element i of the result.
   *
   * @param way 0: i; 1: always 0; 2: i / inner; 3: i mod period; 4: i / inner mod period
   */
  static int spread(int i, int way, int inner, int period) {
    return switch (way) {
      case 0 -> i;
      case 1 -> 0;
      case 2 -> i / inner;
      case 3 -> i % period;
      default -> i / inner % period;
    };
  }

  /**
   * Index by strides: i is taken apart into indices along {@code rank} axes, the innermost first.
   * For axis k the size is {@code p[first + k·width]} and the stride {@code p[first + k·width +
   * which]}.
   */
  static int strided(int[] p, int i, int rank, int first, int width, int which) {
    int rest = i;
    int index = 0;
    for (int k = 0; k < rank - 1; k++) {
      int size = p[first + k * width];
      int next = rest / size;
      index += (rest - next * size) * p[first + k * width + which];
      rest = next;
    }
    if (rank > 0) {
      index += rest * p[first + (rank - 1) * width + which];
    }
    return index;
  }

  /**
   * Index by strides, or −1 outside some range. For axis k, {@code p[first + 4k]} and the numbers
   * behind it are the size, the stride, and the range of indices, from and below which there is
   * something.
   *
   * @param base index at which all indices along axes are 0
   */
  static int bounded(int[] p, int i, int rank, int first, int base) {
    int rest = i;
    int index = base;
    int outside = 0;
    for (int k = 0; k < rank; k++) {
      int size = p[first + 4 * k];
      int next = rest / size;
      int j = rest - next * size;
      outside += j < p[first + 4 * k + 2] || j >= p[first + 4 * k + 3] ? 1 : 0;
      index += j * p[first + 4 * k + 1];
      rest = next;
    }
    return outside == 0 ? index : -1;
  }

  /**
   * Index by strides, mirrored about the first and the last element. For axis k, {@code p[first +
   * 4k]} and the numbers behind it are the size, the stride, how many elements are mirrored before
   * the first, and how many there are to mirror.
   */
  static int mirrored(int[] p, int i, int rank, int first) {
    int rest = i;
    int index = 0;
    for (int k = 0; k < rank; k++) {
      int size = p[first + 4 * k];
      int next = rest / size;
      int j = rest - next * size - p[first + 4 * k + 2];
      int there = p[first + 4 * k + 3];
      j = j < 0 ? -j : j;
      j = j < there ? j : 2 * (there - 1) - j;
      index += j * p[first + 4 * k + 1];
      rest = next;
    }
    return index;
  }
}
