package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * filtered_lrelu in one pass: y = down-filter(clamp(lrelu(gain · up-filter(x·scale + bias)))).
 *
 * <p>The up-sampled signal only exists as one row of one strip at a time; zeros put in by
 * up-sampling are never multiplied. With u the up-sampled padded input, t[n] = up² Σ_k fu[k] u[n+k]
 * along both axes, a = clamp(gain · (t &lt; 0 ? slope·t : t), ±clamp), y[o] = Σ_k fd[k] a[down·o +
 * k]. x·scale and + bias are rounded one after the other, so that the unfused ops give the same
 * values.
 */
final class FilteredLrelu {
  private final FilterLoops loops = FilterLoops.best();
  private final UpfirdnTaps upX;
  private final UpfirdnTaps upY;
  private final UpfirdnTaps downX;
  private final UpfirdnTaps downY;
  private final int inHeight;
  private final int inWidth;
  private final int highHeight;
  private final int highWidth;
  private final int outHeight;
  private final int outWidth;
  private final float slope;
  private final float clamp;
  private final @Nullable BiasAct pointwise;

  /**
   * @param inHeight rows of an input plane
   * @param inWidth columns of an input plane
   * @param fu up-sampling filter
   * @param fd down-sampling filter
   * @param upFactor up-sampling factor, at least 1
   * @param downFactor down-sampling factor, at least 1
   * @param padding {x0, x1, y0, y1} in up-sampled pixels; negative values cut away
   * @param flip true applies both filters as correlations, false as convolutions
   * @param gain factor before the non-linearity, above 0
   * @param slope of the non-linearity below 0, at least 0
   * @param clamp limit of its magnitude after it; infinity for none
   */
  FilteredLrelu(
      int inHeight,
      int inWidth,
      UpfirdnFilter fu,
      UpfirdnFilter fd,
      int upFactor,
      int downFactor,
      int[] padding,
      boolean flip,
      double gain,
      double slope,
      double clamp) {
    if (!(gain > 0) || !(slope >= 0) || !(clamp >= 0)) {
      throw new AliasFreeException(
          "filtered_lrelu has gain "
              + gain
              + ", slope "
              + slope
              + ", clamp "
              + clamp
              + "; the gain must be above 0, slope and clamp at least 0.");
    }
    this.inHeight = inHeight;
    this.inWidth = inWidth;
    this.slope = (float) slope;
    this.clamp = (float) clamp;
    // gain > 0, so it may go before the non-linearity.
    upX = taps(upFactor, 1, padding[0], fu.width(), fu.factors(flip).rows, upFactor);
    upY = taps(upFactor, 1, padding[2], fu.height(), fu.factors(flip).columns, upFactor * gain);
    downX = taps(1, downFactor, 0, fd.width(), fd.factors(flip).rows, 1);
    downY = taps(1, downFactor, 0, fd.height(), fd.factors(flip).columns, 1);
    highWidth = Upfirdn2d.outSize(upX.axis, inWidth, padding[1], "x");
    highHeight = Upfirdn2d.outSize(upY.axis, inHeight, padding[3], "y");
    outWidth = Upfirdn2d.outSize(downX.axis, highWidth, 0, "x");
    outHeight = Upfirdn2d.outSize(downY.axis, highHeight, 0, "y");
    boolean filters = !fu.isIdentity() || !fd.isIdentity() || upFactor * downFactor > 1;
    for (int p : padding) {
      filters |= p != 0;
    }
    pointwise = filters ? null : new BiasAct(org.aliasfree.op.Activation.LRELU, slope, gain, clamp);
  }

  private static UpfirdnTaps taps(
      int up, int down, int pad, int taps, double[][] factors, double gain) {
    return new UpfirdnTaps(new UpfirdnAxis(up, down, pad, taps), factors, gain);
  }

  int outHeight() {
    return outHeight;
  }

  int outWidth() {
    return outWidth;
  }

  /** Rows of the sign map: rows of the up-sampled, padded and filtered signal. */
  int highHeight() {
    return highHeight;
  }

  /** Columns of that signal; a row of the sign map takes a quarter of it in bytes, rounded up. */
  int highWidth() {
    return highWidth;
  }

  /**
   * The forward work.
   *
   * @param batch images N
   * @param channels channels C
   * @param x [N, C, inHeight, inWidth]
   * @param scale [N, C] factors of the planes, or null
   * @param bias [C], or null
   * @param y [N, C, outHeight, outWidth]
   * @param signs sign map to write, U8 [N, C, highHeight, ⌈highWidth / 4⌉], or null
   */
  Work forward(
      long batch,
      int channels,
      MemorySegment x,
      @Nullable MemorySegment scale,
      @Nullable MemorySegment bias,
      MemorySegment y,
      @Nullable MemorySegment signs) {
    if (pointwise != null && signs == null) {
      return pointwise.bind(batch, channels, (long) inHeight * inWidth, x, scale, bias, y);
    }
    FilteredLreluSigns map =
        signs == null
            ? null
            : new FilteredLreluSigns(loops, signs, highHeight, highWidth, slope, clamp);
    return new Bound(batch * channels, planes(x, channels, scale, bias), y, map, null);
  }

  private UpfirdnInput.Planes planes(
      MemorySegment x, int channels, @Nullable MemorySegment scale, @Nullable MemorySegment bias) {
    return new UpfirdnInput.Planes(x, channels, inHeight, inWidth, scale, bias);
  }

  /**
   * The linear form with given signs: the adjoint of the forward work when built with fu and fd, up
   * and down changed over, flip inverted, {@link #adjointPadding} and gain·up²/down² (of the
   * forward form). y = down-filter(S(· + sx, · + sy) · gain · up-filter(x)), S being 1 outside the
   * map.
   *
   * @param planes planes N·C of all operands
   * @param signs sign map to read
   */
  Work linear(long planes, MemorySegment x, MemorySegment y, FilteredLreluSigns signs) {
    return new Bound(planes, planes(x, 1, null, null), y, null, signs);
  }

  /** The padding {x0, x1, y0, y1} of the linear form that is the adjoint of this one. */
  int[] adjointPadding() {
    UpfirdnAxis x = upX.axis;
    UpfirdnAxis y = upY.axis;
    return new int[] {
      x.taps - 1 + downX.axis.taps - 1 - x.pad,
      inWidth * x.up - outWidth * downX.axis.down + x.pad - (x.up - 1),
      y.taps - 1 + downY.axis.taps - 1 - y.pad,
      inHeight * y.up - outHeight * downY.axis.down + y.pad - (y.up - 1)
    };
  }

  /** The offsets {sx, sy} at which the adjoint reads the sign map of this form. */
  int[] adjointOffsets() {
    return new int[] {upX.axis.pad - (upX.axis.taps - 1), upY.axis.pad - (upY.axis.taps - 1)};
  }

  /** The work on bound operands. */
  private final class Bound implements Work {
    private final UpfirdnTiling tiling;
    private final UpfirdnInput.Planes planes;
    private final MemorySegment y;
    private final @Nullable FilteredLreluSigns written;
    private final @Nullable FilteredLreluSigns given;

    Bound(
        long count,
        UpfirdnInput.Planes planes,
        MemorySegment y,
        @Nullable FilteredLreluSigns written,
        @Nullable FilteredLreluSigns given) {
      tiling = new UpfirdnTiling(count, outHeight, outWidth, loops.lanes(), upY.axis.up);
      this.planes = planes;
      this.y = y;
      this.written = written;
      this.given = given;
    }

    @Override
    public int tasks(int stage) {
      return tiling.tasks();
    }

    @Override
    public void run(int stage, int task, Scratch scratch) {
      for (int strip = 0; strip < tiling.strips; strip++) {
        new Strip(this, tiling.bundle(task), strip, scratch).run();
      }
    }
  }

  /**
   * A strip of the bands of a task, from the input to the output:
   *
   * <p>input → up along y → up along x → bent → down along x → down along y → output.
   *
   * <p>This is the row in the middle.
   */
  private final class Strip implements UpfirdnRow {
    private final Bound bound;
    private final UpfirdnTiling.Bundle bundle;
    private final int column;
    private final int columns;
    private final int highColumn;
    private final int ownColumns;
    private final int highColumns;
    private final int highRow;
    private final MemorySegment s;
    private final UpfirdnAlongX up;
    private final UpfirdnAlongY down;
    private final UpfirdnOutput output;
    private int nextRow;

    Strip(Bound bound, UpfirdnTiling.Bundle bundle, int strip, Scratch scratch) {
      this.bound = bound;
      this.bundle = bundle;
      UpfirdnTiling tiling = bound.tiling;
      column = tiling.column(strip);
      columns = tiling.columns(strip);
      UpfirdnAlongX.Span low = new UpfirdnAlongX.Span(downX, column, columns);
      highColumn = low.inFrom;
      // The sign map also has the columns that down-sampling leaves out.
      boolean last = strip == tiling.strips - 1;
      ownColumns = (last ? highWidth : tiling.column(strip + 1) * downX.axis.down) - highColumn;
      highColumns = bound.written == null ? low.inCount : Math.max(low.inCount, ownColumns);
      UpfirdnAlongX.Span high = new UpfirdnAlongX.Span(upX, highColumn, highColumns);

      int lanes = loops.lanes();
      int inputRoom = (high.inCount + lanes) * lanes;
      int upRing = UpfirdnInput.scratch(lanes);
      highRow = upRing + UpfirdnAlongY.scratch(upY, false, inputRoom, high.inCount, lanes);
      int downRing = highRow + high.count * lanes;
      int lowRoom = downX.terms * low.count * lanes;
      // The last square of places to store may reach behind a narrow row.
      int end =
          downRing + UpfirdnAlongY.scratch(downY, true, lowRoom, columns, lanes) + lanes * lanes;
      s = scratch.memory(end);

      UpfirdnInput input =
          new UpfirdnInput(
              loops,
              bound.planes,
              bundle,
              downY.axis.down,
              upY.axis.up,
              high.inFrom,
              high.inCount,
              s,
              0);
      UpfirdnAlongY upRows = new UpfirdnAlongY(loops, upY, false, input, high.inCount, s, upRing);
      up = new UpfirdnAlongX(loops, upX, high, true, upRows, s, 0);
      UpfirdnAlongX downRows = new UpfirdnAlongX(loops, downX, low, false, this, s, highRow);
      down = new UpfirdnAlongY(loops, downY, true, downRows, columns, s, downRing);
      // Input and output squares are not wanted at once.
      output = new UpfirdnOutput(loops, bundle, bound.y, outHeight, outWidth, s, 0);
    }

    void run() {
      for (int o = 0; o < bundle.rows(); o++) {
        output.store(down.row(o, 0), o, column, columns);
      }
      if (bound.written != null) {
        int rows = bundle.rows(downY.axis.down, highHeight);
        while (nextRow < rows) {
          row(nextRow, highRow);
        }
      }
    }

    @Override
    public int room() {
      return up.room();
    }

    @Override
    public int termStep() {
      return 0;
    }

    /** {@inheritDoc} Rows that no output reads are made too where the sign map wants them. */
    @Override
    public int row(int y, int dst) {
      nextRow = bound.written == null ? y : nextRow;
      int at = dst;
      for (; nextRow <= y; nextRow++) {
        if (bound.given == null && bound.written == null && up.bends()) {
          at = up.rowAct(nextRow, dst, slope, clamp);
        } else {
          at = up.row(nextRow, dst);
          bend(at, nextRow);
        }
      }
      return at;
    }

    private void bend(int at, int y) {
      if (bound.given != null) {
        bound.given.multiply(s, at, bundle, highColumn, highColumns, y, downY.axis.down);
        return;
      }
      if (bound.written != null) {
        bound.written.write(s, at, bundle, highColumn, ownColumns, y, downY.axis.down);
      }
      loops.bend(s, at, highColumns, slope, clamp);
    }
  }
}
