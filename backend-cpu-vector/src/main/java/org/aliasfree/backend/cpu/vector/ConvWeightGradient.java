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
 * <p>Both forms are a number of matrix products {@code A * B} over chunks of output places: A holds
 * row blocks of output channels, made of dy, B panels of input channels, made of x. All tasks work
 * on one chunk at a time, in two stages: operands are packed, then multiplied. A last stage makes
 * the weights. A chunk's sums are finished before they are added to those of the chunks before: so
 * a million places lose little accuracy. No sum is shared by tasks.
 */
abstract sealed class ConvWeightGradient permits DirectWeightGradient, WinogradWeightGradient {
  static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  static final int PANEL = GemmKernel.COLUMNS;

  private static final int TASKS = 16;

  // Memory that tasks share.
  private static final int LEFT = 3;
  private static final int RIGHT = 4;
  private static final int SUMS = 5;

  // Memory of a task; slots 0 to 2 are for packing.
  private static final int PART = 3;
  private static final int WEIGHTS = 4;

  final ConvShape s;

  /** Row blocks of a group. */
  final int blocks;

  /** Panels of a group. */
  final int panels;

  private final int padded;

  ConvWeightGradient(ConvShape s) {
    this.s = s;
    blocks = GemmKernel.blocks(s.groupOut());
    panels = (s.groupIn() + PANEL - 1) / PANEL;
    padded = GemmKernel.paddedRows(s.groupOut());
  }

  /** The plan for the forward convolution {@code s}, in the form that suits it. */
  static ConvWeightGradient of(ConvShape s) {
    return WinogradWeightGradient.suits(s)
        ? new WinogradWeightGradient(s)
        : new DirectWeightGradient(s);
  }

  /** Matrix products of a chunk, over which the operands of a block and a panel are shared. */
  abstract int products();

  abstract int chunks();

  /** Terms of each sum in a chunk. */
  abstract int depth(int chunk);

  /** Floats of all row blocks. */
  abstract int leftFloats();

  /** Floats of all panels. */
  abstract int rightFloats();

  /** Where A begins for a product and a row block, counted over all groups. */
  abstract int left(int product, int block);

  /** Where B begins for a product and a panel, counted over all groups. */
  abstract int right(int product, int panel);

  /** Where each row of B lies. */
  abstract int[] offsets();

  /** Packs output channels {@code [channel, channel + count)}, of all groups, for a block. */
  abstract void packLeft(
      MemorySegment dy, int chunk, int block, int channel, int count, float[] to, Scratch scratch);

  /** Packs input channels {@code [channel, channel + count)}, of all groups, for a panel. */
  abstract void packRight(
      MemorySegment x, int chunk, int panel, int channel, int count, float[] to, Scratch scratch);

  /**
   * Makes the weights of one output channel and a panel of the sums of all products.
   *
   * @param sums a panel's sums, the first product's at {@code at}, the others {@code step} apart
   * @param to for each tap the weights of the panel's channels, {@link #PANEL} apart
   */
  abstract void weights(float[] sums, int at, int step, float[] to, Scratch scratch);

  /**
   * Joins the plan to its operands; every element of {@code dw} is written.
   *
   * @param shared memory that the tasks share; no other work may use it during the run, any may
   *     before and after
   */
  Work bind(MemorySegment x, MemorySegment dy, MemorySegment dw, Scratch shared) {
    return new Bound(x, dy, dw, shared);
  }

  private final class Bound implements Work {
    private final MemorySegment x;
    private final MemorySegment dy;
    private final MemorySegment dw;
    private final float[] left;
    private final float[] right;
    private final float[] sums;
    private final int step = s.groups() * panels * padded * PANEL;
    private final int parts;

    Bound(MemorySegment x, MemorySegment dy, MemorySegment dw, Scratch shared) {
      this.x = x;
      this.dy = dy;
      this.dw = dw;
      left = shared.floats(LEFT, leftFloats());
      right = shared.floats(RIGHT, rightFloats());
      sums = shared.floats(SUMS, Math.multiplyExact(products(), step));
      int wide = Math.multiplyExact(products(), s.groups() * panels);
      parts = Math.clamp(TASKS / wide, 1, blocks);
    }

    @Override
    public int stages() {
      return 2 * chunks() + 1;
    }

    @Override
    public int tasks(int stage) {
      int all = s.groups() * panels;
      return stage == 2 * chunks()
          ? s.groups() * blocks
          : stage % 2 == 0 ? s.groups() * blocks + all : products() * all * parts;
    }

    @Override
    public void run(int stage, int task, Scratch scratch) {
      if (stage == 2 * chunks()) {
        store(task, scratch);
      } else if (stage % 2 == 0) {
        pack(stage / 2, task, scratch);
      } else {
        multiply(stage / 2, task, scratch);
      }
    }

    private void pack(int chunk, int task, Scratch scratch) {
      int all = s.groups() * panels;
      if (task < all) {
        int first = task % panels * PANEL;
        int count = Math.min(PANEL, s.groupIn() - first);
        packRight(x, chunk, task, task / panels * s.groupIn() + first, count, right, scratch);
      } else {
        int block = task - all;
        int first = block % blocks * GemmKernel.ROWS;
        int count = Math.min(GemmKernel.ROWS, s.groupOut() - first);
        packLeft(dy, chunk, block, block / blocks * s.groupOut() + first, count, left, scratch);
      }
    }

    private void multiply(int chunk, int task, Scratch scratch) {
      int panel = task / parts % (s.groups() * panels);
      int product = task / parts / (s.groups() * panels);
      int from = task % parts * blocks / parts;
      int until = (task % parts + 1) * blocks / parts;
      int depth = depth(chunk);
      float[] part = scratch.floats(PART, GemmKernel.ROWS * PANEL);
      int b = right(product, panel);
      for (int block = from; block < until; block++) {
        int rows = GemmKernel.blockRows(s.groupOut(), block);
        int a = left(product, panel / panels * blocks + block);
        int c = product * step + (panel * padded + block * GemmKernel.ROWS) * PANEL;
        float[] to = chunk == 0 ? sums : part;
        int at = chunk == 0 ? c : 0;
        GemmKernel.run(rows, depth, left, a, right, b, offsets(), 0, to, at, PANEL, true);
        if (chunk > 0) {
          add(part, rows * PANEL, sums, c);
        }
      }
    }

    private void store(int task, Scratch scratch) {
      int group = task / blocks;
      int first = task % blocks * GemmKernel.ROWS;
      int area = s.kernelArea();
      float[] taps = scratch.floats(WEIGHTS, 2 * area * PANEL);
      for (int r = first; r < Math.min(first + GemmKernel.ROWS, s.groupOut()); r++) {
        for (int panel = 0; panel < panels; panel++) {
          int at = ((group * panels + panel) * padded + r) * PANEL;
          weights(sums, at, step, taps, scratch);
          int channels = Math.min(PANEL, s.groupIn() - panel * PANEL);
          GemmPacking.interleave(taps, PANEL, area, channels, taps, area * PANEL, area, area);
          long to = ((long) group * s.groupOut() + r) * s.groupIn() + (long) panel * PANEL;
          MemorySegment.copy(taps, area * PANEL, dw, F32, to * area * Float.BYTES, channels * area);
        }
      }
    }
  }

  private static void add(float[] part, int count, float[] to, int at) {
    for (int i = 0; i < count; i++) {
      to[at + i] += part[i];
    }
  }

  /**
   * Copies a rectangle of a plane, zero outside it.
   *
   * @param plane where the plane begins in the tensor
   * @param top first row of the rectangle, of the plane's
   * @param left first column of the rectangle
   */
  static void copy(
      MemorySegment tensor,
      long plane,
      int height,
      int width,
      int top,
      int rows,
      int left,
      int columns,
      float[] to,
      int at) {
    int first = Math.clamp(-(long) left, 0, columns);
    int end = Math.clamp((long) width - left, first, columns);
    for (int i = 0; i < rows; i++) {
      int row = top + i;
      int line = at + i * columns;
      if (row < 0 || row >= height || first == end) {
        Arrays.fill(to, line, line + columns, 0f);
        continue;
      }
      Arrays.fill(to, line, line + first, 0f);
      long from = plane + (long) row * width + left + first;
      MemorySegment.copy(tensor, F32, from * Float.BYTES, to, line + first, end - first);
      Arrays.fill(to, line + end, line + columns, 0f);
    }
  }
}
