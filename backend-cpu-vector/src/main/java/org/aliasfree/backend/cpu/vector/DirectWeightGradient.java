package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * The sum as it is written, one matrix product a tap: a tile's dy is A, its stretch of x is B with
 * the channels side by side, and a tap is an offset into B. A chunk is one tile of a large image or
 * several small images.
 */
final class DirectWeightGradient extends ConvWeightGradient {
  /** Places of a chunk. Long runs are what memory likes, and a single tap has little else to do. */
  private static final int PLACES = 1024;

  private static final int PLACES_OF_ONE_TAP = 2048;
  private static final int TILE_COLUMNS = 64;

  /** Between lines, so that they do not compete for the same places of the cache. */
  private static final int APART = 16;

  private final int tileRows;
  private final int tileColumns;
  private final int down;
  private final int across;
  private final int tilesAChunk;
  private final int spanRows;
  private final int spanColumns;
  private final int[] offsets;

  DirectWeightGradient(ConvShape given) {
    super(flattened(given));
    int outHeight = s.outHeight();
    int outWidth = s.outWidth();
    int places = s.kernelArea() == 1 ? PLACES_OF_ONE_TAP : PLACES;
    int widest = s.kernelHeight() == 1 ? places : TILE_COLUMNS;
    across = (outWidth + widest - 1) / widest;
    tileColumns = (outWidth + across - 1) / across;
    int most = Math.clamp(places / tileColumns, 1, outHeight);
    down = (outHeight + most - 1) / most;
    tileRows = (outHeight + down - 1) / down;
    int tile = tileRows * tileColumns;
    tilesAChunk = Math.clamp(places / tile, 1, Math.multiplyExact(s.batch(), down * across));
    spanRows = s.strideY() * (tileRows - 1) + s.dilationY() * (s.kernelHeight() - 1) + 1;
    spanColumns = s.strideX() * (tileColumns - 1) + s.dilationX() * (s.kernelWidth() - 1) + 1;
    offsets = new int[tilesAChunk * tile];
    for (int k = 0; k < offsets.length; k++) {
      int i = k % tile / tileColumns * s.strideY();
      int j = k % tile % tileColumns * s.strideX();
      offsets[k] = ((k / tile * spanRows + i) * spanColumns + j) * PANEL;
    }
  }

  /** Without neighbours the rows of an image are one. */
  private static ConvShape flattened(ConvShape s) {
    boolean alone = s.kernelArea() == 1 && s.strideY() == 1 && s.strideX() == 1;
    boolean exact = s.padTop() == 0 && s.padBottom() == 0 && s.padLeft() == 0 && s.padRight() == 0;
    if (!alone || !exact) {
      return s;
    }
    int places = Math.multiplyExact(s.height(), s.width());
    int in = s.inChannels();
    int out = s.outChannels();
    return new ConvShape(s.batch(), in, 1, places, out, 1, 1, s.groups(), 1, 1, 1, 1, 0, 0, 0, 0);
  }

  private int tiles() {
    return s.batch() * down * across;
  }

  private int tilesOf(int chunk) {
    return Math.min(tilesAChunk, tiles() - chunk * tilesAChunk);
  }

  @Override
  int products() {
    return s.kernelArea();
  }

  @Override
  int chunks() {
    return (tiles() + tilesAChunk - 1) / tilesAChunk;
  }

  @Override
  int depth(int chunk) {
    return tilesOf(chunk) * tileRows * tileColumns;
  }

  private int blockFloats() {
    return GemmKernel.ROWS * offsets.length;
  }

  private int panelFloats() {
    return tilesAChunk * spanRows * spanColumns * PANEL;
  }

  @Override
  int leftFloats() {
    return Math.multiplyExact(s.groups() * blocks, blockFloats());
  }

  @Override
  int rightFloats() {
    return Math.multiplyExact(s.groups() * panels, panelFloats());
  }

  @Override
  int left(int product, int block) {
    return block * blockFloats();
  }

  @Override
  int right(int product, int panel) {
    int row = product / s.kernelWidth() * s.dilationY();
    int column = product % s.kernelWidth() * s.dilationX();
    return panel * panelFloats() + (row * spanColumns + column) * PANEL;
  }

  @Override
  int[] offsets() {
    return offsets;
  }

  /** Places beyond the image are zero. */
  @Override
  void packLeft(
      MemorySegment dy, int chunk, int block, int channel, int count, float[] to, Scratch scratch) {
    int depth = depth(chunk);
    int pitch = depth + APART;
    float[] lines = scratch.floats(0, count * pitch);
    for (int t = 0; t < tilesOf(chunk); t++) {
      int tile = chunk * tilesAChunk + t;
      int image = tile / (down * across);
      int top = tile / across % down * tileRows;
      int left = tile % across * tileColumns;
      for (int r = 0; r < count; r++) {
        long plane = ((long) image * s.outChannels() + channel + r) * s.outHeight() * s.outWidth();
        int at = r * pitch + t * tileRows * tileColumns;
        copy(dy, plane, s.outHeight(), s.outWidth(), top, tileRows, left, tileColumns, lines, at);
      }
    }
    int rows = GemmKernel.blockRows(s.groupOut(), block % blocks);
    GemmPacking.interleave(lines, pitch, count, depth, to, left(0, block), rows, rows);
  }

  @Override
  void packRight(
      MemorySegment x, int chunk, int panel, int channel, int count, float[] to, Scratch scratch) {
    int span = spanRows * spanColumns;
    int pitch = span + APART;
    float[] lines = scratch.floats(0, count * pitch);
    for (int t = 0; t < tilesOf(chunk); t++) {
      int tile = chunk * tilesAChunk + t;
      int image = tile / (down * across);
      int top = tile / across % down * tileRows * s.strideY() - s.padTop();
      int left = tile % across * tileColumns * s.strideX() - s.padLeft();
      for (int c = 0; c < count; c++) {
        long plane = ((long) image * s.inChannels() + channel + c) * s.height() * s.width();
        copy(x, plane, s.height(), s.width(), top, spanRows, left, spanColumns, lines, c * pitch);
      }
      int at = panel * panelFloats() + t * span * PANEL;
      GemmPacking.interleave(lines, pitch, count, span, to, at, PANEL, PANEL);
    }
  }

  @Override
  void weights(float[] sums, int at, int step, float[] to, Scratch scratch) {
    for (int tap = 0; tap < s.kernelArea(); tap++) {
      System.arraycopy(sums, at + tap * step, to, tap * PANEL, PANEL);
    }
  }
}
