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

  /**
   * Stores the sums into a matrix of {@code rows × columns} elements from {@code first} on; each
   * row by a call with a constant, as two nested loops would not be unrolled.
   */
  static void store(
      float[] y, int first, int rows, int columns, int row, int column, float[] sums, int edge) {
    int at = first + row * columns + column;
    int below = rows - row;
    int right = columns - column;
    storeRow(y, at, below, right, sums, 0, edge);
    storeRow(y, at + 16 * columns, below - 16, right, sums, 1, edge);
    storeRow(y, at + 32 * columns, below - 32, right, sums, 2, edge);
    storeRow(y, at + 48 * columns, below - 48, right, sums, 3, edge);
    if (edge == 8) {
      storeRow(y, at + 64 * columns, below - 64, right, sums, 4, edge);
      storeRow(y, at + 80 * columns, below - 80, right, sums, 5, edge);
      storeRow(y, at + 96 * columns, below - 96, right, sums, 6, edge);
      storeRow(y, at + 112 * columns, below - 112, right, sums, 7, edge);
    }
  }

  /** Stores one row of a thread's sums where rows and columns are left. */
  private static void storeRow(
      float[] y, int at, int rows, int columns, float[] sums, int i, int edge) {
    if (rows > 0) {
      for (int j = 0; j < edge; j++) {
        if (16 * j < columns) {
          y[at + 16 * j] = sums[i * edge + j];
        }
      }
    }
  }
}
