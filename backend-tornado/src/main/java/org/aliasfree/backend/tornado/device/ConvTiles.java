package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Convolutions by work-groups of 16 × 16 threads, as products of matrices of which the second is
 * never stored: y[m, (n, q)] = Σ_{c,u,v} w[m, c, u, v] · x[n, c, position of q under (u, v)], m
 * running over output channels, q over the pixels of an image, and columns over those of all
 * images.
 *
 * <p>The tiles are those of {@link GemmTiles} (64 × 64 with 4 × 4 sums a thread, or 128 × 128 with
 * 8 × 8; 8.4 or 16.6 KB of local memory; 2/edge loads from local memory for a multiply-add). What
 * differs is how a slice of 16 terms is found:
 *
 * <ul>
 *   <li>The walk goes over blocks of 16 channels, and for each block over the positions (u, v) of
 *       the kernel. A thread loads elements of one pixel, so inside the walk there is no division,
 *       and whether the pixel lies in the image is asked once for a slice.
 *   <li>Lanes run along pixels: rows of the image are read as they lie. The kernel's elements of a
 *       block lie together (16 · kh · kw of a row), so that the cache keeps them for all (u, v).
 *   <li>Global loads for a multiply-add: 1/64 or 1/128 from each of w and x, of which x's come from
 *       the cache for all but one of the positions.
 * </ul>
 *
 * <p>The gradient in the input is the same walk with the channels exchanged and (u, v) running
 * backwards; with strides it is one task for each remainder of the pixel's position. Modulation
 * multiplies x by s[n, c] as it is loaded and the sum by d[n, m] as it is stored.
 */
public final class ConvTiles {
  private ConvTiles() {}

  /**
   * By tiles of 64 × 64; groups run over columns, output channels, groups of channels.
   *
   * @param p {0: output channels M and 1: input channels C of a group, 2: positions of the kernel
   *     along y, 3: along x, 4: height, 5: width of x, 6: height, 7: width of the pixels to make,
   *     8: step in x for the next row of pixels, 9: column, 10: step in x for the next u, 11: v,
   *     12: row of x under pixel (0, 0) and (u, v) = 0, 13: column, 14: offset of x, 15: of w, 16:
   *     step of w to the next output channel, 17: input channel, 18: u, 19: v, 20: offset of y, 21:
   *     elements of a channel of y, 22: step of y to the next row of pixels, 23: column, 24: groups
   *     of channels, 25: elements of w for a group, 26: offset of s, 27: of d, 28: images}
   */
  public static void convolve64(KernelContext c, int[] p, float[] x, float[] w, float[] y) {
    convolve(c, p, x, w, x, x, y, 4, false);
  }

  /** As {@link #convolve64} by tiles of 128 × 128. */
  public static void convolve128(KernelContext c, int[] p, float[] x, float[] w, float[] y) {
    convolve(c, p, x, w, x, x, y, 8, false);
  }

  /** As {@link #convolve64} with x multiplied by s[n, c] and y by d[n, m]. */
  public static void modulate64(
      KernelContext c, int[] p, float[] x, float[] w, float[] s, float[] d, float[] y) {
    convolve(c, p, x, w, s, d, y, 4, true);
  }

  /** As {@link #modulate64} by tiles of 128 × 128. */
  public static void modulate128(
      KernelContext c, int[] p, float[] x, float[] w, float[] s, float[] d, float[] y) {
    convolve(c, p, x, w, s, d, y, 8, true);
  }

  private static void convolve(
      KernelContext c,
      int[] p,
      float[] x,
      float[] w,
      float[] s,
      float[] d,
      float[] y,
      int edge,
      boolean modulated) {
    int tile = 16 * edge;
    int log = edge == 8 ? 7 : 6;
    int pitch = tile + 2;
    float[] tileW = c.allocateFloatLocalArray(16 * pitch);
    float[] tileX = c.allocateFloatLocalArray(16 * pitch);
    float[] sums = new float[edge * edge];
    float[] nextW = new float[edge];
    float[] nextX = new float[edge];
    float[] fromW = new float[edge];
    float[] fromX = new float[edge];
    int tx = c.localIdx;
    int ty = c.localIdy;
    int group = c.groupIdz;
    int outputs = p[0];
    int channels = p[1];
    int positionsY = p[2];
    int positionsX = p[3];
    int height = p[4];
    int width = p[5];
    int columns = p[28] * p[6] * p[7];
    int firstRow = c.groupIdy * tile;
    int firstColumn = c.groupIdx * tile;
    int t = ty * 16 + tx;
    // This thread's elements of a slice of w: lanes run along what lies closer together.
    boolean alongRows = p[16] < p[17];
    int rowW = alongRows ? t & (tile - 1) : t >> 4;
    int rowApart = alongRows ? 0 : 16;
    int channelW = alongRows ? t >> log : t & 15;
    int channelApartW = alongRows ? 16 / edge : 0;
    int stepRow = p[16];
    int stepChannel = p[17];
    int stepU = p[18];
    int stepV = p[19];
    int atW = p[15] + group * p[25] + (firstRow + rowW) * stepRow + channelW * stepChannel;
    // And of x: some channels of one pixel.
    int columnX = t & (tile - 1);
    int channelX = t >> log;
    int column = firstColumn + columnX;
    int pixels = p[6] * p[7];
    int image = column / pixels;
    int pixel = column - image * pixels;
    int pixelY = pixel / p[7];
    int rowX = pixelY * p[8] + p[12];
    int columnOfX = (pixel - pixelY * p[7]) * p[9] + p[13];
    int plane = height * width;
    int atX = p[14] + ((image * p[24] + group) * channels + channelX) * plane;
    int atS = p[26] + image * channels + channelX;
    boolean known = column < columns;
    int stepY = p[10];
    int stepX = p[11];
    int slices = ((channels + 15) >> 4) * positionsY * positionsX;
    int block = 0;
    int u = 0;
    int v = 0;
    RegisterBlocks.clear(sums, edge);
    // One round more than there are slices: the first has nothing to sum, the last nothing to load.
    for (int slice = -1; slice < slices; slice++) {
      boolean wanted = slice + 1 < slices;
      int tapW = atW + block * stepChannel + u * stepU + v * stepV;
      for (int j = 0; j < edge; j++) {
        float vw = 0f;
        if (wanted
            && firstRow + rowW + j * rowApart < outputs
            && block + channelW + j * channelApartW < channels) {
          vw = w[tapW + j * rowApart * stepRow + j * channelApartW * stepChannel];
        }
        nextW[j] = vw;
      }
      int rowIn = rowX + u * stepY;
      int columnIn = columnOfX + v * stepX;
      boolean inside =
          wanted && known && rowIn >= 0 && rowIn < height && columnIn >= 0 && columnIn < width;
      int tapX = atX + block * plane + rowIn * width + columnIn;
      for (int j = 0; j < edge; j++) {
        float vx = 0f;
        int later = j * (16 / edge);
        if (inside && block + channelX + later < channels) {
          vx = x[tapX + later * plane];
          if (modulated) {
            vx = vx * s[atS + block + later];
          }
        }
        nextX[j] = vx;
      }
      if (slice >= 0) {
        for (int i = 0; i < 16; i++) {
          for (int j = 0; j < edge; j++) {
            fromW[j] = tileW[i * pitch + ty + 16 * j];
            fromX[j] = tileX[i * pitch + tx + 16 * j];
          }
          RegisterBlocks.accumulate(sums, fromW, fromX, edge);
        }
      }
      c.localBarrier();
      for (int j = 0; j < edge; j++) {
        tileW[(channelW + j * channelApartW) * pitch + rowW + j * rowApart] = nextW[j];
        tileX[(channelX + j * (16 / edge)) * pitch + columnX] = nextX[j];
      }
      c.localBarrier();
      v++;
      if (v == positionsX) {
        v = 0;
        u++;
        if (u == positionsY) {
          u = 0;
          block += 16;
        }
      }
    }
    int to = firstColumn + tx;
    int m = firstRow + ty;
    store(p, d, y, sums, to, m, group, 0, edge, modulated);
    store(p, d, y, sums, to + 16, m, group, 1, edge, modulated);
    store(p, d, y, sums, to + 32, m, group, 2, edge, modulated);
    store(p, d, y, sums, to + 48, m, group, 3, edge, modulated);
    if (edge == 8) {
      store(p, d, y, sums, to + 64, m, group, 4, edge, modulated);
      store(p, d, y, sums, to + 80, m, group, 5, edge, modulated);
      store(p, d, y, sums, to + 96, m, group, 6, edge, modulated);
      store(p, d, y, sums, to + 112, m, group, 7, edge, modulated);
    }
  }

  /** Stores what a thread has of one column, its j-th: output channels m, m + 16, … */
  private static void store(
      int[] p,
      float[] d,
      float[] y,
      float[] sums,
      int column,
      int m,
      int group,
      int j,
      int edge,
      boolean modulated) {
    int pixels = p[6] * p[7];
    if (column < p[28] * pixels) {
      int image = column / pixels;
      int pixel = column - image * pixels;
      int pixelY = pixel / p[7];
      int outputs = p[0];
      int plane = p[21];
      int at = p[20] + (image * p[24] + group) * outputs * plane + m * plane;
      at += pixelY * p[22] + (pixel - pixelY * p[7]) * p[23];
      int atD = p[27] + image * outputs + m;
      for (int i = 0; i < edge; i++) {
        if (m + 16 * i < outputs) {
          float sum = sums[i * edge + j];
          if (modulated) {
            sum = sum * d[atD + 16 * i];
          }
          y[at + 16 * i * plane] = sum;
        }
      }
    }
  }
}
