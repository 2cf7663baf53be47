package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.HostTensor;
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
  private static final int STRIP_LANES = 1024;

  private final UpfirdnRows rows = UpfirdnRows.best();
  private final UpfirdnStage up;
  private final UpfirdnStage down;
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
    UpfirdnAxis upX = new UpfirdnAxis(upFactor, 1, padding[0], fu.width());
    UpfirdnAxis upY = new UpfirdnAxis(upFactor, 1, padding[2], fu.height());
    UpfirdnAxis downX = new UpfirdnAxis(1, downFactor, 0, fd.width());
    UpfirdnAxis downY = new UpfirdnAxis(1, downFactor, 0, fd.height());
    highWidth = Upfirdn2d.outSize(upX, inWidth, padding[1], "x");
    highHeight = Upfirdn2d.outSize(upY, inHeight, padding[3], "y");
    outWidth = Upfirdn2d.outSize(downX, highWidth, 0, "x");
    outHeight = Upfirdn2d.outSize(downY, highHeight, 0, "y");
    int phases = UpfirdnAxis.lcm(upFactor, downFactor);
    boolean filters = !fu.isIdentity() || !fd.isIdentity() || phases > 1;
    for (int p : padding) {
      filters |= p != 0;
    }
    pointwise = filters ? null : new BiasAct(org.aliasfree.op.Activation.LRELU, slope, gain, clamp);
    // gain > 0, so it may go before the non-linearity.
    up = new UpfirdnStage(rows, upX, upY, fu.factors(flip), phases, upFactor, upFactor * gain);
    down = new UpfirdnStage(rows, downX, downY, fd.factors(flip), phases / downFactor, 1, 1);
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
    UpfirdnTiling tiling = tiling(batch * channels);
    FilteredLreluSigns map =
        signs == null
            ? null
            : new FilteredLreluSigns(signs, highHeight, highWidth, slope, clamp, up.subRowsOut);
    return new Bound(tiling, new Operands(channels, x, scale, bias, y), map, null);
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
    return new Bound(tiling(planes), new Operands(1, x, null, null, y), null, signs);
  }

  private UpfirdnTiling tiling(long planes) {
    int lanes = Math.ceilDiv(outWidth, down.subRowsOut);
    return new UpfirdnTiling(planes, outHeight, lanes, STRIP_LANES);
  }

  /** The padding {x0, x1, y0, y1} of the linear form that is the adjoint of this one. */
  int[] adjointPadding() {
    return new int[] {
      up.x.taps - 1 + down.x.taps - 1 - up.x.pad,
      inWidth * up.x.up - outWidth * down.x.down + up.x.pad - (up.x.up - 1),
      up.y.taps - 1 + down.y.taps - 1 - up.y.pad,
      inHeight * up.y.up - outHeight * down.y.down + up.y.pad - (up.y.up - 1)
    };
  }

  /** The offsets {sx, sy} at which the adjoint reads the sign map of this form. */
  int[] adjointOffsets() {
    return new int[] {up.x.pad - (up.x.taps - 1), up.y.pad - (up.y.taps - 1)};
  }

  /** Tensors of one call. */
  private record Operands(
      int channels,
      MemorySegment x,
      @Nullable MemorySegment scale,
      @Nullable MemorySegment bias,
      MemorySegment y) {}

  /** The work on bound operands. */
  private final class Bound implements Work {
    private final UpfirdnTiling tiling;
    private final Operands operands;
    private final @Nullable FilteredLreluSigns written;
    private final @Nullable FilteredLreluSigns given;

    Bound(
        UpfirdnTiling tiling,
        Operands operands,
        @Nullable FilteredLreluSigns written,
        @Nullable FilteredLreluSigns given) {
      this.tiling = tiling;
      this.operands = operands;
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
        new StripRun(tiling, strip, operands, written, given, scratch).run(task);
      }
    }
  }

  /** One strip of the planes of a task; the source of the down-sampling stage's rows. */
  private final class StripRun implements UpfirdnStage.Source {
    private final UpfirdnTiling tiling;
    private final Operands operands;
    private final @Nullable FilteredLreluSigns written;
    private final @Nullable FilteredLreluSigns given;
    private final int lanes;
    private final int firstLane;
    private final int highLanes;
    private final int ownLanes;
    private final int upRing;
    private final int high;
    private final int high2;
    private final int downRing;
    private final int row;
    private final int row2;
    private final float[] s;
    private final UpfirdnInput input;
    private final UpfirdnOutput output;
    private UpfirdnStage.@Nullable Strip upStrip;
    private long plane;
    private int firstOwnRow;
    private int endOwnRow;
    private int nextRow;
    private int readyRow;

    StripRun(
        UpfirdnTiling tiling,
        int strip,
        Operands operands,
        @Nullable FilteredLreluSigns written,
        @Nullable FilteredLreluSigns given,
        Scratch scratch) {
      this.tiling = tiling;
      this.operands = operands;
      this.written = written;
      this.given = given;
      lanes = tiling.lanes(strip);
      firstLane = strip * tiling.stripLanes;
      boolean last = strip == tiling.strips - 1;
      int rest = Math.ceilDiv(highWidth, up.subRowsOut) - firstLane;
      // The sign map also has the columns that down-sampling leaves out.
      highLanes = Math.max(down.inputLanes(lanes), last && written != null ? rest : 0);
      ownLanes = last ? rest : lanes;
      int inLanes = up.inputLanes(highLanes);
      int start = UpfirdnRows.START;
      upRing = start + UpfirdnRows.round(UpfirdnInput.floats(up.subRowsIn, inLanes));
      high = upRing + up.scratchFloats(highLanes);
      high2 = high + up.subRowsOut * UpfirdnRows.round(highLanes);
      downRing = high2 + up.subRowsOut * UpfirdnRows.round(highLanes);
      row = downRing + down.scratchFloats(lanes);
      row2 = row + down.subRowsOut * UpfirdnRows.round(lanes);
      int packed = row2 + down.subRowsOut * UpfirdnRows.round(lanes);
      int end = packed + UpfirdnOutput.floats(down.subRowsOut, lanes);
      s = UpfirdnRows.scratch(scratch, end);
      input = new UpfirdnInput(rows, s, start, up.subRowsIn, inLanes, inWidth);
      output = new UpfirdnOutput(rows, s, packed, down.subRowsOut, outWidth);
    }

    void run(int task) {
      int from = tiling.firstRow(task);
      int to = tiling.endRow(task);
      firstOwnRow = from * down.y.down;
      endOwnRow = to == outHeight ? highHeight : to * down.y.down;
      for (plane = tiling.firstPlane(task); plane < tiling.endPlane(task); plane++) {
        begin();
        UpfirdnStage.Strip run =
            down.new Strip(s, downRing, lanes, UpfirdnRows.round(highLanes), this, highHeight);
        nextRow = firstOwnRow;
        for (int o = from; o < to; o++) {
          passTo(o * down.y.down);
          if (down.makesTwoRows() && o + 1 < to) {
            run.twoRows(o, row, row2);
            store(row, o);
            o++;
            store(row2, o);
          } else {
            run.row(o, row);
            store(row, o);
          }
        }
        passTo(endOwnRow);
      }
    }

    private void store(int src, int o) {
      int stride = UpfirdnRows.round(lanes);
      long at = plane * outHeight * outWidth;
      output.store(src, stride, firstLane, lanes, operands.y, at, o);
    }

    /** Makes the rows before {@code y} that no output reads: the sign map has them too. */
    private void passTo(int y) {
      while (written != null && nextRow < y) {
        row(nextRow);
      }
    }

    private void begin() {
      readyRow = -1;
      input.begin(operands.x, plane * inHeight * inWidth, firstLane + up.minLane);
      MemorySegment scale = operands.scale;
      MemorySegment bias = operands.bias;
      if (scale != null || bias != null) {
        int channel = (int) (plane % operands.channels);
        input.adjust(
            scale == null ? 1 : scale.get(HostTensor.F32, 4 * plane),
            // x + (−0) is x for every x.
            bias == null ? -0f : bias.get(HostTensor.F32, 4L * channel));
      }
      upStrip = up.new Strip(s, upRing, highLanes, input.stride(), input, inHeight);
    }

    @Override
    public int row(int y) {
      nextRow = y + 1;
      if (y == readyRow) {
        return high2;
      }
      UpfirdnStage.Strip strip = java.util.Objects.requireNonNull(upStrip);
      if (written != null && y >= firstOwnRow && y < endOwnRow) {
        strip.row(y, high);
        written.write(s, high, strip.stride(), firstLane, ownLanes, plane, y);
        rows.act(s, high, up.subRowsOut * strip.stride(), slope, clamp);
      } else if (given != null) {
        strip.row(y, high);
        given.multiply(s, high, strip.stride(), firstLane, highLanes, plane, y);
      } else if (written == null && y + 1 < highHeight && up.makesTwoRowsAct(y)) {
        strip.twoRowsAct(y, high, high2, slope, clamp);
        readyRow = y + 1;
      } else {
        strip.rowAct(y, high, slope, clamp);
      }
      return high;
    }
  }
}
