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

  /** Whether vectors have 512 bits, with 32 registers. */
  static final boolean WIDE = VECTORS && Simd.BITS == 512;

  /** Whether there are 32 registers of fewer bits: NEON's. */
  private static final boolean MANY = VECTORS && System.getProperty("os.arch").equals("aarch64");

  /** Rows of every block but the last. */
  static final int ROWS = WIDE ? 14 : MANY ? 8 : 4;

  /** Columns of a block: two vectors, or what makes a plain loop worth its start. */
  static final int COLUMNS = VECTORS ? 2 * Simd.LANES : 128;

  private static final float[] ZEROS = new float[COLUMNS];

  /** Rows of a panel that one call multiplies where the kernels for offsets are used. */
  private static final int PASS = 512;

  private static final int[] OFFSETS = new int[PASS];

  static {
    for (int k = 0; k < PASS; k++) {
      OFFSETS[k] = k * COLUMNS;
    }
  }

  private GemmKernel() {}

  /** The number of row blocks for {@code rows} rows. */
  static int blocks(int rows) {
    return (rows + ROWS - 1) / ROWS;
  }

  /** How many rows (a few of them padding) block {@code block} of {@code rows} rows holds. */
  static int blockRows(int rows, int block) {
    int left = rows - block * ROWS;
    if (WIDE) {
      return left > 8 ? 14 : left > 4 ? 8 : 4;
    }
    if (VECTORS) {
      return left > 4 ? ROWS : left > 2 ? 4 : 2;
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
      case 14 -> GemmOffsetKernel.rows14(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      case 8 -> GemmOffsetKernel.rows8(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      case 4 -> GemmOffsetKernel.rows4(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
      default -> GemmOffsetKernel.rows2(depth, a, ao, b, bo, off, ko, s, so, ss, c, co, cs);
    }
  }

  /**
   * Multiplies one block by a panel, {@link #COLUMNS} columns of B side by side, row after row:
   * {@code C[r][j] = sum over k of A[k][r] * B[k][j]}.
   *
   * @param rows the block's rows, from {@link #blockRows}
   * @param depth terms of each sum
   * @param a packed A, the block's first value at {@code ao}
   * @param b the panel, first value at {@code bo}
   * @param c the result, first value at {@code co}, row pitch {@code cs}
   */
  static void panel(
      int rows, int depth, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
    if (VECTORS && ROWS == 4) {
      PanelArrayKernel.run(rows, depth, a, ao, b, bo, c, co, cs);
      return;
    }
    for (int k = 0; k < depth; k += PASS) {
      int terms = Math.min(PASS, depth - k);
      int ak = ao + k * rows;
      int bk = bo + k * COLUMNS;
      run(rows, terms, a, ak, b, bk, OFFSETS, 0, c, co, cs, k == 0);
    }
  }

  /**
   * Plain loops. The compiler makes vectors of them only where it sees that arrays cannot overlap,
   * which it does when all are indexed alike; hence the copies.
   */
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
    float[][] sums = new float[rows][COLUMNS];
    float[] b0 = new float[COLUMNS];
    float[] b1 = new float[COLUMNS];
    float[] b2 = new float[COLUMNS];
    float[] b3 = new float[COLUMNS];
    for (int r = 0; r < rows; r++) {
      System.arraycopy(s, so + r * ss, sums[r], 0, COLUMNS);
    }
    int k = 0;
    for (; k + 4 <= depth; k += 4) {
      System.arraycopy(b, bo + off[ko + k], b0, 0, COLUMNS);
      System.arraycopy(b, bo + off[ko + k + 1], b1, 0, COLUMNS);
      System.arraycopy(b, bo + off[ko + k + 2], b2, 0, COLUMNS);
      System.arraycopy(b, bo + off[ko + k + 3], b3, 0, COLUMNS);
      for (int r = 0; r < rows; r++) {
        int q = ao + k * rows + r;
        add4(sums[r], a[q], b0, a[q + rows], b1, a[q + 2 * rows], b2, a[q + 3 * rows], b3);
      }
    }
    for (; k < depth; k++) {
      System.arraycopy(b, bo + off[ko + k], b0, 0, COLUMNS);
      for (int r = 0; r < rows; r++) {
        add(sums[r], a[ao + k * rows + r], b0);
      }
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(sums[r], 0, c, co + r * cs, COLUMNS);
    }
  }

  private static void add4(
      float[] to,
      float a0,
      float[] b0,
      float a1,
      float[] b1,
      float a2,
      float[] b2,
      float a3,
      float[] b3) {
    for (int j = 0; j < COLUMNS; j++) {
      to[j] = to[j] + a0 * b0[j] + a1 * b1[j] + a2 * b2[j] + a3 * b3[j];
    }
  }

  private static void add(float[] to, float a, float[] b) {
    for (int j = 0; j < COLUMNS; j++) {
      to[j] += a * b[j];
    }
  }
}
