package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ConvPlan} with its operands. A task is a block of places of one image, group and phase.
 */
final class ConvWork implements Work {
  /** Scratch slot of a line of input. */
  static final int LINE = 0;

  private static final int INPUT = 1;
  private static final int SUMS = 2;

  private final ConvPlan plan;
  private final MemorySegment x;
  private final float[] packed;
  private final MemorySegment y;
  private final @Nullable MemorySegment inScale;
  private final @Nullable MemorySegment outScale;
  private final int parts;
  private final int blocks;

  ConvWork(
      ConvPlan plan,
      MemorySegment x,
      float[] packed,
      MemorySegment y,
      @Nullable MemorySegment inScale,
      @Nullable MemorySegment outScale) {
    this.plan = plan;
    this.x = x;
    this.packed = packed;
    this.y = y;
    this.inScale = inScale;
    this.outScale = outScale;
    parts = (plan.groupOut + plan.taskRows - 1) / plan.taskRows;
    int all = 0;
    for (ConvPhase phase : plan.phases) {
      all += phase.blocks();
    }
    blocks = all;
  }

  @Override
  public int tasks(int stage) {
    return Math.multiplyExact(plan.batch * plan.groups * parts, blocks);
  }

  @Override
  public void run(int stage, int task, Scratch scratch) {
    int part = task % parts;
    int rest = task / parts;
    int block = rest % blocks;
    int image = rest / blocks / plan.groups;
    int group = rest / blocks % plan.groups;
    int phase = 0;
    while (block >= plan.phases.get(phase).blocks()) {
      block -= plan.phases.get(phase++).blocks();
    }
    int firstRow = part * plan.taskRows;
    int rows = Math.min(plan.taskRows, plan.groupOut - firstRow);
    compute(phase, block, image, group, firstRow, rows, scratch);
    store(plan.phases.get(phase), block, image, group, firstRow, rows, scratch);
  }

  private void compute(
      int which, int block, int image, int group, int firstRow, int rows, Scratch scratch) {
    ConvPhase phase = plan.phases.get(which);
    int length = phase.length;
    float[] sums = scratch.floats(SUMS, (rows + GemmKernel.ROWS) * length);
    int taps = phase.taps();
    if (taps == 0) {
      Arrays.fill(sums, 0, rows * length, 0f);
      return;
    }
    int pass = plan.passChannels[which];
    float[] input = scratch.floats(INPUT, pass * phase.channelFloats);
    int depth = plan.groupIn * taps;
    int weights = plan.packedBase(which, group);
    int used = Math.min(length, phase.places - block * length);
    for (int c = 0; c < plan.groupIn; c += pass) {
      int channels = Math.min(pass, plan.groupIn - c);
      for (int i = 0; i < channels; i++) {
        long channel = ((long) image * plan.groups + group) * plan.groupIn + c + i;
        float scale = scale(inScale, channel);
        long at = channel * plan.inPlane * Float.BYTES;
        phase.pack(x, at, block * length, scale, input, i * phase.channelFloats, scratch);
      }
      for (int r = 0; r < rows; r += GemmKernel.ROWS) {
        int height = GemmKernel.blockRows(plan.groupOut - firstRow, r / GemmKernel.ROWS);
        int a = weights + (firstRow + r) * depth + c * taps * height;
        for (int j = 0; j < used; j += GemmKernel.COLUMNS) {
          GemmKernel.run(
              height,
              channels * taps,
              packed,
              a,
              input,
              j,
              plan.offsets[which],
              0,
              sums,
              r * length + j,
              length,
              c == 0);
        }
      }
    }
  }

  private void store(
      ConvPhase phase, int block, int image, int group, int firstRow, int rows, Scratch scratch) {
    float[] sums = scratch.floats(SUMS, 0);
    long plane = (long) plan.outHeight * plan.outWidth * Float.BYTES;
    for (int r = 0; r < rows; r++) {
      long channel = ((long) image * plan.groups + group) * plan.groupOut + firstRow + r;
      float scale = scale(outScale, channel);
      phase.store(
          sums, r * phase.length, block * phase.length, scale, y, channel * plane, plan.outWidth);
    }
  }

  static float scale(@Nullable MemorySegment scales, long channel) {
    return scales == null ? 1f : scales.getAtIndex(ValueLayout.JAVA_FLOAT, channel);
  }
}
