package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Matrix products by work-groups of 16 × 16 threads: y[z, i, j] = Σ_k a[z, i, k] · b[z, k, j].
 *
 * <p>A group makes a tile of y of 64 × 64 elements (each thread 4 × 4 sums) or 128 × 128 (8 × 8).
 * It walks over k in steps of 16: both operands' slices come from global to local memory, each
 * element once a group, and from there to registers.
 *
 * <ul>
 *   <li>Local memory: 2 · 16 · (tile + 2) floats, 8.4 KB or 16.6 KB. The rows of a slice are 2
 *       longer than a tile, so that the 16 lanes that store along k fall on different banks, and
 *       threads take every 16th row and column, so that reading has no conflicts either.
 *   <li>Loads for a multiply-add: from local memory 2/edge = 1/2 or 1/4, from global memory 2/tile
 *       = 1/32 or 1/64. Local memory gives one word a lane in four multiply-adds on most devices: 8
 *       × 8 sums are the least that keep the arithmetic units busy, and 64 + 32 registers still
 *       leave room for two groups. The smaller tile is for products that would not fill a device.
 *   <li>The next slice is loaded into registers before the sums of the present one are made, so
 *       that global memory's latency is hidden behind them.
 * </ul>
 *
 * <p>Every sum runs over k from 0 upwards in both tile sizes, so their bits are the same.
 */
public final class GemmTiles {
  /** Numbers in p before the table of offsets. */
  public static final int HEADER = 10;

  private GemmTiles() {}

  /**
   * By tiles of 64 × 64; p = {rows m, columns n, terms k, step of a to the next row, to the next
   * term, step of b to the next term, to the next column, offset of y, whether lanes run along rows
   * of a rather than along k, whether they run along columns of b, then for each z offsets of a and
   * b}. Groups: columns, rows, z.
   */
  public static void multiply64(KernelContext c, int[] p, float[] a, float[] b, float[] y) {
    multiply(c, p, a, b, y, 4);
  }

  /** As {@link #multiply64} by tiles of 128 × 128. */
  public static void multiply128(KernelContext c, int[] p, float[] a, float[] b, float[] y) {
    multiply(c, p, a, b, y, 8);
  }

  private static void multiply(
      KernelContext c, int[] p, float[] a, float[] b, float[] y, int edge) {
    int tile = 16 * edge;
    int pitch = tile + 2;
    float[] tileA = c.allocateFloatLocalArray(16 * pitch);
    float[] tileB = c.allocateFloatLocalArray(16 * pitch);
    float[] sums = new float[edge * edge];
    float[] nextA = new float[edge];
    float[] nextB = new float[edge];
    float[] fromA = new float[edge];
    float[] fromB = new float[edge];
    int tx = c.localIdx;
    int ty = c.localIdy;
    int m = p[0];
    int n = p[1];
    int depth = p[2];
    int rowStepA = p[3];
    int termStepA = p[4];
    int termStepB = p[5];
    int columnStepB = p[6];
    int z = c.groupIdz;
    int firstRow = c.groupIdy * tile;
    int firstColumn = c.groupIdx * tile;
    int t = ty * 16 + tx;
    int log = edge == 8 ? 7 : 6;
    // Where this thread's elements of the slices are, and how far apart.
    boolean alongRows = p[8] != 0;
    int rowA = alongRows ? t & (tile - 1) : t >> 4;
    int rowApart = alongRows ? 0 : 16;
    int termA = alongRows ? t >> log : t & 15;
    int termApartA = alongRows ? 16 / edge : 0;
    boolean alongColumns = p[9] != 0;
    int columnB = alongColumns ? t & (tile - 1) : t >> 4;
    int columnApart = alongColumns ? 0 : 16;
    int termB = alongColumns ? t >> log : t & 15;
    int termApartB = alongColumns ? 16 / edge : 0;
    int fromOffsetA = p[HEADER + 2 * z] + (firstRow + rowA) * rowStepA;
    int fromOffsetB = p[HEADER + 2 * z + 1] + (firstColumn + columnB) * columnStepB;
    RegisterBlocks.clear(sums, edge);
    // One round more than there are slices: the first has nothing to sum, the last nothing to load.
    for (int k = -16; k < depth; k += 16) {
      for (int j = 0; j < edge; j++) {
        float va = 0f;
        int term = k + 16 + termA + j * termApartA;
        if (term < depth && firstRow + rowA + j * rowApart < m) {
          va = a[fromOffsetA + j * rowApart * rowStepA + term * termStepA];
        }
        nextA[j] = va;
      }
      for (int j = 0; j < edge; j++) {
        float vb = 0f;
        int term = k + 16 + termB + j * termApartB;
        if (term < depth && firstColumn + columnB + j * columnApart < n) {
          vb = b[fromOffsetB + j * columnApart * columnStepB + term * termStepB];
        }
        nextB[j] = vb;
      }
      if (k >= 0) {
        for (int i = 0; i < 16; i++) {
          for (int j = 0; j < edge; j++) {
            fromA[j] = tileA[i * pitch + ty + 16 * j];
            fromB[j] = tileB[i * pitch + tx + 16 * j];
          }
          RegisterBlocks.accumulate(sums, fromA, fromB, edge);
        }
      }
      c.localBarrier();
      for (int j = 0; j < edge; j++) {
        tileA[(termA + j * termApartA) * pitch + rowA + j * rowApart] = nextA[j];
        tileB[(termB + j * termApartB) * pitch + columnB + j * columnApart] = nextB[j];
      }
      c.localBarrier();
    }
    int at = p[7] + z * m * n;
    RegisterBlocks.store(y, at, m, n, firstRow + ty, firstColumn + tx, sums, edge);
  }
}
