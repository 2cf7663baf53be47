package org.aliasfree.backend.tornado.device;

/**
 * What a thread of a product keeps in registers: {@code edge × edge} sums of a tile of {@code 16 ·
 * edge} rows and columns, rows {@code ty + 16 i} and columns {@code tx + 16 j}. The edge is a
 * constant (4 or 8) wherever these methods are inlined, so that all loops are unrolled and the
 * small arrays become registers; an index that is not constant would put them into memory.
 *
 * <p>The arrays of a work-group must not be passed to methods: TornadoVM then takes their elements
 * for those of global memory.
 */
final class RegisterBlocks {
  /** Threads along each side of a work-group. */
  static final int THREADS = 16;

  /** Terms of the sums that a tile holds at a time. */
  static final int DEPTH = 16;

  private RegisterBlocks() {}

  /** Begins all sums. */
  static void clear(float[] sums, int edge) {
    for (int i = 0; i < edge * edge; i++) {
      sums[i] = 0f;
    }
  }

  /** sums[i, j] += a[i] · b[j]. */
  static void accumulate(float[] sums, float[] a, float[] b, int edge) {
    for (int i = 0; i < edge; i++) {
      for (int j = 0; j < edge; j++) {
        sums[i * edge + j] += a[i] * b[j];
      }
    }
  }
}
