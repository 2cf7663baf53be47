package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A 3x3 convolution of stride 1, or its transpose, by Winograd's F(4x4, 3x3): 36 matrix products
 * over channels, with 2.25 products an output in place of 9. Weights are transformed in double. The
 * error is about six times that of the direct sum. Each tile of 4x4 outputs is computed alike
 * wherever it lies: bits depend neither on threads nor on the batch.
 *
 * <p>An image is cut into blocks of tiles, numbered flat inside a block with one unused tile after
 * each row, so that neighbouring lanes are neighbouring tiles. A block goes through three stages:
 * tiles are transformed, multiplied by the weights, transformed back. Where there are blocks enough
 * for all processors, a task takes one through all stages, and what it writes stays in the caches
 * of its own processor. Otherwise all tasks work on one block at a time.
 */
final class WinogradPlan implements Convolution {
  /** Input channels whose weights are transformed together: what they take fits the first cache. */
  private static final int CHANNELS_AT_ONCE = 8;

  /**
   * Transformed values of the panels of a block at most, for one channel and lane: enough to use
   * each weight often, few enough for the third cache.
   */
  private static final int MOST_VALUES = 16 * 36;

  /** As {@link #MOST_VALUES} where every processor has a block of its own. */
  private static final int MOST_OWN_VALUES = 12 * 36;

  /** Transformed weights that can well be read again and again. */
  private static final int MOST_OWN_WEIGHTS = 1 << 22;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  final ConvShape s;
  final WinogradTile tile;
  final int outHeight;
  final int outWidth;
  final int padTop;
  final int padLeft;

  /** Whether a task takes a block through all stages, rather than all tasks one block. */
  final boolean ownBlocks;

  /** Tile rows of a block. */
  final int blockRows;

  /** Tile columns of a block. */
  final int blockColumns;

  /** Blocks of an image, row by row. */
  final int blocksDown;

  /** Blocks across an image. */
  final int blocksAcross;

  /** Panels of tiles in a full block. */
  final int panels;

  /** Rows of packed weights, padding included. */
  final int paddedOut;

  /**
   * Floats from one value of a transformed block to the next: an odd number of cache lines, since
   * the transform writes several values at once.
   */
  final int inputStep;

  /** Floats of a transformed block. */
  final int inputFloats;

  /** Floats of a block's products. */
  final int productFloats;

  /** Whether this is a gradient's convolution. */
  final boolean transposed;

  WinogradPlan(ConvShape s, WinogradTile tile, boolean transposed, int outHeight, int outWidth) {
    this.s = s;
    this.tile = tile;
    this.transposed = transposed;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    padTop = transposed ? 2 - s.padTop() : s.padTop();
    padLeft = transposed ? 2 - s.padLeft() : s.padLeft();
    paddedOut = GemmKernel.paddedRows(s.outChannels());
    int down = Math.ceilDiv(outHeight, tile.side);
    int across = Math.ceilDiv(outWidth, tile.side);
    Blocks one = blocks(down, across, MOST_VALUES / tile.values, 1, 0.3);
    Blocks own = blocks(down, across, MOST_OWN_VALUES / tile.values, PROCESSORS, 1);
    // Own blocks are faster by a fifth where they fit, and read the weights more often.
    long weights = (long) tile.values * s.inChannels() * s.outChannels();
    ownBlocks = weights <= MOST_OWN_WEIGHTS && own.cost < 1.2 * one.cost;
    blockRows = ownBlocks ? own.rows : one.rows;
    blockColumns = ownBlocks ? own.columns : one.columns;
    blocksDown = Math.ceilDiv(down, blockRows);
    blocksAcross = Math.ceilDiv(across, blockColumns);
    panels = panels(blockRows, blockColumns);
    inputStep = panels * GemmKernel.COLUMNS * s.inChannels() + 5 * 16;
    inputFloats = Math.multiplyExact(tile.values, inputStep);
    int rows = Math.multiplyExact(GemmKernel.blocks(s.outChannels()), GemmKernel.ROWS * panels);
    productFloats = Math.multiplyExact(rows, tile.values * GemmKernel.COLUMNS);
  }

  @Override
  public void announce(SharedScratch shared) {
    if (!ownBlocks) {
      shared.expect(WinogradWork.INPUT, inputFloats);
      shared.expect(WinogradWork.PRODUCTS, productFloats);
    }
  }

  /** Panels that a block of tiles takes. */
  static int panels(int rows, int columns) {
    return Math.ceilDiv((rows - 1) * (columns + 1) + columns, GemmKernel.COLUMNS);
  }

  /** A size of blocks, and its cost in panels of an image. */
  private record Blocks(int rows, int columns, double cost) {}

  /**
   * The blocks that leave the fewest lanes and processors unused.
   *
   * @param most panels of a block
   * @param atOnce blocks worked on at once
   * @param price what a block costs by itself, in panels: weights are read again, rows at its edges
   *     are transformed twice
   */
  private Blocks blocks(int down, int across, int most, int atOnce, double price) {
    Blocks best = new Blocks(1, Math.min(across, GemmKernel.COLUMNS), Double.MAX_VALUE);
    for (int parts = 1; parts <= across; parts++) {
      int columns = Math.ceilDiv(across, parts);
      int lastColumns = across - (Math.ceilDiv(across, columns) - 1) * columns;
      for (int rows = 1; rows <= down && panels(rows, columns) <= most; rows++) {
        int lastRows = down - (Math.ceilDiv(down, rows) - 1) * rows;
        long fullAcross = Math.ceilDiv(across, columns) - 1L;
        long fullDown = Math.ceilDiv(down, rows) - 1L;
        long all =
            fullDown * (fullAcross * panels(rows, columns) + panels(rows, lastColumns))
                + fullAcross * panels(lastRows, columns)
                + panels(lastRows, lastColumns);
        long count = s.batch() * (fullAcross + 1) * (fullDown + 1);
        double rounds = (double) Math.ceilDiv(count, (long) atOnce) * atOnce / count;
        double cost = rounds * (all + price * (fullAcross + 1) * (fullDown + 1));
        if (cost < best.cost) {
          best = new Blocks(rows, columns, cost);
        }
      }
    }
    return best;
  }

  private record Layout(WinogradTile tile, boolean transposed, int in, int out) {}

  @Override
  public Object layout() {
    return new Layout(tile, transposed, s.inChannels(), s.outChannels());
  }

  @Override
  public int packedFloats() {
    return Math.multiplyExact(tile.values * paddedOut, s.inChannels());
  }

  @Override
  public Work packing(MemorySegment weights, float[] packed) {
    return new Work() {
      @Override
      public int tasks(int stage) {
        return GemmKernel.blocks(s.outChannels());
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        transform(weights, packed, task, scratch);
      }
    };
  }

  /**
   * Transforms the weights of one row block: {@code G w G'}. Those of some input channels at once,
   * which lie one after the other in the result, so that every loop runs over neighbours.
   */
  private void transform(MemorySegment weights, float[] packed, int block, Scratch scratch) {
    int in = s.inChannels();
    int first = block * GemmKernel.ROWS;
    int rows = GemmKernel.blockRows(s.outChannels(), block);
    int count = Math.min(rows, s.outChannels() - first);
    int span = tile.span;
    int channels = Math.min(in, CHANNELS_AT_ONCE);
    double[] taps = scratch.doubles(0, 9 * channels * rows);
    double[] half = scratch.doubles(1, 3 * span * channels * rows);
    double[] values = scratch.doubles(2, span * channels * rows);
    for (int c = 0; c < in; c += channels) {
      int n = Math.min(channels, in - c) * rows;
      load(weights, first, rows, count, c, n, taps);
      for (int j = 0; j < 3; j++) {
        tile.weights(taps, j * n, 3 * n, half, j * n, 3 * n, n);
      }
      for (int i = 0; i < span; i++) {
        tile.weights(half, 3 * i * n, n, values, 0, n, n);
        for (int v = 0; v < span; v++) {
          int to = ((span * i + v) * paddedOut + first) * in + c * rows;
          for (int q = 0; q < n; q++) {
            packed[to + q] = (float) values[v * n + q];
          }
        }
      }
    }
  }

  /**
   * The nine taps of n / rows channels for each of some outputs: tap k of output r of channel c is
   * taps[k·n + c·rows + r]. The transposed convolution takes them in reverse.
   */
  private void load(
      MemorySegment weights, int first, int rows, int count, int channel, int n, double[] taps) {
    Arrays.fill(taps, 0, 9 * n, 0);
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < n / rows; c++) {
        long kernel =
            transposed
                ? (long) (channel + c) * s.outChannels() + first + r
                : (long) (first + r) * s.inChannels() + channel + c;
        for (int k = 0; k < 9; k++) {
          int tap = transposed ? 8 - k : k;
          taps[tap * n + c * rows + r] = weights.getAtIndex(ValueLayout.JAVA_FLOAT, kernel * 9 + k);
        }
      }
    }
  }

  @Override
  public Work bind(
      MemorySegment x,
      float[] packed,
      MemorySegment y,
      @Nullable MemorySegment inScale,
      @Nullable MemorySegment outScale,
      Scratch sharedMemory) {
    return new WinogradWork(this, x, packed, y, inScale, outScale, sharedMemory);
  }
}
