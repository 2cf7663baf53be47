package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * Products of matrices {@code C[b] = A[b] * B[b]}, f32, each matrix dense and in rows; A is {@code
 * [rows, depth]} or, transposed, {@code [depth, rows]}, B is {@code [depth, columns]} or {@code
 * [columns, depth]}, C is {@code [rows, columns]}. Where the matrices of a batch begin is told by
 * offsets, so that one may serve many products. Every element of C is one chain of fused
 * multiply-adds in the order of depth: its bits do not depend on threads, nor on the number of
 * rows, columns or products.
 */
final class Matmul {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int TASKS = 16;
  private static final int PASS = 256;
  private static final int LINES = 16;
  private static final int PITCH = PASS + 16;
  private static final int MOST_ROWS = 504;
  private static final int MOST_COLUMNS = 256;

  /** So few rows are multiplied without packing. */
  private static final int FEW_ROWS = 2;

  final int rows;
  private final int columns;
  final int depth;
  private final boolean transposedA;
  private final boolean transposedB;
  private final long[] offsetsA;
  private final long[] offsetsB;
  private final int taskRows;
  private final int taskColumns;

  /**
   * A plan for one or more products.
   *
   * @param rows rows of C
   * @param columns columns of C
   * @param depth terms of each sum; with none, C is zero
   * @param transposedA whether A is stored {@code [depth, rows]}
   * @param transposedB whether B is stored {@code [columns, depth]}
   * @param offsetsA first element of A for each product
   * @param offsetsB first element of B for each product; C of product b begins at {@code b * rows *
   *     columns}
   */
  Matmul(
      int rows,
      int columns,
      int depth,
      boolean transposedA,
      boolean transposedB,
      long[] offsetsA,
      long[] offsetsB) {
    if (Math.min(rows, columns) < 1 || depth < 0 || offsetsA.length != offsetsB.length) {
      throw new AliasFreeException(
          "A matrix product of "
              + rows
              + " rows, "
              + columns
              + " columns, depth "
              + depth
              + ", "
              + offsetsA.length
              + " left and "
              + offsetsB.length
              + " right matrices was asked for; sizes must be positive and there must be as many left as"
              + " right matrices.");
    }
    this.rows = rows;
    this.columns = columns;
    this.depth = depth;
    this.transposedA = transposedA;
    this.transposedB = transposedB;
    this.offsetsA = offsetsA.clone();
    this.offsetsB = offsetsB.clone();
    int unit = GemmKernel.COLUMNS;
    int mostRows = Math.max(1, MOST_ROWS / GemmKernel.ROWS) * GemmKernel.ROWS;
    long rowParts = (rows + mostRows - 1L) / mostRows * Math.max(1, offsetsA.length);
    long share = (columns * rowParts / TASKS + unit - 1) / unit * unit;
    taskColumns = Math.clamp(share, unit, Math.max(unit, MOST_COLUMNS));
    long parts = rowParts * ((columns + taskColumns - 1) / taskColumns);
    int blocks = GemmKernel.blocks(Math.min(rows, mostRows));
    int cuts = Math.clamp(TASKS / parts, 1, blocks);
    taskRows = (blocks + cuts - 1) / cuts * GemmKernel.ROWS;
  }

  /** One product of matrices at the start of their tensors. */
  static Matmul single(int rows, int columns, int depth, boolean transposedA, boolean transposedB) {
    return new Matmul(rows, columns, depth, transposedA, transposedB, new long[1], new long[1]);
  }

  /** Whether A is worth packing for many runs: one matrix, whose rows are transposed by packing. */
  boolean packsLeft() {
    return !transposedA && Arrays.stream(offsetsA).allMatch(o -> o == 0) && rows > FEW_ROWS;
  }

  /** Floats of a packed A. */
  int packedFloats() {
    return Math.multiplyExact(GemmKernel.paddedRows(rows), depth);
  }

  /**
   * Packs A, once for any number of runs.
   *
   * @param a dense f32
   * @param packed takes {@link #packedFloats} floats
   */
  Work packing(MemorySegment a, float[] packed) {
    return new Work() {
      @Override
      public int tasks(int stage) {
        return GemmKernel.blocks(rows);
      }

      @Override
      public void run(int stage, int block, Scratch scratch) {
        int first = block * GemmKernel.ROWS;
        int height = Math.min(GemmKernel.ROWS, rows - first);
        int width = GemmKernel.blockRows(rows, block);
        for (int k = 0; k < depth; k += PASS) {
          int terms = Math.min(PASS, depth - k);
          int to = first * depth + k * width;
          packBlock(a, (long) first * depth + k, height, width, terms, packed, to, scratch);
        }
      }
    };
  }

  /** Joins the plan to its operands; every element of {@code c} is written. */
  Work bind(MemorySegment a, MemorySegment b, MemorySegment c) {
    return bind(a, null, b, c);
  }

  /**
   * Joins the plan to its operands; every element of {@code c} is written.
   *
   * @param packed what {@link #packing} made of A, or null
   */
  Work bind(MemorySegment a, float @Nullable [] packed, MemorySegment b, MemorySegment c) {
    if (rows <= FEW_ROWS && !transposedA && transposedB && VectorSupport.used()) {
      return new DotProducts(rows, columns, depth, offsetsA, offsetsB, a, b, c);
    }
    int rowTasks = (rows + taskRows - 1) / taskRows;
    int columnTasks = (columns + taskColumns - 1) / taskColumns;
    int tasks = Math.multiplyExact(offsetsA.length, Math.multiplyExact(rowTasks, columnTasks));
    return new Work() {
      @Override
      public int tasks(int stage) {
        return tasks;
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        int column = task % columnTasks * taskColumns;
        int row = task / columnTasks % rowTasks * taskRows;
        product(a, packed, b, c, task / columnTasks / rowTasks, row, column, scratch);
      }
    };
  }

  private void product(
      MemorySegment a,
      float @Nullable [] packed,
      MemorySegment b,
      MemorySegment c,
      int which,
      int row,
      int column,
      Scratch scratch) {
    int height = Math.min(taskRows, rows - row);
    int width = Math.min(taskColumns, columns - column);
    int padded = GemmKernel.paddedRows(height);
    float[] sums = scratch.floats(2, padded * taskColumns);
    float[] left = packed == null ? scratch.floats(3, padded * PASS) : packed;
    float[] right = scratch.floats(1, PASS * taskColumns);
    int[] offsets = scratch.ints(0, PASS);
    for (int k = 0; k < PASS; k++) {
      offsets[k] = k * taskColumns;
    }
    if (depth == 0) {
      Arrays.fill(sums, 0, padded * taskColumns, 0f);
    }
    for (int k = 0; k < depth; k += PASS) {
      int terms = Math.min(PASS, depth - k);
      if (packed == null) {
        packLeft(a, offsetsA[which], row, height, k, terms, left, scratch);
      }
      packRight(b, offsetsB[which], column, width, k, terms, right, scratch);
      for (int j = 0; j < width; j += GemmKernel.COLUMNS) {
        for (int block = 0; block < GemmKernel.blocks(height); block++) {
          int first = block * GemmKernel.ROWS;
          int blockRows = GemmKernel.blockRows(height, block);
          GemmKernel.run(
              blockRows,
              terms,
              left,
              packed == null ? first * terms : (row + first) * depth + k * blockRows,
              right,
              j,
              offsets,
              0,
              sums,
              first * taskColumns + j,
              taskColumns,
              k == 0);
        }
      }
    }
    for (int i = 0; i < height; i++) {
      long to = ((long) which * rows + row + i) * columns + column;
      MemorySegment.copy(sums, i * taskColumns, c, F32, to * Float.BYTES, width);
    }
  }

  private void packLeft(
      MemorySegment a,
      long base,
      int row,
      int height,
      int k,
      int terms,
      float[] to,
      Scratch scratch) {
    if (transposedA) {
      float[] lines = scratch.floats(0, height);
      for (int i = 0; i < terms; i++) {
        long from = base + (long) (k + i) * rows + row;
        MemorySegment.copy(a, F32, from * Float.BYTES, lines, 0, height);
        GemmPacking.spread(lines, height, i, terms, to);
      }
      return;
    }
    for (int block = 0; block < GemmKernel.blocks(height); block++) {
      int first = block * GemmKernel.ROWS;
      int width = GemmKernel.blockRows(height, block);
      int count = Math.min(width, height - first);
      long from = base + (long) (row + first) * depth + k;
      packBlock(a, from, count, width, terms, to, first * terms, scratch);
    }
  }

  /** Packs one row block, whose rows begin at element {@code first}. */
  private void packBlock(
      MemorySegment a,
      long first,
      int count,
      int width,
      int terms,
      float[] to,
      int at,
      Scratch scratch) {
    float[] lines = scratch.floats(0, LINES * PITCH);
    for (int i = 0; i < count; i++) {
      long from = first + (long) i * depth;
      MemorySegment.copy(a, F32, from * Float.BYTES, lines, i * PITCH, terms);
    }
    GemmPacking.interleave(lines, PITCH, count, terms, to, at, width, width);
  }

  private void packRight(
      MemorySegment b,
      long base,
      int column,
      int width,
      int k,
      int terms,
      float[] to,
      Scratch scratch) {
    int padded = (width + GemmKernel.COLUMNS - 1) / GemmKernel.COLUMNS * GemmKernel.COLUMNS;
    if (!transposedB) {
      for (int i = 0; i < terms; i++) {
        long from = base + (long) (k + i) * columns + column;
        MemorySegment.copy(b, F32, from * Float.BYTES, to, i * taskColumns, width);
        Arrays.fill(to, i * taskColumns + width, i * taskColumns + padded, 0f);
      }
      return;
    }
    float[] lines = scratch.floats(0, LINES * PITCH);
    for (int j = 0; j < width; j += LINES) {
      int count = Math.min(LINES, width - j);
      for (int i = 0; i < count; i++) {
        long from = base + (long) (column + j + i) * depth + k;
        MemorySegment.copy(b, F32, from * Float.BYTES, lines, i * PITCH, terms);
      }
      int until = j + LINES < width ? LINES : padded - j;
      GemmPacking.interleave(lines, PITCH, count, terms, to, j, taskColumns, until);
    }
  }
}
