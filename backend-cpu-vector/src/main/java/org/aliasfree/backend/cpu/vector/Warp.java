package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.aliasfree.tensor.HostTensor;

/**
 * The affine warp of augmentation, y = D·S·U·x for each plane, and its adjoint Uᵀ·Sᵀ·Dᵀ: U reflects
 * and up-samples by 2, S samples bilinearly at the mapped points, D down-samples by 2 and crops.
 *
 * <p>Only the part of the padded, up-sampled plane that the points of an image fall on is made. The
 * points are worked on row by row, and are counted from the first that D looks at. A task is a
 * plane: the adjoint passes its points in order, so sums have one order whatever the threads.
 */
final class Warp implements Work {
  private static final int UP = 0;
  private static final int WIDE = 1;
  private static final int PLANE = 2;
  private static final int LINE = 3;
  private static final int PHASE = 4;
  private static final int EVEN = 5;
  private static final int ODD = 6;
  private static final int ROW = 7;

  private final boolean adjoint;
  private final int channels;
  private final int height;
  private final int width;
  private final long planes;
  private final int[] margins;
  private final float[] taps;
  private final MemorySegment inverse;
  private final MemorySegment in;
  private final MemorySegment out;
  private final int columns;
  private final int rows;
  private final int firstPoint;

  /**
   * @param adjoint whether {@code in} is dy and {@code out} dx
   * @param size {N, C, H, W}
   * @param inverse f32 [N, 2, 3]
   * @param margins left, top, right, bottom
   */
  Warp(
      boolean adjoint,
      int[] size,
      MemorySegment inverse,
      int[] margins,
      float[] taps,
      MemorySegment in,
      MemorySegment out) {
    this.adjoint = adjoint;
    planes = (long) size[0] * size[1];
    channels = size[1];
    height = size[2];
    width = size[3];
    this.inverse = inverse;
    this.margins = margins;
    this.taps = taps;
    this.in = in;
    this.out = out;
    columns = 2 * width + taps.length - 2;
    rows = 2 * height + taps.length - 2;
    firstPoint = 2 * (taps.length / 4) - (taps.length - 1) / 2;
  }

  @Override
  public int tasks(int stage) {
    return Math.toIntExact(planes);
  }

  @Override
  public void run(int stage, int task, Scratch scratch) {
    Plane plane = new Plane(task, scratch);
    if (adjoint) {
      plane.backward();
    } else {
      plane.forward();
    }
  }

  /** What is known while a plane is worked on. */
  private final class Plane {
    private final int index;
    private final Scratch scratch;

    /** Sample = start + column · alongColumn + row · alongRow, for x and for y. */
    private final double[] start = new double[2];

    private final double[] alongColumn = new double[2];
    private final double[] alongRow = new double[2];
    private final WarpSpan x;
    private final WarpSpan y;
    private final int stride;
    private final float[] up;
    private final float[] wide;
    private final float[] plane;

    Plane(int index, Scratch scratch) {
      this.index = index;
      this.scratch = scratch;
      map(0, width);
      map(1, height);
      x = span(0, width, margins[0], margins[2]);
      y = span(1, height, margins[1], margins[3]);
      stride = x.length() + 2;
      // A border of zeros lies around the part that is made.
      int upSize = Math.multiplyExact(stride, y.length() + 2);
      up = scratch.floats(UP, upSize);
      Arrays.fill(up, 0, upSize, 0f);
      wide = scratch.floats(WIDE, Math.multiplyExact(height, x.length()));
      plane = scratch.floats(PLANE, height * width);
    }

    /** Point j lies (j − size + ½)/2 + (firstPoint − 2P)/2 + ½ from the centre. */
    private void map(int axis, int size) {
      long at = 4 * (3 * (2L * (index / channels) + axis));
      double m0 = inverse.get(HostTensor.F32, at);
      double m1 = inverse.get(HostTensor.F32, at + 4);
      double m2 = inverse.get(HostTensor.F32, at + 8);
      int border = 2 * (taps.length / 4);
      alongColumn[axis] = m0;
      alongRow[axis] = m1;
      start[axis] =
          m0 * (firstPoint - width - border + 1)
              + m1 * (firstPoint - height - border + 1)
              + 2 * m2
              + size
              - 1;
    }

    private WarpSpan span(int axis, int size, int before, int after) {
      double c = alongColumn[axis] * (columns - 1);
      double r = alongRow[axis] * (rows - 1);
      double first = start[axis] + Math.min(c, 0) + Math.min(r, 0);
      double last = start[axis] + Math.max(c, 0) + Math.max(r, 0);
      return WarpSpan.of(size, before, after, first, last, taps);
    }

    void forward() {
      load();
      up();
      float[] even = scratch.floats(EVEN, columns / 2 + 1);
      float[] odd = scratch.floats(ODD, columns / 2 + 1);
      float[] row = scratch.floats(ROW, width);
      Arrays.fill(plane, 0, height * width, 0f);
      for (int p = 0; p < rows; p++) {
        sample(p, even, odd);
        Arrays.fill(row, 0, width, 0f);
        for (int k = 0; k < taps.length; k++) {
          WarpSpan.add(taps[k], k % 2 == 0 ? even : odd, k / 2, row, 0, width);
        }
        for (int m = firstOutput(p); m <= lastOutput(p); m++) {
          WarpSpan.add(taps[p - 2 * m], row, 0, plane, m * width, width);
        }
      }
      store();
    }

    void backward() {
      load();
      float[] even = scratch.floats(EVEN, columns / 2 + 1);
      float[] odd = scratch.floats(ODD, columns / 2 + 1);
      float[] row = scratch.floats(ROW, width);
      for (int p = 0; p < rows; p++) {
        Arrays.fill(row, 0, width, 0f);
        for (int m = firstOutput(p); m <= lastOutput(p); m++) {
          WarpSpan.add(taps[p - 2 * m], plane, m * width, row, 0, width);
        }
        Arrays.fill(even, 0, columns / 2 + 1, 0f);
        Arrays.fill(odd, 0, columns / 2 + 1, 0f);
        for (int k = 0; k < taps.length; k++) {
          WarpSpan.add(taps[k], row, 0, k % 2 == 0 ? even : odd, k / 2, width);
        }
        spread(p, even, odd);
      }
      Arrays.fill(plane, 0, height * width, 0f);
      down();
      store();
    }

    /** The outputs that a row of points belongs to: tap p − 2m lies over it. */
    private int firstOutput(int p) {
      return Math.max(0, Math.ceilDiv(p - taps.length + 1, 2));
    }

    private int lastOutput(int p) {
      return Math.min(height - 1, p / 2);
    }

    private void load() {
      for (int i = 0; i < height; i++) {
        MemorySegment.copy(in, HostTensor.F32, at(i), plane, i * width, width);
      }
    }

    private void store() {
      for (int i = 0; i < height; i++) {
        MemorySegment.copy(plane, i * width, out, HostTensor.F32, at(i), width);
      }
    }

    private long at(int row) {
      return 4 * (((long) index * height + row) * width);
    }

    private void up() {
      float[] line = scratch.floats(LINE, x.pixels());
      float[] phase = scratch.floats(PHASE, x.phaseLength());
      for (int i = 0; i < height; i++) {
        x.widen(plane, i * width, line, phase, wide, i * x.length());
      }
      y.visit(
          (q, pixel, weight) ->
              WarpSpan.add(weight, wide, pixel * x.length(), up, (q + 1) * stride + 1, x.length()));
    }

    private void down() {
      float[] line = scratch.floats(LINE, x.pixels());
      float[] phase = scratch.floats(PHASE, x.phaseLength());
      Arrays.fill(wide, 0, height * x.length(), 0f);
      y.visit(
          (q, pixel, weight) ->
              WarpSpan.add(weight, up, (q + 1) * stride + 1, wide, pixel * x.length(), x.length()));
      for (int i = 0; i < height; i++) {
        x.narrow(wide, i * x.length(), line, phase, plane, i * width);
      }
    }

    /** A row of points; those of even index and those of odd index apart. */
    private void sample(int p, float[] even, float[] odd) {
      Arrays.fill(even, 0, columns / 2 + 1, 0f);
      Arrays.fill(odd, 0, columns / 2 + 1, 0f);
      double rowX = start[0] + p * alongRow[0] - (x.from() - 1);
      double rowY = start[1] + p * alongRow[1] - (y.from() - 1);
      for (int i = firstExisting(); i < endExisting(p); i++) {
        double px = rowX + i * alongColumn[0];
        double py = rowY + i * alongColumn[1];
        if (isSeen(px, py)) {
          int sx = (int) px;
          int sy = (int) py;
          float fx = (float) (px - sx);
          float fy = (float) (py - sy);
          int s = sy * stride + sx;
          float above = up[s] * (1 - fx) + up[s + 1] * fx;
          float below = up[s + stride] * (1 - fx) + up[s + stride + 1] * fx;
          (i % 2 == 0 ? even : odd)[i / 2] = above * (1 - fy) + below * fy;
        }
      }
    }

    /** The adjoint of {@link #sample}. */
    private void spread(int p, float[] even, float[] odd) {
      double rowX = start[0] + p * alongRow[0] - (x.from() - 1);
      double rowY = start[1] + p * alongRow[1] - (y.from() - 1);
      for (int i = firstExisting(); i < endExisting(p); i++) {
        double px = rowX + i * alongColumn[0];
        double py = rowY + i * alongColumn[1];
        if (isSeen(px, py)) {
          int sx = (int) px;
          int sy = (int) py;
          float fx = (float) (px - sx);
          float fy = (float) (py - sy);
          float v = (i % 2 == 0 ? even : odd)[i / 2];
          int s = sy * stride + sx;
          up[s] += v * (1 - fy) * (1 - fx);
          up[s + 1] += v * (1 - fy) * fx;
          up[s + stride] += v * fy * (1 - fx);
          up[s + stride + 1] += v * fy * fx;
        }
      }
    }

    /** A short filter may reach beyond the points there are: the range of those in row p. */
    private int firstExisting() {
      return Math.max(0, -firstPoint);
    }

    private int endExisting(int p) {
      int border = 2 * (taps.length / 4);
      boolean rowExists = p >= -firstPoint && p < 2 * (height + border) - firstPoint;
      return rowExists ? Math.min(columns, 2 * (width + border) - firstPoint) : 0;
    }

    /** Not so for positions that are no numbers. */
    private boolean isSeen(double px, double py) {
      return px >= 0 && px < x.length() + 1 && py >= 0 && py < y.length() + 1;
    }
  }
}
