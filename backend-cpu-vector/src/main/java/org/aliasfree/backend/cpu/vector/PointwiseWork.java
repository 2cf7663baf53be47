package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A {@link ConvPlan} of a single tap with its operands. A task is a block of places of one image
 * and group, for some output channels. It packs all input channels of its places into panels, which
 * stay in the second cache, then multiplies and stores one row block of weights after the other:
 * its sums stay in the first cache, and each weight is read once.
 */
final class PointwiseWork implements Work {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT;
  private static final int PANEL = GemmPanels.COLUMNS;

  /** So few output channels are not worth packing panels for: the layer that makes RGB. */
  private static final int FEW = 4;

  // Slots of scratch memory; what a phase packs with takes ConvWork.LINE.
  private static final int SUMS = 1;
  private static final int PLACES = 2;
  private static final int SCALES = 3;

  /**
   * The sums of each of {@link #FEW} channels: with arrays of their own the loops become vectors.
   */
  private static final int FEW_SUMS = 4;

  private static final int INPUT = 0;

  private final ConvPlan plan;
  private final ConvPhase phase;
  private final MemorySegment x;
  private final float[] packed;
  private final MemorySegment y;
  private final @Nullable MemorySegment inScale;
  private final @Nullable MemorySegment outScale;
  private final boolean flat;
  private final int depth;
  private final int parts;

  PointwiseWork(
      ConvPlan plan,
      MemorySegment x,
      float[] packed,
      MemorySegment y,
      @Nullable MemorySegment inScale,
      @Nullable MemorySegment outScale) {
    this.plan = plan;
    phase = plan.phases.getFirst();
    this.x = x;
    this.packed = packed;
    this.y = y;
    this.inScale = inScale;
    this.outScale = outScale;
    flat = VectorSupport.used() && phase.isFlat();
    depth = plan.groupIn;
    parts = Math.ceilDiv(plan.groupOut, plan.taskRows);
  }

  @Override
  public int tasks(int stage) {
    return Math.multiplyExact(plan.batch * plan.groups * parts, phase.blocks());
  }

  @Override
  public void run(int stage, int task, Scratch scratch) {
    int block = task / parts % phase.blocks();
    int group = task / parts / phase.blocks();
    int place = block * phase.length;
    int places = Math.min(phase.length, phase.places - place);
    if (addsUp(plan.groupOut)) {
      few(group, place, places, scratch);
      return;
    }
    GemmPanels input = scratch.panels(INPUT, depth * phase.length);
    pack(group, place, places, input.memory, scratch);
    float[] sums = scratch.floats(SUMS, GemmKernel.ROWS * phase.length);
    int weights = plan.packedBase(0, group % plan.groups);
    int first = task % parts * plan.taskRows;
    int end = Math.min(first + plan.taskRows, plan.groupOut);
    for (int r = first; r < end; r += GemmKernel.ROWS) {
      int rows = GemmKernel.blockRows(plan.groupOut, r / GemmKernel.ROWS);
      for (int j = 0; j < places; j += PANEL) {
        input.multiply(rows, depth, packed, weights + r * depth, j * depth, sums, j, phase.length);
      }
      store(group, r, Math.min(rows, end - r), place, places, sums, scratch);
    }
  }

  /**
   * Whether outputs are so few that they are added up by plain loops, of which the JVM makes
   * vectors; where it cannot, a fused multiply-add may be slow.
   */
  static boolean addsUp(int outputs) {
    return outputs <= FEW && VectorSupport.used();
  }

  /** Adds one input channel after the other to the outputs. */
  private void few(int group, int place, int places, Scratch scratch) {
    int out = plan.groupOut;
    int rows = GemmKernel.blockRows(out, 0);
    float[] line = scratch.floats(PLACES, phase.length);
    float[][] sums = new float[out][];
    for (int r = 0; r < out; r++) {
      sums[r] = scratch.floats(FEW_SUMS + r, phase.length);
      Arrays.fill(sums[r], 0, places, 0f);
    }
    int weights = plan.packedBase(0, group % plan.groups);
    long plane = plan.inPlane * Float.BYTES;
    for (int c = 0; c < depth; c++) {
      long channel = (long) group * depth + c;
      phase.pack(x, channel * plane, place, ConvWork.scale(inScale, channel), line, 0, scratch);
      for (int r = 0; r < out; r++) {
        add(line, places, packed[weights + c * rows + r], sums[r]);
      }
    }
    long outPlane = (long) plan.outHeight * plan.outWidth * Float.BYTES;
    for (int r = 0; r < out; r++) {
      long channel = (long) group * out + r;
      float scale = ConvWork.scale(outScale, channel);
      phase.store(sums[r], 0, place, scale, y, channel * outPlane, plan.outWidth);
    }
  }

  private static void add(float[] line, int places, float weight, float[] sum) {
    for (int i = 0; i < places; i++) {
      sum[i] = Math.fma(line[i], weight, sum[i]);
    }
  }

  private void pack(int group, int place, int places, MemorySegment to, Scratch scratch) {
    long first = (long) group * depth;
    long plane = plan.inPlane * Float.BYTES;
    int full = 0;
    if (flat) {
      full = places / PANEL;
      float[] scales = scales(inScale, first, depth, scratch);
      long at = first * plane + (long) place * Float.BYTES;
      PointwiseKernels.pack(x, at, plane, scales, depth, to, full);
    }
    if (full * PANEL >= places) {
      return;
    }
    float[] line = scratch.floats(PLACES, phase.length);
    for (int c = 0; c < depth; c++) {
      float scale = ConvWork.scale(inScale, first + c);
      phase.pack(x, (first + c) * plane, place, scale, line, 0, scratch);
      for (int j = full * PANEL; j < places; j += PANEL) {
        long at = ((long) j * depth + (long) c * PANEL) * Float.BYTES;
        MemorySegment.copy(line, j, to, F32, at, PANEL);
      }
    }
  }

  private void store(
      int group, int row, int rows, int place, int places, float[] sums, Scratch scratch) {
    long first = (long) group * plan.groupOut + row;
    long plane = (long) plan.outHeight * plan.outWidth * Float.BYTES;
    if (flat && places % Simd.LANES == 0) {
      float[] scales = scales(outScale, first, rows, scratch);
      long at = first * plane + (long) place * Float.BYTES;
      int vectors = places / Simd.LANES;
      PointwiseKernels.store(sums, phase.length, rows, vectors, scales, y, at, plane);
      return;
    }
    for (int r = 0; r < rows; r++) {
      float scale = ConvWork.scale(outScale, first + r);
      phase.store(sums, r * phase.length, place, scale, y, (first + r) * plane, plan.outWidth);
    }
  }

  private static float[] scales(
      @Nullable MemorySegment from, long first, int count, Scratch scratch) {
    float[] scales = scratch.floats(SCALES, count);
    if (from == null) {
      Arrays.fill(scales, 0, count, 1f);
    } else {
      MemorySegment.copy(from, F32, first * Float.BYTES, scales, 0, count);
    }
    return scales;
  }
}
