package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution or a transposed convolution of a fixed shape, direct form. Immutable; weights are
 * packed once by {@link #pack}, and {@link #bind} joins everything to a {@link Work}. Every output
 * element is one chain of fused multiply-adds over (channel, tap): its bits depend neither on
 * threads nor on the batch nor on the vector width.
 */
final class ConvPlan implements Convolution {
  /**
   * Terms of a sum that one pass over a block adds: the packed weights of a pass should stay in the
   * second cache.
   */
  private static final int PASS = 512;

  /**
   * Floats of the packed input of a task with a single tap: they should stay in the second cache.
   */
  private static final int POINTWISE_FLOATS = 200_000;

  private static final int TASKS = 16;

  final int batch;
  final int groups;
  final int groupIn;
  final int groupOut;
  final long inPlane;
  final int outHeight;
  final int outWidth;

  /** Channels packed at a time in each phase. */
  final int[] passChannels;

  /** Offsets of (channel, tap) pairs in each phase. */
  final int[][] offsets;

  final List<ConvPhase> phases;

  /** Output channels of a task, a multiple of the register block's rows. */
  final int taskRows;

  private final int kernelArea;
  private final int kernelWidth;
  private final boolean transposed;

  private ConvPlan(ConvShape s, boolean transposed, int outHeight, int outWidth) {
    this.transposed = transposed;
    this.outHeight = outHeight;
    this.outWidth = outWidth;
    batch = s.batch();
    groups = s.groups();
    groupIn = s.groupIn();
    groupOut = s.groupOut();
    inPlane = (long) s.height() * s.width();
    kernelArea = s.kernelArea();
    kernelWidth = s.kernelWidth();
    List<ConvAxis> ys =
        transposed
            ? ConvAxis.transposed(
                s.height(), outHeight, s.kernelHeight(), s.strideY(), s.dilationY(), s.padTop())
            : List.of(
                ConvAxis.forward(
                    s.height(),
                    outHeight,
                    s.kernelHeight(),
                    s.strideY(),
                    s.dilationY(),
                    s.padTop()));
    List<ConvAxis> xs =
        transposed
            ? ConvAxis.transposed(
                s.width(), outWidth, s.kernelWidth(), s.strideX(), s.dilationX(), s.padLeft())
            : List.of(
                ConvAxis.forward(
                    s.width(), outWidth, s.kernelWidth(), s.strideX(), s.dilationX(), s.padLeft()));
    int length = blockLength(ys, xs);
    phases = new ArrayList<>();
    for (ConvAxis y : ys) {
      for (ConvAxis x : xs) {
        phases.add(new ConvPhase(y, x, length));
      }
    }
    passChannels = new int[phases.size()];
    offsets = new int[phases.size()][];
    long blocks = 0;
    for (int i = 0; i < passChannels.length; i++) {
      ConvPhase phase = phases.get(i);
      int most = Math.clamp(PASS / Math.max(1, phase.taps()), 1, groupIn);
      int passes = (groupIn + most - 1) / most;
      passChannels[i] = (groupIn + passes - 1) / passes;
      offsets[i] = phase.offsets(passChannels[i]);
      blocks += (long) batch * groups * phase.blocks();
    }
    int rowBlocks = GemmKernel.blocks(groupOut);
    int parts = Math.clamp(TASKS / blocks, 1, rowBlocks);
    taskRows = (rowBlocks + parts - 1) / parts * GemmKernel.ROWS;
  }

  /** The convolution of shape {@code s}. */
  static ConvPlan forward(ConvShape s) {
    return new ConvPlan(s, false, s.outHeight(), s.outWidth());
  }

  /**
   * The transposed convolution: the gradient of a forward convolution by its input. Here x is
   * {@code [batch, inChannels, height, width]}, w is {@code [inChannels, outChannels / groups,
   * kernelHeight, kernelWidth]}, and the paddings are those of the forward convolution.
   *
   * @param s the shape with this operation's own input and output
   * @param outHeight rows of the result; beyond what the kernel reaches they are zero
   * @param outWidth columns of the result
   */
  static ConvPlan transposed(ConvShape s, int outHeight, int outWidth) {
    return new ConvPlan(s, true, outHeight, outWidth);
  }

  private int blockLength(List<ConvAxis> ys, List<ConvAxis> xs) {
    long places = 0;
    for (ConvAxis y : ys) {
      for (ConvAxis x : xs) {
        places += (long) y.out * (x.out + x.reach()) * batch * groups;
      }
    }
    int unit = GemmKernel.COLUMNS;
    // Long blocks read long rows; with many channels their sums would leave the second cache.
    boolean many = groupIn + groupOut > 256;
    int most = groupOut > 512 ? 128 : many ? 256 : 768;
    if (kernelArea == 1) {
      // Each channel of a block lies on other pages: without panels to fit a cache, long rows are
      // best.
      most =
          PointwiseWork.addsUp(groupOut)
              ? 4096
              : Math.min(POINTWISE_FLOATS / groupIn / unit * unit, 768);
    }
    long wanted = (places / TASKS + unit - 1) / unit * unit;
    int least = Math.max(unit, 64);
    return Math.clamp(wanted, least, Math.max(least, most));
  }

  private boolean isPointwise() {
    return phases.size() == 1 && phases.getFirst().taps() == 1;
  }

  private record Layout(
      boolean transposed, int groups, int groupIn, int groupOut, List<List<Integer>> kernels) {}

  @Override
  public Object layout() {
    List<List<Integer>> kernels = new ArrayList<>();
    for (ConvPhase phase : phases) {
      kernels.add(Arrays.stream(phase.y.kernel).boxed().toList());
      kernels.add(Arrays.stream(phase.x.kernel).boxed().toList());
    }
    return new Layout(transposed, groups, groupIn, groupOut, kernels);
  }

  @Override
  public int packedFloats() {
    int all = 0;
    for (int i = 0; i < phases.size(); i++) {
      all = Math.addExact(all, Math.multiplyExact(groups, groupFloats(i)));
    }
    return all;
  }

  @Override
  public Work packing(MemorySegment weights, float[] packed) {
    return new Work() {
      @Override
      public int tasks(int stage) {
        return phases.size() * groups;
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        int phase = task / groups;
        int group = task % groups;
        packPhase(weights, phase, group, packed, packedBase(phase, group));
      }
    };
  }

  private int groupFloats(int phase) {
    return Math.multiplyExact(GemmKernel.paddedRows(groupOut) * groupIn, phases.get(phase).taps());
  }

  /** First packed weight of a phase's group. */
  int packedBase(int phase, int group) {
    int base = 0;
    for (int i = 0; i < phase; i++) {
      base += groups * groupFloats(i);
    }
    return base + group * groupFloats(phase);
  }

  private void packPhase(MemorySegment weights, int phase, int group, float[] packed, int base) {
    ConvAxis y = phases.get(phase).y;
    ConvAxis x = phases.get(phase).x;
    int depth = groupIn * y.taps() * x.taps();
    for (int o = 0; o < groupOut; o++) {
      int block = o / GemmKernel.ROWS;
      int rows = GemmKernel.blockRows(groupOut, block);
      int to = base + block * GemmKernel.ROWS * depth + o % GemmKernel.ROWS;
      for (int c = 0; c < groupIn; c++) {
        long plane =
            transposed
                ? ((long) group * groupIn + c) * groupOut + o
                : ((long) group * groupOut + o) * groupIn + c;
        for (int ky : y.kernel) {
          for (int kx : x.kernel) {
            long at = plane * kernelArea + (long) ky * kernelWidth + kx;
            packed[to] = weights.getAtIndex(ValueLayout.JAVA_FLOAT, at);
            to += rows;
          }
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
      Scratch shared) {
    return isPointwise()
        ? new PointwiseWork(this, x, packed, y, inScale, outScale)
        : new ConvWork(this, x, packed, y, inScale, outScale);
  }
}
