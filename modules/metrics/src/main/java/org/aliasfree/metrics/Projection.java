package org.aliasfree.metrics;

/** Descriptors projected on directions: p[d, n] = Σᵢ direction[d, i] · value[i, n]. */
final class Projection {
  /** Descriptors that stay in a processor's cache while all directions use them. */
  private static final int BLOCK = 512;

  /** Numbers added in one loop; divides the length of every descriptor. */
  private static final int STEP = DescriptorLevel.PATCH;

  private Projection() {}

  /** For each direction the projections of all descriptors. */
  static float[][] of(DescriptorLevel level, float[][] directions) {
    int count = level.count();
    float[][] result = new float[directions.length][count];
    for (int from = 0; from < count; from += BLOCK) {
      int end = Math.min(from + BLOCK, count);
      for (int d = 0; d < directions.length; d++) {
        for (int i = 0; i < level.dimension(); i += STEP) {
          add(level.values(), i * count, count, directions[d], i, from, end, result[d]);
        }
      }
    }
    return result;
  }

  /**
   * Adds seven products to each sum. The compiler makes vector instructions of it; sums along a
   * descriptor it could not, as their order is fixed.
   */
  private static void add(
      float[] values, int row, int count, float[] w, int i, int from, int end, float[] sums) {
    float w0 = w[i];
    float w1 = w[i + 1];
    float w2 = w[i + 2];
    float w3 = w[i + 3];
    float w4 = w[i + 4];
    float w5 = w[i + 5];
    float w6 = w[i + 6];
    int r1 = row + count;
    int r2 = r1 + count;
    int r3 = r2 + count;
    int r4 = r3 + count;
    int r5 = r4 + count;
    int r6 = r5 + count;
    for (int n = from; n < end; n++) {
      sums[n] =
          sums[n]
              + w0 * values[row + n]
              + w1 * values[r1 + n]
              + w2 * values[r2 + n]
              + w3 * values[r3 + n]
              + w4 * values[r4 + n]
              + w5 * values[r5 + n]
              + w6 * values[r6 + n];
    }
  }
}
