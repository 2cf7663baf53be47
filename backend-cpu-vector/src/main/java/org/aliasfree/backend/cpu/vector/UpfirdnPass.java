package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * Batches of outputs of an axis ({@link UpfirdnTaps#batch}), made along x or along y: only the
 * distances differ.
 */
final class UpfirdnPass {
  private final FilterLoops loops;
  private final UpfirdnTaps taps;
  private final MemorySegment s;
  private final int srcStep;
  private final int[] off;
  private final int dstUnit;
  private final int dstStep;
  private final int n;
  private final boolean alongX;
  private final int[] to = new int[4];

  /**
   * @param s scratch
   * @param srcStep distance in floats of what the next of the n batches reads
   * @param off where the inputs of a batch lie
   * @param dstUnit distance of the outputs of a batch
   * @param dstStep distance of the next batch
   * @param n batches
   * @param alongX whether the inputs of a batch and the batches follow each other along x
   */
  UpfirdnPass(
      FilterLoops loops,
      UpfirdnTaps taps,
      MemorySegment s,
      int srcStep,
      int[] off,
      int dstUnit,
      int dstStep,
      int n,
      boolean alongX) {
    this.loops = loops;
    this.taps = taps;
    this.s = s;
    this.srcStep = srcStep;
    this.off = off;
    this.dstUnit = dstUnit;
    this.dstStep = dstStep;
    this.n = n;
    this.alongX = alongX;
  }

  /**
   * Makes the batches.
   *
   * @param r term whose taps are used
   * @param o first output
   * @param src added to the places of the inputs, the first of which is off[offFrom]
   * @param dst where the first output goes
   * @param add whether to add to what is there
   */
  void run(int r, int o, int src, int offFrom, int dst, boolean add) {
    if (taps.twelve) {
      to(dst, 1, 2, 3);
      float[] w = taps.of(r, o);
      if (alongX) {
        loops.alongX12(s, src, w, to, dstStep, n, add);
      } else {
        loops.alongY12(s, src, off, offFrom, w, to, n, add);
      }
      return;
    }
    UpfirdnAxis axis = taps.axis;
    int outputs = taps.six ? axis.up : taps.batch();
    for (int e = 0; e < outputs; e++) {
      float[] w = taps.of(r, o + e);
      int at = dst + e * dstUnit;
      if (taps.six) {
        to(at, 1, axis.up, axis.up + 1);
        float[] next = taps.of(r, o + ++e);
        if (alongX) {
          loops.alongX6(s, src, w, next, to, dstStep, n, add);
        } else {
          loops.alongY6(s, src, off, offFrom, w, next, to, n, add);
        }
      } else {
        int first = offFrom + axis.first(o + e) - axis.first(o);
        loops.fir(s, src, srcStep, off, first, w, at, dstStep, n, add);
      }
    }
  }

  /** Whether there is {@link #runAct}. */
  boolean bends() {
    return alongX && taps.six && taps.terms == 1;
  }

  /** {@link #run} followed by the non-linearity. */
  void runAct(int o, int src, int dst, float slope, float clamp) {
    for (int e = 0; e < taps.axis.up; e += 2) {
      to(dst + e * dstUnit, 1, taps.axis.up, taps.axis.up + 1);
      float[] a = taps.of(0, o + e);
      float[] b = taps.of(0, o + e + 1);
      loops.alongX6Act(s, src, a, b, to, dstStep, n, slope, clamp);
    }
  }

  private void to(int first, int second, int third, int fourth) {
    to[0] = first;
    to[1] = first + second * dstUnit;
    to[2] = first + third * dstUnit;
    to[3] = first + fourth * dstUnit;
  }
}
