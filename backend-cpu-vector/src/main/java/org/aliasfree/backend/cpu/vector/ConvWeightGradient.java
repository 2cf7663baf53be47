package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The gradient of a convolution by its weights, {@code dw[o,c,a,b] = sum over n,i,j of dy[n,o,i,j]
 * * x[n, c, i*strideY + a*dilationY - padTop, j*strideX + b*dilationX - padLeft]}. The gradient of
 * a transposed convolution by its weights is the same with the roles of x and dy exchanged, for the
 * convolution that the transposed one is the adjoint of.
 *
 * <p>The sum runs over tiles of output places: a tile's dy is packed as A, its stretch of x as B
 * with a panel of channels side by side, and a tap is an offset into B. Sums of several tiles are
 * added in float, and those in double, so that a million places lose no accuracy. A task owns a
 * panel of input and a range of output channels: no sum is shared.
 */
final class ConvWeightGradient {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int PANEL = GemmKernel.COLUMNS;
  private static final int TILE = 512;
  private static final int TILE_COLUMNS = 64;
  private static final int TILES_IN_FLOAT = 8;
  private static final int MOST_SUMS = 1 << 18;
  private static final int TASKS = 16;

  private final ConvShape s;
  private final int outHeight;
  private final int outWidth;
  private final int tileRows;
  private final int tileColumns;
  private final int spanRows;
  private final int spanColumns;
  private final int taskRows;
  private final int rowTasks;
  private final int panels;
  private final int[] offsets;

  /** A plan for the forward convolution {@code s}. */
  ConvWeightGradient(ConvShape s) {
    this.s = s;
    outHeight = s.outHeight();
    outWidth = s.outWidth();
    int across = (outWidth + TILE_COLUMNS - 1) / TILE_COLUMNS;
    tileColumns = (outWidth + across - 1) / across;
    int most = Math.clamp(TILE / tileColumns, 1, outHeight);
    int down = (outHeight + most - 1) / most;
    tileRows = (outHeight + down - 1) / down;
    spanRows = s.strideY() * (tileRows - 1) + s.dilationY() * (s.kernelHeight() - 1) + 1;
    spanColumns = s.strideX() * (tileColumns - 1) + s.dilationX() * (s.kernelWidth() - 1) + 1;
    panels = (s.groupIn() + PANEL - 1) / PANEL;
    int blocks = GemmKernel.blocks(s.groupOut());
    int fit = Math.max(1, MOST_SUMS / (s.kernelArea() * PANEL * GemmKernel.ROWS));
    int cuts = Math.clamp(TASKS / Math.multiplyExact(s.groups(), panels), 1, blocks);
    taskRows = Math.min(fit, (blocks + cuts - 1) / cuts) * GemmKernel.ROWS;
    rowTasks = (s.groupOut() + taskRows - 1) / taskRows;
    offsets = new int[tileRows * tileColumns];
    for (int i = 0; i < tileRows; i++) {
      for (int j = 0; j < tileColumns; j++) {
        offsets[i * tileColumns + j] = (i * s.strideY() * spanColumns + j * s.strideX()) * PANEL;
      }
    }
  }

  /** Joins the plan to its operands; every element of {@code dw} is written. */
  Work bind(MemorySegment x, MemorySegment dy, MemorySegment dw) {
    int tasks = Math.multiplyExact(Math.multiplyExact(s.groups(), panels), rowTasks);
    return new Work() {
      @Override
      public int tasks(int stage) {
        return tasks;
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        int row = task % rowTasks * taskRows;
        int panel = task / rowTasks % panels * PANEL;
        int group = task / rowTasks / panels;
        double[] totals = sum(x, dy, group, row, panel, scratch);
        store(totals, dw, group, row, panel);
      }
    };
  }

  private double[] sum(
      MemorySegment x, MemorySegment dy, int group, int row, int panel, Scratch scratch) {
    int rows = Math.min(taskRows, s.groupOut() - row);
    int padded = GemmKernel.paddedRows(rows);
    int count = s.kernelArea() * padded * PANEL;
    float[] sums = scratch.floats(2, count);
    double[] totals = scratch.doubles(0, count);
    Arrays.fill(totals, 0, count, 0.0);
    int waiting = 0;
    for (int n = 0; n < s.batch(); n++) {
      for (int i = 0; i < outHeight; i += tileRows) {
        for (int j = 0; j < outWidth; j += tileColumns) {
          int height = Math.min(tileRows, outHeight - i);
          int width = Math.min(tileColumns, outWidth - j);
          packGradient(
              dy,
              n * s.outChannels() + group * s.groupOut() + row,
              rows,
              i,
              height,
              j,
              width,
              scratch);
          packInput(
              x,
              n * s.inChannels() + group * s.groupIn() + panel,
              Math.min(PANEL, s.groupIn() - panel),
              i,
              height,
              j,
              width,
              scratch);
          multiply(rows, padded, height * tileColumns, sums, waiting == 0, scratch);
          if (++waiting == TILES_IN_FLOAT) {
            drain(sums, totals, count);
            waiting = 0;
          }
        }
      }
    }
    if (waiting > 0) {
      drain(sums, totals, count);
    }
    return totals;
  }

  private static void drain(float[] sums, double[] totals, int count) {
    for (int i = 0; i < count; i++) {
      totals[i] += sums[i];
    }
  }

  /** Packs a tile of dy as A; places beyond the image are zero. */
  private void packGradient(
      MemorySegment dy,
      int channel,
      int rows,
      int top,
      int height,
      int left,
      int width,
      Scratch scratch) {
    int places = height * tileColumns;
    float[] to = scratch.floats(3, GemmKernel.paddedRows(rows) * tileRows * tileColumns);
    float[] lines = scratch.floats(0, GemmKernel.ROWS * places);
    for (int block = 0; block < GemmKernel.blocks(rows); block++) {
      int first = block * GemmKernel.ROWS;
      int padded = GemmKernel.blockRows(rows, block);
      int count = Math.min(padded, rows - first);
      for (int r = 0; r < count; r++) {
        long plane = (long) (channel + first + r) * outHeight;
        for (int i = 0; i < height; i++) {
          int line = r * places + i * tileColumns;
          long from = (plane + top + i) * outWidth + left;
          MemorySegment.copy(dy, F32, from * Float.BYTES, lines, line, width);
          Arrays.fill(lines, line + width, line + tileColumns, 0f);
        }
      }
      GemmPacking.interleave(lines, places, count, places, to, first * places, padded, padded);
    }
  }

  /** Packs the stretch of x that a tile sees, channels side by side. */
  private void packInput(
      MemorySegment x,
      int channel,
      int channels,
      int top,
      int height,
      int left,
      int width,
      Scratch scratch) {
    float[] to = scratch.floats(1, spanRows * spanColumns * PANEL);
    float[] lines = scratch.floats(0, PANEL * spanColumns);
    int used = s.strideX() * (width - 1) + s.dilationX() * (s.kernelWidth() - 1) + 1;
    int column = left * s.strideX() - s.padLeft();
    int first = Math.clamp(-(long) column, 0, used);
    int end = Math.clamp((long) s.width() - column, first, used);
    int span = s.strideY() * (height - 1) + s.dilationY() * (s.kernelHeight() - 1) + 1;
    for (int i = 0; i < span; i++) {
      int line = top * s.strideY() - s.padTop() + i;
      int at = i * spanColumns * PANEL;
      if (line < 0 || line >= s.height() || first == end) {
        Arrays.fill(to, at, at + spanColumns * PANEL, 0f);
        continue;
      }
      Arrays.fill(lines, 0, channels * spanColumns, 0f);
      for (int c = 0; c < channels; c++) {
        long from = ((long) (channel + c) * s.height() + line) * s.width() + column + first;
        MemorySegment.copy(x, F32, from * Float.BYTES, lines, c * spanColumns + first, end - first);
      }
      GemmPacking.interleave(lines, spanColumns, channels, spanColumns, to, at, PANEL, PANEL);
    }
  }

  private void multiply(
      int rows, int padded, int places, float[] sums, boolean fresh, Scratch scratch) {
    float[] left = scratch.floats(3, 0);
    float[] right = scratch.floats(1, 0);
    for (int block = 0; block < GemmKernel.blocks(rows); block++) {
      int first = block * GemmKernel.ROWS;
      int height = GemmKernel.blockRows(rows, block);
      for (int a = 0; a < s.kernelHeight(); a++) {
        for (int b = 0; b < s.kernelWidth(); b++) {
          int shift = (a * s.dilationY() * spanColumns + b * s.dilationX()) * PANEL;
          int to = ((a * s.kernelWidth() + b) * padded + first) * PANEL;
          GemmKernel.run(
              height,
              places,
              left,
              first * places,
              right,
              shift,
              offsets,
              0,
              sums,
              to,
              PANEL,
              fresh);
        }
      }
    }
  }

  private void store(double[] totals, MemorySegment dw, int group, int row, int panel) {
    int rows = Math.min(taskRows, s.groupOut() - row);
    int padded = GemmKernel.paddedRows(rows);
    int channels = Math.min(PANEL, s.groupIn() - panel);
    int area = s.kernelArea();
    for (int r = 0; r < rows; r++) {
      long plane = ((long) group * s.groupOut() + row + r) * s.groupIn() + panel;
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < area; tap++) {
          float value = (float) totals[(tap * padded + r) * PANEL + c];
          dw.setAtIndex(F32, (plane + c) * area + tap, value);
        }
      }
    }
  }
}
