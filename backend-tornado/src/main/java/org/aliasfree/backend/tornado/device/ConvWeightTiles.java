package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Gradients of convolutions in their weights by work-groups of 16 × 16 threads: g[m, (c, u, v)] =
 * Σ_{n,q} dy[n, m, q] · x[n, c, position of q under (u, v)], a product of matrices with terms (n,
 * q).
 *
 * <p>The tiles are those of {@link GemmTiles} (64 × 64 with 4 × 4 sums a thread, or 128 × 128 with
 * 8 × 8; 8.4 or 16.6 KB of local memory; 2/edge loads from local memory for a multiply-add). Both
 * operands lie along the terms, so lanes run along these; rows of slices are 2 longer than a tile
 * so that they still store without conflicts. A thread's pixel is found by two divisions for each
 * slice; the (c, u, v) of its elements stay the same, in registers.
 *
 * <p>A weight is small and the terms are many, so these are split into parts, each of which writes
 * sums of its own to scratch memory, and {@link #total} adds them in order. How many parts depends
 * on shapes alone, so the bits do too.
 */
public final class ConvWeightTiles {
  private ConvWeightTiles() {}

  /**
   * By tiles of 64 × 64; groups run over (c, u, v), output channels, groups of channels · parts.
   *
   * @param p {0: output channels M and 1: input channels C of a group, 2: height, 3: width of the
   *     kernel, 4: height, 5: width of x, 6: height, 7: width of dy, 8: stride y, 9: x, 10:
   *     dilation y, 11: x, 12: padding above, 13: at the left, 14: offset of x, 15: of dy, 16: of
   *     the sums, 17: groups of channels, 18: images, 19: slices of 16 terms in a part}; the sums
   *     are [parts, groups, M, C, kernel]
   */
  public static void correlate64(KernelContext c, int[] p, float[] x, float[] dy, float[] sums) {
    correlate(c, p, x, dy, sums, 4);
  }

  /** As {@link #correlate64} by tiles of 128 × 128. */
  public static void correlate128(KernelContext c, int[] p, float[] x, float[] dy, float[] sums) {
    correlate(c, p, x, dy, sums, 8);
  }

  private static void correlate(
      KernelContext c, int[] p, float[] x, float[] dy, float[] to, int edge) {
    int tile = 16 * edge;
    int pitch = tile + 2;
    float[] tileY = c.allocateFloatLocalArray(16 * pitch);
    float[] tileX = c.allocateFloatLocalArray(16 * pitch);
    float[] sums = new float[edge * edge];
    float[] nextY = new float[edge];
    float[] nextX = new float[edge];
    float[] fromY = new float[edge];
    float[] fromX = new float[edge];
    int[] tapY = new int[edge];
    int[] tapX = new int[edge];
    int[] plane = new int[edge];
    int tx = c.localIdx;
    int ty = c.localIdy;
    int z = c.groupIdz;
    int t = ty * 16 + tx;
    int outputs = p[0];
    int channels = p[1];
    int height = p[4];
    int width = p[5];
    int group = z % p[17];
    int part = z / p[17];
    int pixels = p[6] * p[7];
    int terms = p[18] * pixels;
    int columns = channels * p[2] * p[3];
    int firstRow = c.groupIdy * tile;
    int firstColumn = c.groupIdx * tile;
    int row = firstRow + (t >> 4);
    for (int j = 0; j < edge; j++) {
      int column = firstColumn + (t >> 4) + 16 * j;
      int channel = column / (p[2] * p[3]);
      int tap = column - channel * p[2] * p[3];
      int u = tap / p[3];
      tapY[j] = u * p[10] - p[12];
      tapX[j] = (tap - u * p[3]) * p[11] - p[13];
      plane[j] = channel < channels ? channel * height * width : -1;
    }
    RegisterBlocks.clear(sums, edge);
    int first = part * p[19] * 16;
    int left = terms - first < p[19] * 16 ? terms - first : p[19] * 16;
    int end = first + left;
    // One round more than there are slices: the first has nothing to sum, the last nothing to load.
    for (int k = first - 16; k < end; k += 16) {
      int term = k + 16 + (t & 15);
      int image = term / pixels;
      int pixel = term - image * pixels;
      int pixelY = pixel / p[7];
      int rowX = pixelY * p[8];
      int columnX = (pixel - pixelY * p[7]) * p[9];
      boolean known = term < end;
      int atY = p[15] + ((image * p[17] + group) * outputs + row) * pixels + pixel;
      for (int j = 0; j < edge; j++) {
        float vy = 0f;
        if (known && row + 16 * j < outputs) {
          vy = dy[atY + 16 * j * pixels];
        }
        nextY[j] = vy;
      }
      int atX = p[14] + (image * p[17] + group) * channels * height * width;
      for (int j = 0; j < edge; j++) {
        float vx = 0f;
        int rowIn = rowX + tapY[j];
        int columnIn = columnX + tapX[j];
        if (known
            && plane[j] >= 0
            && rowIn >= 0
            && rowIn < height
            && columnIn >= 0
            && columnIn < width) {
          vx = x[atX + plane[j] + rowIn * width + columnIn];
        }
        nextX[j] = vx;
      }
      if (k >= first) {
        for (int i = 0; i < 16; i++) {
          for (int j = 0; j < edge; j++) {
            fromY[j] = tileY[i * pitch + ty + 16 * j];
            fromX[j] = tileX[i * pitch + tx + 16 * j];
          }
          RegisterBlocks.accumulate(sums, fromY, fromX, edge);
        }
      }
      c.localBarrier();
      for (int j = 0; j < edge; j++) {
        tileY[(t & 15) * pitch + (t >> 4) + 16 * j] = nextY[j];
        tileX[(t & 15) * pitch + (t >> 4) + 16 * j] = nextX[j];
      }
      c.localBarrier();
    }
    int at = p[16] + z * outputs * columns;
    RegisterBlocks.store(to, at, outputs, columns, firstRow + ty, firstColumn + tx, sums, edge);
  }

  /**
   * y[i] = Σ_part sums[part, i]; p = {count, parts, offset of the sums, of y}. Groups run along i.
   */
  public static void total(KernelContext c, int[] p, float[] sums, float[] y) {
    int i = c.groupIdx * 256 + c.localIdx;
    int count = p[0];
    int parts = p[1];
    if (i < count) {
      int at = p[2] + i;
      float sum = 0f;
      for (int part = 0; part < parts; part++) {
        sum += sums[at + part * count];
      }
      y[p[3] + i] = sum;
    }
  }
}
