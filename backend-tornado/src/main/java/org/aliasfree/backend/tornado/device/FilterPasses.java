package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * The passes of {@link FilterTiles}, in one method, as local memory cannot be handed on. Factors,
 * kinds of filters and what is done at the high rate are constants where it is inlined.
 */
final class FilterPasses {
  /** Leaky ReLU and clamp. */
  static final int PLAIN = 0;

  /** The same, and the sign map is written. */
  static final int SIGNS = 1;

  /** The slope is read from the sign map. */
  static final int SIGNED = 2;

  private FilterPasses() {}

  /** See {@link FilterTiles#plain22}. */
  static void filter(
      KernelContext c,
      int[] p,
      float[] q,
      float[] x,
      float[] bias,
      float[] upFilter,
      float[] downFilter,
      int[] map,
      float[] y,
      int up,
      int down,
      boolean flat,
      int mode) {
    float[] high = c.allocateFloatLocalArray(FilterTiles.HIGH);
    float[] line = c.allocateFloatLocalArray(FilterTiles.LINE);
    float[] taps = c.allocateFloatLocalArray(FilterTiles.TAPS);
    int[] codes = c.allocateIntLocalArray(mode == SIGNS ? FilterTiles.CODES : 1);
    int block = down == 4 ? 2 : 4;
    float[] upTaps = new float[6 * up];
    float[] downTaps = new float[6 * down];
    float[] below = new float[8 / up + 5];
    float[] eight = new float[8];
    float[] above = new float[block * down + 5 * down];
    float[] outputs = new float[block];
    int t = c.localIdx;
    int tile = c.groupIdx;
    int plane = tile / (p[0] * p[1]);
    tile = tile - plane * p[0] * p[1];
    int tileY = tile / p[0];
    int tileX = tile - tileY * p[0];
    int firstX = tileX * p[9];
    int firstY = tileY * p[10];
    int tileWidth = p[9];
    int tileHeight = p[10];
    int extraX = p[11];
    int extraY = p[12];
    int highX = firstX * down - extraX;
    int highY = firstY * down - extraY;
    int columns = p[15];
    int rows = p[16];
    int pitch = columns | 1;
    int imageColumns = p[17];
    int imageRows = p[18];
    int imagePitch = imageColumns | 1;
    boolean asItIs = p[26] != 0;

    // The taps, zeros after the last; and the image.
    if (t < 48) {
      float tap = 0f;
      if (t < 24) {
        if (t < p[22]) {
          tap = upFilter[p[21] + (asItIs ? t : p[22] - 1 - t)];
        }
      } else {
        int i = t - 24;
        if (!flat && i < p[24]) {
          tap = downFilter[p[23] + (asItIs ? i : p[24] - 1 - i)];
        }
      }
      taps[t] = tap;
    }
    int imageX = p[13] + firstX * down / up;
    int imageY = p[14] + firstY * down / up;
    int height = p[3];
    int width = p[4];
    float added = 0f;
    if (mode != SIGNED) {
      added = bias[p[20] + plane % p[2]];
    }
    int atX = p[19] + plane * height * width;
    for (int i = t; i < imageRows * imageColumns; i += 256) {
      int row = i / imageColumns;
      int column = i - row * imageColumns;
      int fromY = imageY + row;
      int fromX = imageX + column;
      float v = 0f;
      if (fromY >= 0 && fromY < height && fromX >= 0 && fromX < width) {
        v = x[atX + fromY * width + fromX] + added;
      }
      high[row * imagePitch + column] = v;
    }
    c.localBarrier();
    for (int i = 0; i < 6 * up; i++) {
      upTaps[i] = taps[i];
    }

    // Up along x.
    int chunksX = (columns + 7) >> 3;
    for (int i = t; i < imageRows * chunksX; i += 256) {
      int chunk = i / imageRows;
      int row = i - chunk * imageRows;
      int from = row * imagePitch + chunk * (8 / up);
      for (int j = 0; j < 8 / up + 5; j++) {
        below[j] = high[from + j];
      }
      FilterBlocks.up(eight, below, upTaps, up);
      int to = row * pitch + chunk * 8;
      int left = columns - chunk * 8;
      for (int j = 0; j < 8; j++) {
        if (j < left) {
          line[to + j] = eight[j];
        }
      }
    }
    c.localBarrier();

    // Up along y, and the pointwise part.
    float gain = q[0];
    float slope = q[1];
    float clamp = q[2];
    int chunksY = (rows + 7) >> 3;
    for (int i = t; i < columns * chunksY; i += 256) {
      int chunk = i / columns;
      int column = i - chunk * columns;
      int from = chunk * (8 / up) * pitch + column;
      for (int j = 0; j < 8 / up + 5; j++) {
        below[j] = line[from + j * pitch];
      }
      FilterBlocks.up(eight, below, upTaps, up);
      int mapX = highX + column + p[33];
      int mapY = highY + chunk * 8 + p[34];
      int word = 0;
      for (int j = 0; j < 8; j++) {
        float v = eight[j] * gain;
        if (mode == SIGNED) {
          int code = codeAt(map, p, plane, mapX, mapY + j);
          v = code == 0 ? v : code == 1 ? v * slope : 0f;
        } else {
          boolean negative = v < 0f;
          v = negative ? v * slope : v;
          float size = v < 0f ? -v : v;
          boolean clamped = clamp < size;
          v = clamped ? (v < 0f ? -clamp : clamp) : v;
          if (mode == SIGNS) {
            word |= (clamped ? 2 : negative ? 1 : 0) << (2 * j);
          }
        }
        eight[j] = v;
      }
      int to = chunk * 8 * pitch + column;
      int left = rows - chunk * 8;
      for (int j = 0; j < 8; j++) {
        if (j < left) {
          high[to + j * pitch] = eight[j];
        }
      }
      if (mode == SIGNS) {
        codes[i] = word;
      }
    }
    c.localBarrier();

    if (mode == SIGNS) {
      int firstByte = (firstX * down) >> 2;
      int bytes = (tileX == p[0] - 1 ? p[28] : ((firstX + tileWidth) * down) >> 2) - firstByte;
      int mapRows = (tileY == p[1] - 1 ? p[5] : (firstY + tileHeight) * down) - firstY * down;
      int atMap = p[27] + (plane * p[5] + firstY * down) * p[28] + firstByte;
      for (int i = t; i < bytes * mapRows; i += 256) {
        int row = i / bytes;
        int place = i - row * bytes;
        int from = ((row + extraY) >> 3) * columns + 4 * place + extraX;
        int shift = 2 * ((row + extraY) & 7);
        int left = p[6] - 4 * (firstByte + place);
        int packed = 0;
        for (int k = 0; k < 4; k++) {
          if (k < left) {
            packed |= ((codes[from + k] >> shift) & 3) << (2 * k);
          }
        }
        map[atMap + row * p[28] + place] = packed;
      }
    }

    int outWidth = p[8];
    int atY = p[30] + (plane * p[7] + firstY) * outWidth + firstX;
    int leftX = outWidth - firstX;
    int leftY = p[31] == 0 ? 0 : p[7] - firstY;
    int spans = tileWidth / block;
    if (flat) {
      // Down along both; the taps lie in what the passes up have left.
      if (t < 144) {
        int tapY = t / 12;
        int tapX = t - tapY * 12;
        float tap = 0f;
        if (tapY < p[25] && tapX < p[24]) {
          int at = tapY * p[24] + tapX;
          tap = downFilter[p[23] + (asItIs ? at : p[25] * p[24] - 1 - at)];
        }
        line[t] = tap;
      }
      c.localBarrier();
      for (int i = t; i < tileHeight * spans; i += 256) {
        int span = i / tileHeight;
        int row = i - span * tileHeight;
        int from = (extraY + row * down) * pitch + extraX + span * block * down;
        for (int j = 0; j < block; j++) {
          outputs[j] = 0f;
        }
        for (int tapY = 0; tapY < 12; tapY++) {
          for (int j = 0; j < 12; j++) {
            downTaps[j] = line[tapY * 12 + j];
          }
          for (int j = 0; j < (block + 5) * down; j++) {
            above[j] = high[from + tapY * pitch + j];
          }
          FilterBlocks.down(outputs, above, downTaps, down, block);
        }
        if (row < leftY) {
          for (int j = 0; j < block; j++) {
            if (span * block + j < leftX) {
              y[atY + row * outWidth + span * block + j] = outputs[j];
            }
          }
        }
      }
    } else {
      for (int i = 0; i < 6 * down; i++) {
        downTaps[i] = taps[24 + i];
      }
      int linePitch = tileWidth | 1;
      for (int i = t; i < rows * spans; i += 256) {
        int span = i / rows;
        int row = i - span * rows;
        int from = row * pitch + extraX + span * block * down;
        for (int j = 0; j < (block + 5) * down; j++) {
          above[j] = high[from + j];
        }
        for (int j = 0; j < block; j++) {
          outputs[j] = 0f;
        }
        FilterBlocks.down(outputs, above, downTaps, down, block);
        for (int j = 0; j < block; j++) {
          line[row * linePitch + span * block + j] = outputs[j];
        }
      }
      c.localBarrier();
      for (int i = t; i < tileWidth * (tileHeight / block); i += 256) {
        int span = i / tileWidth;
        int column = i - span * tileWidth;
        int from = (extraY + span * block * down) * linePitch + column;
        for (int j = 0; j < (block + 5) * down; j++) {
          above[j] = line[from + j * linePitch];
        }
        for (int j = 0; j < block; j++) {
          outputs[j] = 0f;
        }
        FilterBlocks.down(outputs, above, downTaps, down, block);
        if (column < leftX) {
          for (int j = 0; j < block; j++) {
            if (span * block + j < leftY) {
              y[atY + (span * block + j) * outWidth + column] = outputs[j];
            }
          }
        }
      }
    }
  }

  /** What a sign map tells of the sample at this place; 0 outside. */
  private static int codeAt(int[] map, int[] p, int plane, int mapX, int mapY) {
    int code = 0;
    if (mapX >= 0 && mapX < p[32] && mapY >= 0 && mapY < p[29]) {
      int bytes = map[p[27] + (plane * p[29] + mapY) * p[28] + (mapX >> 2)];
      code = (bytes >> (2 * (mapX & 3))) & 3;
    }
    return code;
  }
}
