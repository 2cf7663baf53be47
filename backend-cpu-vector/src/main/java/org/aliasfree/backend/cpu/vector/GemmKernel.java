package org.aliasfree.backend.cpu.vector;

/**
 * The register block of matrix products: {@code C[r][j] += sum over k of A[k][r] * B[off[k]][j]}
 * for a few rows and {@link #COLUMNS} columns, on vectors or as plain loops.
 *
 * <p>A is packed in row blocks, see {@link #blockRows}: block {@code i} begins at {@code i * ROWS *
 * depth} and holds, for each k, its rows side by side. B rows may lie anywhere in a float array, as
 * {@code off} says: this is what turns a convolution over a padded image into a matrix product
 * without copying the image once a tap.
 */
final class GemmKernel {
  private static final boolean VECTORS = VectorSupport.used();
  private static final boolean WIDE = VECTORS && Simd.BITS == 512;

  /** Rows of every block but the last. */
  static final int ROWS = WIDE ? 12 : VECTORS ? 6 : 4;

  /** Columns of a block: two vectors, or what makes a plain loop worth its start. */
  static final int COLUMNS = VECTORS ? 2 * Simd.LANES : 64;

  private static final float[] ZEROS = new float[COLUMNS];

  private GemmKernel() {}

  /** The number of row blocks for {@code rows} rows. */
  static int blocks(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** How many rows (a few of them padding) block {@code block} of {@code rows} rows holds. */
  static int blockRows(int rows, int block) {
    int left = rows - block * ROWS;
    if (WIDE) {
      return left > 8 ? 12 : left > 4 ? 8 : 4;
    }
    if (VECTORS) {
      return left > 3 ? 6 : 3;
    }
    return left > 3 ? 4 : left;
  }

  /** All rows of all blocks, padding included. */
  static int paddedRows(int rows) {
    int full = blocks(rows) - 1;
    return full * ROWS + blockRows(rows, full);
  }

  /**
   * Multiplies one block.
   *
   * @param rows the block's rows, from {@link #blockRows}
   * @param depth terms of each sum
   * @param a packed A, the block's first value at {@code ao}
   * @param b rows of B, row k at {@code bo + off[ko + k]}
   * @param c the result, first value at {@code co}, row pitch {@code cs}
   * @param first whether sums start from zero rather than from what C holds
   */
  static void run(
      int rows,
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] c,
      int co,
      int cs,
      boolean first) {
    // Zeros to start from are read from memory: a choice of registers in the kernel would put
    // vectors on the heap.
    float[] s = first ? ZEROS : c;
    int so = first ? 0 : co;
    int ss = first ? 0 : cs;
    if (!VECTORS) {
      plain(rows, depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      return;
    }
    switch (rows) {
      case 12 -> GemmKernelWide.rows12(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      case 8 -> GemmKernelWide.rows8(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      case 4 -> GemmKernelWide.rows4(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      case 6 -> GemmKernelNarrow.rows6(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      default -> GemmKernelNarrow.rows3(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
    }
  }

  private static void plain(
      int rows,
      int depth,
      float[] a,
      int ao,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] s,
      int so,
      int ss,
      float[] c,
      int co,
      int cs) {
    for (int r = 0; r < rows; r++) {
      int row = co + r * cs;
      System.arraycopy(s, so + r * ss, c, row, COLUMNS);
      int k = 0;
      for (; k + 4 <= depth; k += 4) {
        int q = ao + k * rows + r;
        axpy4(a[q], a[q + rows], a[q + 2 * rows], a[q + 3 * rows], b, bo, off, ko + k, c, row);
      }
      for (; k < depth; k++) {
        axpy(a[ao + k * rows + r], b, bo + off[ko + k], c, row);
      }
    }
  }

  private static void axpy4(
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b,
      int bo,
      int[] off,
      int ko,
      float[] c,
      int row) {
    int b0 = bo + off[ko];
    int b1 = bo + off[ko + 1];
    int b2 = bo + off[ko + 2];
    int b3 = bo + off[ko + 3];
    for (int j = 0; j < COLUMNS; j++) {
      c[row + j] = c[row + j] + a0 * b[b0 + j] + a1 * b[b1 + j] + a2 * b[b2 + j] + a3 * b[b3 + j];
    }
  }

  private static void axpy(float a, float[] b, int bo, float[] c, int row) {
    for (int j = 0; j < COLUMNS; j++) {
      c[row + j] += a * b[bo + j];
    }
  }
}
