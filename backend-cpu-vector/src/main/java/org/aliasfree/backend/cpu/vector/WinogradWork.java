package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * A {@link WinogradPlan} with its operands. Memory of a block: transformed input {@code
 * V[value][panel][channel][tile]}, and products {@code M[row block][panel][value][row][tile]}, with
 * {@link GemmKernel#COLUMNS} tiles in a panel. Both are written in runs of a kilobyte or more:
 * lines that are touched one by one, far apart, would each wait for the memory.
 */
final class WinogradWork implements Work {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int LANES = Simd.LANES;
  private static final int PANEL = GemmKernel.COLUMNS;
  private static final int CHANNELS_A_TASK = 8;

  /** Enough for all of most layers: a task then reads the tiles of its value once. */
  private static final int ROW_BLOCKS_A_TASK = 40;

  // Slots of a task's scratch memory.
  private static final int LINE = 0;
  private static final int DEALT = 1;
  private static final int HALF = 2;

  // Slots of the shared memory.
  static final int INPUT = 3;
  static final int PRODUCTS = 4;

  private final WinogradPlan plan;
  private final WinogradTile tile;
  private final int side;
  private final int span;
  private final int values;
  private final MemorySegment x;
  private final float[] packed;
  private final MemorySegment y;
  private final @Nullable MemorySegment inScale;
  private final @Nullable MemorySegment outScale;
  private final Scratch shared;
  private final int blocks;
  private final int in;
  private final int out;
  private final int inputStep;
  private final int blockFloats;

  /** Parts of the shared memory that tasks with blocks of their own may take. */
  private final Deque<WinogradMemory> parts = new ConcurrentLinkedDeque<>();

  WinogradWork(
      WinogradPlan plan,
      MemorySegment x,
      float[] packed,
      MemorySegment y,
      @Nullable MemorySegment inScale,
      @Nullable MemorySegment outScale,
      Scratch shared) {
    this.plan = plan;
    tile = plan.tile;
    side = tile.side;
    span = tile.span;
    values = tile.values;
    this.x = x;
    this.packed = packed;
    this.y = y;
    this.inScale = inScale;
    this.outScale = outScale;
    this.shared = shared;
    in = plan.s.inChannels();
    out = plan.s.outChannels();
    inputStep = plan.inputStep;
    blockFloats = GemmKernel.ROWS * plan.panels * values * PANEL;
    blocks = plan.s.batch() * plan.blocksDown * plan.blocksAcross;
    if (plan.ownBlocks) {
      share();
    } else {
      // Tasks find the shared memory large enough: none of them replaces an array under the others.
      parts.add(memory(shared));
    }
  }

  private WinogradMemory memory(Scratch scratch) {
    return new WinogradMemory(
        scratch.floats(INPUT, plan.inputFloats),
        0,
        scratch.floats(PRODUCTS, plan.productFloats),
        0);
  }

  /** Cuts what other layers share into parts: it would lie idle. */
  private void share() {
    float[] v = shared.floats(INPUT, 0);
    float[] m = shared.floats(PRODUCTS, 0);
    int most = Math.min(v.length / plan.inputFloats, m.length / plan.productFloats);
    for (int i = 0; i < most; i++) {
      parts.add(new WinogradMemory(v, i * plan.inputFloats, m, i * plan.productFloats));
    }
  }

  @Override
  public int stages() {
    return plan.ownBlocks ? 1 : 3 * blocks;
  }

  @Override
  public int tasks(int stage) {
    return plan.ownBlocks ? blocks : pieces(stage % 3);
  }

  /** Pieces of one of the three stages of a block. */
  private int pieces(int part) {
    return switch (part) {
      case 0 -> Math.ceilDiv(in, CHANNELS_A_TASK);
      case 1 -> values * Math.ceilDiv(GemmKernel.blocks(out), ROW_BLOCKS_A_TASK);
      default -> GemmKernel.blocks(out);
    };
  }

  @Override
  public void run(int stage, int task, Scratch scratch) {
    if (!plan.ownBlocks) {
      run(stage % 3, task, block(stage / 3), parts.element(), scratch);
      return;
    }
    WinogradMemory free = parts.poll();
    WinogradMemory memory = free == null ? memory(scratch) : free;
    Block block = block(task);
    for (int part = 0; part < 3; part++) {
      for (int i = 0; i < pieces(part); i++) {
        run(part, i, block, memory, scratch);
      }
    }
    if (free != null) {
      parts.push(free);
    }
  }

  /** Runs a piece of one of the three stages of a block. */
  private void run(int part, int task, Block block, WinogradMemory memory, Scratch scratch) {
    switch (part) {
      case 0 -> {
        int first = task * CHANNELS_A_TASK;
        input(block, first, Math.min(in - first, CHANNELS_A_TASK), memory, scratch);
      }
      case 1 -> {
        int all = GemmKernel.blocks(out);
        int group = task / values * ROW_BLOCKS_A_TASK;
        int until = Math.min(all, group + ROW_BLOCKS_A_TASK);
        multiply(task % values, group, until, block.panels, memory);
      }
      default -> output(block, task, memory, scratch);
    }
  }

  /** Where a block lies: its image, first tile, extent in tiles, and panels. */
  private record Block(int image, int top, int left, int rows, int columns, int panels) {
    int pitch() {
      return columns + 1;
    }

    /**
     * Distance of two planes of one float a numbered tile; reading runs past the end by up to two
     * vectors.
     */
    int plane() {
      return panels * PANEL + 3 * LANES;
    }
  }

  private Block block(int index) {
    int image = index / (plan.blocksDown * plan.blocksAcross);
    int top = index / plan.blocksAcross % plan.blocksDown * plan.blockRows;
    int left = index % plan.blocksAcross * plan.blockColumns;
    int rows = Math.min(plan.blockRows, Math.ceilDiv(plan.outHeight, side) - top);
    int columns = Math.min(plan.blockColumns, Math.ceilDiv(plan.outWidth, side) - left);
    return new Block(image, top, left, rows, columns, WinogradPlan.panels(rows, columns));
  }

  /** Transforms the tiles of some channels of a block. */
  private void input(Block block, int first, int channels, WinogradMemory memory, Scratch scratch) {
    int groups = Math.ceilDiv(block.columns + 1, LANES);
    int row = side * groups * LANES;
    float[] dealt = scratch.floats(DEALT, (side * block.rows + 2) * row);
    int plane = block.plane();
    float[] half = scratch.floats(HALF, span * side * plane * channels);
    for (int c = 0; c < channels; c++) {
      deal(block, first + c, dealt, row, scratch);
      for (int r = 0; r < block.rows; r++) {
        for (int phase = 0; phase < side; phase++) {
          int from = side * r * row + phase * groups * LANES;
          int to = (span * side * c + phase) * plane + r * block.pitch();
          tile.input(
              dealt,
              from,
              row,
              side * row,
              (side + 1) * row,
              LANES,
              half,
              to,
              side * plane,
              LANES,
              groups);
        }
      }
    }
    for (int panel = 0; panel < block.panels; panel++) {
      for (int i = 0; i < span; i++) {
        for (int t = 0; t < PANEL; t += LANES) {
          int from = side * i * plane + panel * PANEL + t;
          int to = memory.vAt + span * i * inputStep + (panel * in + first) * PANEL + t;
          tile.input(
              half,
              from,
              plane,
              1,
              plane + 1,
              span * side * plane,
              memory.v,
              to,
              inputStep,
              PANEL,
              channels);
        }
      }
    }
  }

  /**
   * Deals the rows of one channel that a block needs out by column modulo the tile's side, zero
   * outside the image.
   */
  private void deal(Block block, int channel, float[] to, int row, Scratch scratch) {
    int width = plan.s.width();
    int height = plan.s.height();
    float[] line = scratch.floats(LINE, row);
    long index = (long) block.image * in + channel;
    float scale = inScale == null ? 1f : inScale.getAtIndex(F32, index);
    int x0 = side * block.left - plan.padLeft;
    int lo = Math.clamp(-(long) x0, 0, row);
    int hi = Math.clamp((long) width - x0, lo, row);
    for (int i = 0; i < side * block.rows + 2; i++) {
      int source = side * block.top - plan.padTop + i;
      if (source < 0 || source >= height || lo == hi) {
        Arrays.fill(to, i * row, (i + 1) * row, 0f);
        continue;
      }
      Arrays.fill(line, 0, lo, 0f);
      long from = (index * height + source) * width + x0 + lo;
      MemorySegment.copy(x, F32, from * Float.BYTES, line, lo, hi - lo);
      Arrays.fill(line, hi, row, 0f);
      if (scale != 1f) {
        for (int j = lo; j < hi; j++) {
          line[j] *= scale;
        }
      }
      if (plan.transposed) {
        TinyValues.clear(line, lo, hi);
      }
      tile.deal(line, 0, to, i * row, row / side, row / side);
    }
  }

  /** The products of one value for some row blocks. */
  private void multiply(int value, int from, int until, int panels, WinogradMemory memory) {
    for (int block = from; block < until; block++) {
      int first = block * GemmKernel.ROWS;
      int rows = GemmKernel.blockRows(out, block);
      int a = (value * plan.paddedOut + first) * in;
      for (int p = 0; p < panels; p++) {
        int b = memory.vAt + value * inputStep + p * PANEL * in;
        int c = memory.mAt + block * blockFloats + (p * values + value) * rows * PANEL;
        GemmKernel.panel(rows, in, packed, a, memory.v, b, memory.m, c, PANEL);
      }
    }
  }

  /** Transforms the tiles of a row block of output channels back and stores them. */
  private void output(Block block, int rowBlock, WinogradMemory memory, Scratch scratch) {
    int first = rowBlock * GemmKernel.ROWS;
    int channels = Math.min(out - first, GemmKernel.ROWS);
    int plane = block.plane();
    float[] half = scratch.floats(HALF, span * side * LANES * channels);
    float[] tiles = scratch.floats(DEALT, side * side * plane * channels);
    int step = GemmKernel.blockRows(out, rowBlock) * PANEL;
    for (int t = 0; t < block.panels * PANEL; t += LANES) {
      for (int i = 0; i < span; i++) {
        int from =
            memory.mAt + rowBlock * blockFloats + (t / PANEL * values + i) * step + t % PANEL;
        tile.output(
            memory.m,
            from,
            span * step,
            PANEL,
            half,
            i * LANES,
            span * LANES,
            span * side * LANES,
            channels);
      }
      for (int c = 0; c < channels; c++) {
        int to = side * side * plane * c + t;
        tile.output(
            half,
            span * side * LANES * c,
            LANES,
            span * LANES,
            tiles,
            to,
            plane,
            side * plane,
            side);
      }
    }
    for (int c = 0; c < channels; c++) {
      store(block, first + c, tiles, side * side * plane * c, plane, scratch);
    }
  }

  private void store(Block block, int channel, float[] tiles, int at, int plane, Scratch scratch) {
    float[] line = scratch.floats(LINE, side * block.columns);
    long index = (long) block.image * out + channel;
    float scale = outScale == null ? 1f : outScale.getAtIndex(F32, index);
    int left = side * block.left;
    int count = Math.min(side * block.columns, plan.outWidth - left);
    int rows = Math.min(side * block.rows, plan.outHeight - side * block.top);
    for (int i = 0; i < rows; i++) {
      int from = at + i % side * side * plane + i / side * block.pitch();
      tile.gather(tiles, from, plane, line, 0, block.columns);
      if (scale != 1f) {
        for (int j = 0; j < count; j++) {
          line[j] *= scale;
        }
      }
      long to = (index * plan.outHeight + (long) side * block.top + i) * plan.outWidth + left;
      MemorySegment.copy(line, 0, y, F32, to * Float.BYTES, count);
    }
  }
}
