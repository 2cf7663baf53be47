package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Products of very few rows with a matrix in rows, {@code c[i][j] = sum over k of a[i][k] *
 * b[j][k]}: the layers of the mapping network and styles for one image. Plain loops with eight sums
 * at a time are as fast as reading b, and spare the packing that vectors need. They are also fast
 * before they are compiled, which counts for what comes first in a process. Each element is the
 * same chain of fused multiply-adds as in {@link Matmul}.
 */
final class DotProducts implements Work {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int SUMS = 8;
  private static final int TASK_TERMS = 1 << 15;

  private final int rows;
  private final int columns;
  private final int depth;
  private final long[] offsetsA;
  private final long[] offsetsB;
  private final MemorySegment a;
  private final MemorySegment b;
  private final MemorySegment c;
  private final int taskColumns;
  private final int columnTasks;

  DotProducts(
      int rows,
      int columns,
      int depth,
      long[] offsetsA,
      long[] offsetsB,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c) {
    this.rows = rows;
    this.columns = columns;
    this.depth = depth;
    this.offsetsA = offsetsA;
    this.offsetsB = offsetsB;
    this.a = a;
    this.b = b;
    this.c = c;
    int groups = Math.max(1, TASK_TERMS / (SUMS * Math.max(1, depth)));
    taskColumns = groups * SUMS;
    columnTasks = Math.ceilDiv(columns, taskColumns);
  }

  @Override
  public int tasks(int stage) {
    return Math.multiplyExact(offsetsA.length, columnTasks);
  }

  @Override
  public void run(int stage, int task, Scratch scratch) {
    int which = task / columnTasks;
    int first = task % columnTasks * taskColumns;
    int end = Math.min(columns, first + taskColumns);
    float[] left = scratch.floats(0, rows * depth);
    float[] lines = scratch.floats(1, SUMS * depth);
    float[] sums = scratch.floats(2, SUMS);
    MemorySegment.copy(a, F32, offsetsA[which] * Float.BYTES, left, 0, rows * depth);
    for (int j = first; j < end; j += SUMS) {
      int count = Math.min(SUMS, end - j);
      long from = offsetsB[which] + (long) j * depth;
      MemorySegment.copy(b, F32, from * Float.BYTES, lines, 0, count * depth);
      for (int i = 0; i < rows; i++) {
        sum(left, i * depth, lines, depth, sums);
        long to = ((long) which * rows + i) * columns + j;
        MemorySegment.copy(sums, 0, c, F32, to * Float.BYTES, count);
      }
    }
  }

  private static void sum(float[] a, int ao, float[] b, int n, float[] sums) {
    float s0 = 0;
    float s1 = 0;
    float s2 = 0;
    float s3 = 0;
    float s4 = 0;
    float s5 = 0;
    float s6 = 0;
    float s7 = 0;
    for (int k = 0; k < n; k++) {
      float x = a[ao + k];
      s0 = Math.fma(x, b[k], s0);
      s1 = Math.fma(x, b[n + k], s1);
      s2 = Math.fma(x, b[2 * n + k], s2);
      s3 = Math.fma(x, b[3 * n + k], s3);
      s4 = Math.fma(x, b[4 * n + k], s4);
      s5 = Math.fma(x, b[5 * n + k], s5);
      s6 = Math.fma(x, b[6 * n + k], s6);
      s7 = Math.fma(x, b[7 * n + k], s7);
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    sums[4] = s4;
    sums[5] = s5;
    sums[6] = s6;
    sums[7] = s7;
  }
}
