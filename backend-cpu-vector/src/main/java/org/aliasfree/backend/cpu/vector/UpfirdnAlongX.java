package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Filters rows along x. The first of the two directions of a sum of separable filters makes a row
 * for each term, the second adds them up.
 */
final class UpfirdnAlongX implements UpfirdnRow {
  /** The columns of a strip, and the inputs that they need. */
  static final class Span {
    /** First column made, at most {@code up} before the first wanted. */
    final int from;

    /** Columns made, whole batches, perhaps more than wanted. */
    final int count;

    /** First input column read. */
    final int inFrom;

    /** Input columns read. */
    final int inCount;

    final int wanted;

    Span(UpfirdnTaps taps, int wanted, int columns) {
      this.wanted = wanted;
      from = taps.batchStart(wanted);
      int batches = Math.ceilDiv(wanted + columns - from, taps.batch());
      count = batches * taps.batch();
      inFrom = taps.axis.first(from);
      int last = from + count - taps.batch();
      inCount = taps.axis.first(last) + taps.batchInputs(last) - inFrom;
    }
  }

  private final UpfirdnTaps taps;
  private final Span span;
  private final UpfirdnRow source;
  private final boolean sum;
  private final int from;
  private final int lanes;
  private final UpfirdnPass pass;

  /**
   * @param sum whether the source has a row for each term, else this makes one for each
   * @param source rows of the span's input columns
   * @param s scratch
   * @param from where a row of the source may be put
   */
  UpfirdnAlongX(
      FilterLoops loops,
      UpfirdnTaps taps,
      Span span,
      boolean sum,
      UpfirdnRow source,
      MemorySegment s,
      int from) {
    this.taps = taps;
    this.span = span;
    this.sum = sum;
    this.source = source;
    this.from = from;
    lanes = loops.lanes();
    int[] off = new int[taps.batchInputs(span.from)];
    for (int k = 0; k < off.length; k++) {
      off[k] = k * lanes;
    }
    int batch = taps.batch();
    int inputs = taps.axis.first(span.from + batch) - span.inFrom;
    int n = span.count / batch;
    pass = new UpfirdnPass(loops, taps, s, inputs * lanes, off, lanes, batch * lanes, n, true);
  }

  @Override
  public int room() {
    return (sum ? 1 : taps.terms) * termStep();
  }

  @Override
  public int termStep() {
    return span.count * lanes;
  }

  @Override
  public int row(int y, int dst) {
    int src = source.row(y, from);
    for (int r = 0; r < taps.terms; r++) {
      int in = sum ? src + r * source.termStep() : src;
      int out = sum ? dst : dst + r * termStep();
      pass.run(r, span.from, in, 0, out, sum && r > 0);
    }
    return place(dst);
  }

  private int place(int dst) {
    return dst + (span.wanted - span.from) * lanes;
  }

  /** {@link #row} followed by the non-linearity, where {@link UpfirdnPass#bends}. */
  int rowAct(int y, int dst, float slope, float clamp) {
    pass.runAct(span.from, source.row(y, from), dst, slope, clamp);
    return place(dst);
  }

  /** Whether there is {@link #rowAct}. */
  boolean bends() {
    return pass.bends();
  }
}
