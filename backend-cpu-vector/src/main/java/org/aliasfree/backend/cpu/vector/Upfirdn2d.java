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
  private final FilterLoops loops = FilterLoops.best();
  private final UpfirdnTaps x;
  private final UpfirdnTaps y;
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
    UpfirdnAxis alongX = new UpfirdnAxis(up[0], down[0], padding[0], f.width());
    UpfirdnAxis alongY = new UpfirdnAxis(up[1], down[1], padding[2], f.height());
    x = new UpfirdnTaps(alongX, f.factors(flip).rows, gain);
    y = new UpfirdnTaps(alongY, f.factors(flip).columns, 1);
    outWidth = outSize(alongX, inWidth, padding[1], "x");
    outHeight = outSize(alongY, inHeight, padding[3], "y");
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
    UpfirdnInput.Planes input = new UpfirdnInput.Planes(x, 1, inHeight, inWidth, null, null);
    UpfirdnTiling tiling =
        new UpfirdnTiling(planes, outHeight, outWidth, loops.lanes(), this.y.axis.up);
    return new Work() {
      @Override
      public int tasks(int stage) {
        return tiling.tasks();
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        for (int strip = 0; strip < tiling.strips; strip++) {
          strip(tiling, tiling.bundle(task), strip, input, y, scratch);
        }
      }
    };
  }

  private void strip(
      UpfirdnTiling tiling,
      UpfirdnTiling.Bundle bundle,
      int strip,
      UpfirdnInput.Planes planes,
      MemorySegment out,
      Scratch scratch) {
    int lanes = loops.lanes();
    int column = tiling.column(strip);
    int columns = tiling.columns(strip);
    UpfirdnAlongX.Span span = new UpfirdnAlongX.Span(x, column, columns);
    int inputRoom = (span.inCount + lanes) * lanes;
    // Whatever makes more of the rows comes last.
    boolean yFirst = y.axis.up > y.axis.down;
    int rowAt = UpfirdnInput.scratch(lanes);
    int ring = rowAt + (yFirst ? span.count * lanes : inputRoom);
    int rowRoom = yFirst ? inputRoom : x.terms * span.count * lanes;
    int places = yFirst ? span.inCount : columns;
    // The last square of places to store may reach behind a narrow row.
    int end = ring + UpfirdnAlongY.scratch(y, !yFirst, rowRoom, places, lanes) + lanes * lanes;
    MemorySegment s = scratch.memory(end);
    int rate = y.axis.down;
    UpfirdnInput input =
        new UpfirdnInput(loops, planes, bundle, rate, y.axis.up, span.inFrom, span.inCount, s, 0);
    UpfirdnRow rows;
    if (yFirst) {
      UpfirdnAlongY first = new UpfirdnAlongY(loops, y, false, input, places, s, ring);
      rows = new UpfirdnAlongX(loops, x, span, true, first, s, rowAt);
    } else {
      UpfirdnAlongX first = new UpfirdnAlongX(loops, x, span, false, input, s, rowAt);
      rows = new UpfirdnAlongY(loops, y, true, first, places, s, ring);
    }
    UpfirdnOutput output = new UpfirdnOutput(loops, bundle, out, outHeight, outWidth, s, 0);
    for (int o = 0; o < bundle.rows(); o++) {
      output.store(rows.row(o, rowAt), o, column, columns);
    }
  }

  /**
   * The padding of the adjoint: dx = upfirdn2d(dy, f, up = down, down = up, padding, !flip, gain).
   */
  int[] adjointPadding() {
    return new int[] {
      x.axis.taps - x.axis.pad - 1,
      inWidth * x.axis.up - outWidth * x.axis.down + x.axis.pad - x.axis.up + 1,
      y.axis.taps - y.axis.pad - 1,
      inHeight * y.axis.up - outHeight * y.axis.down + y.axis.pad - y.axis.up + 1
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
