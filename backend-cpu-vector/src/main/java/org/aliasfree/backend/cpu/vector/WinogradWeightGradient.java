package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * The gradient by the weights of a 3x3 convolution of stride 1, by Winograd's F(3x3, 4x4), the
 * transpose of F(4x4, 3x3): {@code dw = G' [sum over tiles of (A dy A') * (B' x B)] G}. That is 36
 * products for a tile of 4x4 places, where the direct sum has 144; the error is some six times the
 * direct sum's.
 *
 * <p>Lanes are channels: rows of an image are laid channel beside channel, transformed down their
 * columns, each column once, and then along the row of tiles. A chunk is some rows of tiles.
 */
final class WinogradWeightGradient extends ConvWeightGradient {
  /** Values of a transformed tile. */
  private static final int VALUES = 36;

  /** Tiles of a chunk: enough to make little of reading and writing the sums. */
  private static final int TILES = 384;

  /** Fewer tiles than this are not worth the larger number of sums. */
  private static final int FEWEST_TILES = 16;

  /** Between lines, so that they do not compete for the same places of the cache. */
  private static final int APART = 16;

  private static final int LINES = 0;
  private static final int DEALT = 1;
  private static final int HALF = 2;

  private final int lanes = Simd.LANES;
  private final int down;
  private final int across;
  private final int rowsAChunk;
  private final int blockFloats;
  private final int leftStep;
  private final int panelFloats;
  private final int rightStep;
  private final int[] offsets;

  WinogradWeightGradient(ConvShape s) {
    super(s);
    down = (s.outHeight() + 3) / 4;
    across = (s.outWidth() + 3) / 4;
    rowsAChunk = Math.clamp(TILES / across, 1, s.batch() * down);
    int most = rowsAChunk * across;
    // A vector of the last rows may reach beyond them. The steps are an odd number of cache lines:
    // a transform writes six values at once.
    blockFloats = most * GemmKernel.ROWS + lanes;
    leftStep = (blocks * blockFloats + 15) / 16 * 16 + 5 * 16;
    panelFloats = most * PANEL;
    rightStep = panels * panelFloats + 5 * 16;
    offsets = new int[most];
    for (int k = 0; k < most; k++) {
      offsets[k] = k * PANEL;
    }
  }

  /** Whether this form is the better one. */
  static boolean suits(ConvShape s) {
    boolean plain =
        s.strideY() == 1 && s.strideX() == 1 && s.dilationY() == 1 && s.dilationX() == 1;
    int tiles = s.batch() * ((s.outHeight() + 3) / 4) * ((s.outWidth() + 3) / 4);
    return VectorSupport.used()
        && WinogradTile.allowed()
        && plain
        && s.groups() == 1
        && s.kernelHeight() == 3
        && s.kernelWidth() == 3
        && s.inChannels() >= Convolution.WINOGRAD_OUT
        && s.outChannels() >= Convolution.WINOGRAD_OUT
        && tiles >= FEWEST_TILES;
  }

  private int rowsOf(int chunk) {
    return Math.min(rowsAChunk, s.batch() * down - chunk * rowsAChunk);
  }

  @Override
  int products() {
    return VALUES;
  }

  @Override
  int chunks() {
    return (s.batch() * down + rowsAChunk - 1) / rowsAChunk;
  }

  @Override
  int depth(int chunk) {
    return rowsOf(chunk) * across;
  }

  @Override
  int leftFloats() {
    return Math.multiplyExact(VALUES, leftStep);
  }

  @Override
  int rightFloats() {
    return Math.multiplyExact(VALUES, rightStep);
  }

  @Override
  int left(int product, int block) {
    return product * leftStep + block * blockFloats;
  }

  @Override
  int right(int product, int panel) {
    return product * rightStep + panel * panelFloats;
  }

  @Override
  int[] offsets() {
    return offsets;
  }

  @Override
  void packLeft(
      MemorySegment dy, int chunk, int block, int channel, int count, float[] to, Scratch scratch) {
    int columns = 4 * across;
    int row = columns * lanes;
    int rows = GemmKernel.blockRows(s.outChannels(), block);
    float[] lines = scratch.floats(LINES, lanes * (4 * columns + APART));
    float[] dealt = scratch.floats(DEALT, 4 * row);
    float[] half = scratch.floats(HALF, 6 * row);
    // A vector may reach into the next tile's rows: from the last vector of rows to the first, and
    // from the first tile to the last, what is written too much is written over.
    for (int lane = (rows - 1) / lanes * lanes; lane >= 0; lane -= lanes) {
      int some = Math.clamp((long) count - lane, 0, lanes);
      for (int r = 0; r < rowsOf(chunk); r++) {
        int tileRow = chunk * rowsAChunk + r;
        long image = (long) (tileRow / down) * s.outChannels() + channel + lane;
        deal(
            dy,
            image,
            some,
            s.outHeight(),
            s.outWidth(),
            tileRow % down * 4,
            4,
            0,
            columns,
            lines,
            dealt);
        TinyValues.clear(dealt, 0, 4 * row);
        WinogradGradientKernels.gradient(dealt, 0, row, lanes, half, 0, row, lanes, columns);
        for (int v = 0; v < 6; v++) {
          int at = left(6 * v, block) + r * across * rows + lane;
          WinogradGradientKernels.gradient(
              half, v * row, lanes, 4 * lanes, to, at, leftStep, rows, across);
        }
      }
    }
  }

  @Override
  void packRight(
      MemorySegment x, int chunk, int panel, int channel, int count, float[] to, Scratch scratch) {
    int columns = 4 * across + 2;
    int row = columns * lanes;
    float[] lines = scratch.floats(LINES, lanes * (6 * columns + APART));
    float[] dealt = scratch.floats(DEALT, 6 * row);
    float[] half = scratch.floats(HALF, 6 * row);
    for (int lane = 0; lane < PANEL; lane += lanes) {
      int some = Math.clamp((long) count - lane, 0, lanes);
      for (int r = 0; r < rowsOf(chunk); r++) {
        int tileRow = chunk * rowsAChunk + r;
        long image = (long) (tileRow / down) * s.inChannels() + channel + lane;
        int top = tileRow % down * 4 - s.padTop();
        deal(x, image, some, s.height(), s.width(), top, 6, -s.padLeft(), columns, lines, dealt);
        WinogradGradientKernels.input(dealt, 0, row, lanes, half, 0, row, lanes, columns);
        for (int v = 0; v < 6; v++) {
          int at = right(6 * v, panel) + r * across * PANEL + lane;
          WinogradGradientKernels.input(
              half, v * row, lanes, 4 * lanes, to, at, rightStep, PANEL, across);
        }
      }
    }
  }

  /** Lays some rows of some planes channel beside channel. */
  private void deal(
      MemorySegment tensor,
      long plane,
      int planes,
      int height,
      int width,
      int top,
      int rows,
      int left,
      int columns,
      float[] lines,
      float[] to) {
    int each = rows * columns;
    int pitch = each + APART;
    for (int c = 0; c < planes; c++) {
      long from = (plane + c) * height * width;
      copy(tensor, from, height, width, top, rows, left, columns, lines, c * pitch);
    }
    GemmPacking.interleave(lines, pitch, planes, each, to, 0, lanes, lanes);
  }

  @Override
  void weights(float[] sums, int at, int step, float[] to, Scratch scratch) {
    float[] half = scratch.floats(HALF, 18 * lanes);
    for (int lane = 0; lane < PANEL; lane += lanes) {
      WinogradGradientKernels.weights(
          sums, at + lane, 6 * step, step, half, 0, 6 * lanes, lanes, 6);
      WinogradGradientKernels.weights(half, 0, lanes, 6 * lanes, to, lane, PANEL, 3 * PANEL, 3);
    }
  }
}
