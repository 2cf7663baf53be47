package org.aliasfree.metrics;

/** The Wasserstein distance of numbers: how far one heap of them must be moved to be the other. */
final class Wasserstein {
  private Wasserstein() {}

  /**
   * The distance ∫₀¹ |F⁻¹(q) − G⁻¹(q)| dq of two samples, F⁻¹ and G⁻¹ being the quantiles, which
   * are steps: the k-th of n sorted numbers from (k − 1)/n to k/n. The integral is exact for any
   * two sizes. For equal sizes it is the mean of |a<sub>k</sub> − b<sub>k</sub>|.
   *
   * @param a sorted, one number or more
   * @param b sorted, one number or more
   */
  static double distance(float[] a, float[] b) {
    long n = a.length;
    long m = b.length;
    double sum = 0;
    // Quantiles are counted in units of 1/(n·m), in which all steps are whole.
    long at = 0;
    int i = 0;
    int j = 0;
    while (i < n && j < m) {
      long endOfA = (i + 1) * m;
      long endOfB = (j + 1) * n;
      long end = Math.min(endOfA, endOfB);
      sum += (end - at) * Math.abs((double) a[i] - b[j]);
      at = end;
      if (end == endOfA) {
        i++;
      }
      if (end == endOfB) {
        j++;
      }
    }
    return sum / ((double) n * m);
  }
}
