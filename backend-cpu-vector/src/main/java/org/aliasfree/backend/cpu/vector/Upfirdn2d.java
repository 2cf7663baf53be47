package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.aliasfree.AliasFreeException;

/**
 * upfirdn2d: zeros are put between the samples (up − 1 after each), zeros are added around or
 * samples cut away (padding), the filter is applied and every down-th result kept:
 *
 * <p>y[o] = gain · Σ_k f[k] u[down·o + k] along both axes, with f reversed unless flip.
 *
 * <p>Prepared for one filter and one size of plane; {@link #bind} gives the work on a tensor.
 */
final class Upfirdn2d {
  private static final int STRIP_LANES = 1024;

  private final UpfirdnRows rows = UpfirdnRows.best();
  private final UpfirdnStage stage;
  private final int inHeight;
  private final int inWidth;
  private final int outHeight;
  private final int outWidth;

  /**
   * @param inHeight rows of an input plane
   * @param inWidth columns of an input plane
   * @param up zeros put in make the plane so many times larger: {x, y}, each at least 1
   * @param down one value of so many is kept: {x, y}, each at least 1
   * @param padding {x0, x1, y0, y1} in up-sampled pixels; negative values cut away
   * @param flip true applies the filter as a correlation, false as a convolution
   * @param gain factor of the result
   */
  Upfirdn2d(
      int inHeight,
      int inWidth,
      UpfirdnFilter f,
      int[] up,
      int[] down,
      int[] padding,
      boolean flip,
      double gain) {
    this.inHeight = inHeight;
    this.inWidth = inWidth;
    UpfirdnAxis x = new UpfirdnAxis(up[0], down[0], padding[0], f.width());
    UpfirdnAxis y = new UpfirdnAxis(up[1], down[1], padding[2], f.height());
    outWidth = outSize(x, inWidth, padding[1], "x");
    outHeight = outSize(y, inHeight, padding[3], "y");
    int subRows = x.up / UpfirdnAxis.gcd(x.up, x.down);
    stage = new UpfirdnStage(rows, x, y, f.factors(flip), subRows, gain, 1);
  }

  /** Size of the output along an axis; fails when the padded input is smaller than the filter. */
  static int outSize(UpfirdnAxis axis, int size, int padHigh, String name) {
    long padded = (long) size * axis.up + axis.pad + padHigh;
    if (padded < axis.taps) {
      throw new AliasFreeException(
          "Along "
              + name
              + ", "
              + size
              + " samples up-sampled "
              + axis.up
              + " times and padded by "
              + axis.pad
              + " and "
              + padHigh
              + " are "
              + padded
              + " values, fewer than the filter's "
              + axis.taps
              + " taps; use more padding or a shorter filter.");
    }
    return Math.toIntExact(axis.outSize(size, padHigh));
  }

  int outHeight() {
    return outHeight;
  }

  int outWidth() {
    return outWidth;
  }

  /** The work that turns {@code planes} planes of {@code x} into as many of {@code y}. */
  Work bind(long planes, MemorySegment x, MemorySegment y) {
    int lanes = Math.ceilDiv(outWidth, stage.subRowsOut);
    UpfirdnTiling tiling = new UpfirdnTiling(planes, outHeight, lanes, STRIP_LANES);
    return new Work() {
      @Override
      public int tasks(int stage) {
        return tiling.tasks();
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        for (int strip = 0; strip < tiling.strips; strip++) {
          strip(tiling, task, strip, x, y, scratch);
        }
      }
    };
  }

  private void strip(
      UpfirdnTiling tiling,
      int task,
      int strip,
      MemorySegment x,
      MemorySegment y,
      Scratch scratch) {
    int lanes = tiling.lanes(strip);
    int firstLane = strip * tiling.stripLanes;
    int inLanes = stage.inputLanes(lanes);
    int ring = UpfirdnRows.START + UpfirdnRows.round(UpfirdnInput.floats(stage.subRowsIn, inLanes));
    int row = ring + stage.scratchFloats(lanes);
    int packed = row + stage.subRowsOut * UpfirdnRows.round(lanes);
    int end = packed + UpfirdnOutput.floats(stage.subRowsOut, lanes);
    float[] s = UpfirdnRows.scratch(scratch, end);
    UpfirdnInput input =
        new UpfirdnInput(rows, s, UpfirdnRows.START, stage.subRowsIn, inLanes, inWidth);
    UpfirdnOutput output = new UpfirdnOutput(rows, s, packed, stage.subRowsOut, outWidth);
    for (long p = tiling.firstPlane(task); p < tiling.endPlane(task); p++) {
      input.begin(x, p * inHeight * inWidth, firstLane + stage.minLane);
      UpfirdnStage.Strip run = stage.new Strip(s, ring, lanes, input.stride(), input, inHeight);
      for (int o = tiling.firstRow(task); o < tiling.endRow(task); o++) {
        run.row(o, row);
        output.store(row, run.stride(), firstLane, lanes, y, p * outHeight * outWidth, o);
      }
    }
  }

  /**
   * The padding of the adjoint: dx = upfirdn2d(dy, f, up = down, down = up, padding, !flip, gain).
   */
  int[] adjointPadding() {
    return new int[] {
      stage.x.taps - stage.x.pad - 1,
      inWidth * stage.x.up - outWidth * stage.x.down + stage.x.pad - stage.x.up + 1,
      stage.y.taps - stage.y.pad - 1,
      inHeight * stage.y.up - outHeight * stage.y.down + stage.y.pad - stage.y.up + 1
    };
  }

  @Override
  public String toString() {
    return "upfirdn2d "
        + Arrays.asList(inHeight, inWidth)
        + " to "
        + Arrays.asList(outHeight, outWidth);
  }
}
