package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The data transforms of Winograd's convolution F(6x6, 3x3), as {@link WinogradKernels} has those
 * of F(4x4, 3x3). Lanes are neighbouring tiles. Each method is one loop without calls of its own.
 */
final class WinogradSixKernels {
  private static final int LANES = Simd.LANES;

  /** Two-source permutes in registers need AVX-512; elsewhere plain loops are faster. */
  private static final boolean PERMUTE = Simd.BITS == 512;

  private static final int[] EVEN = new int[LANES];
  private static final int[] ODD = new int[LANES];
  private static final int[] ZIP_LOW = new int[LANES];
  private static final int[] ZIP_HIGH = new int[LANES];

  /** Every third of three vectors: from the first two, and that with the third. */
  private static final int[][] THIRD = new int[3][LANES];

  private static final int[][] THIRD_LAST = new int[3][LANES];

  /** The inverse: a third of three interleaved vectors. */
  private static final int[][] WEAVE = new int[3][LANES];

  private static final int[][] WEAVE_LAST = new int[3][LANES];

  static {
    for (int i = 0; i < LANES; i++) {
      EVEN[i] = 2 * i;
      ODD[i] = 2 * i + 1;
      ZIP_LOW[i] = (i >> 1) + (i & 1) * LANES;
      ZIP_HIGH[i] = LANES / 2 + ZIP_LOW[i];
      for (int r = 0; r < 3; r++) {
        int from = 3 * i + r;
        boolean early = from < 2 * LANES;
        THIRD[r][i] = early ? from : 0;
        THIRD_LAST[r][i] = early ? i : from - LANES;
        int to = r * LANES + i;
        WEAVE[r][i] = to % 3 == 1 ? LANES + to / 3 : to / 3;
        WEAVE_LAST[r][i] = to % 3 == 2 ? LANES + to / 3 : i;
      }
    }
  }

  private WinogradSixKernels() {}

  /** See {@link WinogradTile#deal}. */
  static void deal(float[] from, int start, float[] to, int at, int step, int count) {
    int done = PERMUTE ? dealVectors(from, start, to, at, step, count / LANES) : 0;
    for (int i = done; i < count; i++) {
      int s = start + 6 * i;
      int d = at + i;
      to[d] = from[s];
      to[d + step] = from[s + 1];
      to[d + 2 * step] = from[s + 2];
      to[d + 3 * step] = from[s + 3];
      to[d + 4 * step] = from[s + 4];
      to[d + 5 * step] = from[s + 5];
    }
  }

  /** By two, then by three. */
  private static int dealVectors(
      float[] from, int start, float[] to, int at, int step, int groups) {
    IntVector e = IntVector.fromArray(Simd.INTS, EVEN, 0);
    IntVector o = IntVector.fromArray(Simd.INTS, ODD, 0);
    IntVector p0 = IntVector.fromArray(Simd.INTS, THIRD[0], 0);
    IntVector p1 = IntVector.fromArray(Simd.INTS, THIRD[1], 0);
    IntVector p2 = IntVector.fromArray(Simd.INTS, THIRD[2], 0);
    IntVector q0 = IntVector.fromArray(Simd.INTS, THIRD_LAST[0], 0);
    IntVector q1 = IntVector.fromArray(Simd.INTS, THIRD_LAST[1], 0);
    IntVector q2 = IntVector.fromArray(Simd.INTS, THIRD_LAST[2], 0);
    for (int n = 0; n < groups; n++) {
      int s = start + n * 6 * LANES;
      int d = at + n * LANES;
      IntVector a = FloatVector.fromArray(Simd.FLOATS, from, s).reinterpretAsInts();
      IntVector b = FloatVector.fromArray(Simd.FLOATS, from, s + LANES).reinterpretAsInts();
      IntVector x0 = e.selectFrom(a, b);
      IntVector y0 = o.selectFrom(a, b);
      a = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * LANES).reinterpretAsInts();
      b = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * LANES).reinterpretAsInts();
      IntVector x1 = e.selectFrom(a, b);
      IntVector y1 = o.selectFrom(a, b);
      a = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * LANES).reinterpretAsInts();
      b = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * LANES).reinterpretAsInts();
      IntVector x2 = e.selectFrom(a, b);
      IntVector y2 = o.selectFrom(a, b);
      q0.selectFrom(p0.selectFrom(x0, x1), x2).reinterpretAsFloats().intoArray(to, d);
      q0.selectFrom(p0.selectFrom(y0, y1), y2).reinterpretAsFloats().intoArray(to, d + step);
      q1.selectFrom(p1.selectFrom(x0, x1), x2).reinterpretAsFloats().intoArray(to, d + 2 * step);
      q1.selectFrom(p1.selectFrom(y0, y1), y2).reinterpretAsFloats().intoArray(to, d + 3 * step);
      q2.selectFrom(p2.selectFrom(x0, x1), x2).reinterpretAsFloats().intoArray(to, d + 4 * step);
      q2.selectFrom(p2.selectFrom(y0, y1), y2).reinterpretAsFloats().intoArray(to, d + 5 * step);
    }
    return groups * LANES;
  }

  /** See {@link WinogradTile#gather}. */
  static void gather(float[] from, int start, int step, float[] to, int at, int count) {
    int done = PERMUTE ? gatherVectors(from, start, step, to, at, count / LANES) : 0;
    for (int i = done; i < count; i++) {
      int s = start + i;
      int d = at + 6 * i;
      to[d] = from[s];
      to[d + 1] = from[s + step];
      to[d + 2] = from[s + 2 * step];
      to[d + 3] = from[s + 3 * step];
      to[d + 4] = from[s + 4 * step];
      to[d + 5] = from[s + 5 * step];
    }
  }

  /** The even rows and the odd rows by three, then both by two. */
  private static int gatherVectors(
      float[] from, int start, int step, float[] to, int at, int groups) {
    IntVector l = IntVector.fromArray(Simd.INTS, ZIP_LOW, 0);
    IntVector h = IntVector.fromArray(Simd.INTS, ZIP_HIGH, 0);
    IntVector p0 = IntVector.fromArray(Simd.INTS, WEAVE[0], 0);
    IntVector p1 = IntVector.fromArray(Simd.INTS, WEAVE[1], 0);
    IntVector p2 = IntVector.fromArray(Simd.INTS, WEAVE[2], 0);
    IntVector q0 = IntVector.fromArray(Simd.INTS, WEAVE_LAST[0], 0);
    IntVector q1 = IntVector.fromArray(Simd.INTS, WEAVE_LAST[1], 0);
    IntVector q2 = IntVector.fromArray(Simd.INTS, WEAVE_LAST[2], 0);
    for (int n = 0; n < groups; n++) {
      int s = start + n * LANES;
      int d = at + n * 6 * LANES;
      IntVector a = FloatVector.fromArray(Simd.FLOATS, from, s).reinterpretAsInts();
      IntVector b = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step).reinterpretAsInts();
      IntVector c = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step).reinterpretAsInts();
      IntVector x0 = q0.selectFrom(p0.selectFrom(a, b), c);
      IntVector x1 = q1.selectFrom(p1.selectFrom(a, b), c);
      IntVector x2 = q2.selectFrom(p2.selectFrom(a, b), c);
      a = FloatVector.fromArray(Simd.FLOATS, from, s + step).reinterpretAsInts();
      b = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step).reinterpretAsInts();
      c = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step).reinterpretAsInts();
      IntVector y0 = q0.selectFrom(p0.selectFrom(a, b), c);
      IntVector y1 = q1.selectFrom(p1.selectFrom(a, b), c);
      IntVector y2 = q2.selectFrom(p2.selectFrom(a, b), c);
      l.selectFrom(x0, y0).reinterpretAsFloats().intoArray(to, d);
      h.selectFrom(x0, y0).reinterpretAsFloats().intoArray(to, d + LANES);
      l.selectFrom(x1, y1).reinterpretAsFloats().intoArray(to, d + 2 * LANES);
      h.selectFrom(x1, y1).reinterpretAsFloats().intoArray(to, d + 3 * LANES);
      l.selectFrom(x2, y2).reinterpretAsFloats().intoArray(to, d + 4 * LANES);
      h.selectFrom(x2, y2).reinterpretAsFloats().intoArray(to, d + 5 * LANES);
    }
    return groups * LANES;
  }

  /** See {@link WinogradTile#input}. */
  static void input(
      float[] from,
      int start,
      int step,
      int six,
      int seven,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    FloatVector a = FloatVector.broadcast(Simd.FLOATS, 5.25f);
    FloatVector b = FloatVector.broadcast(Simd.FLOATS, -4.25f);
    FloatVector c = FloatVector.broadcast(Simd.FLOATS, 0.25f);
    FloatVector e = FloatVector.broadcast(Simd.FLOATS, -1.25f);
    FloatVector f = FloatVector.broadcast(Simd.FLOATS, -2.5f);
    FloatVector h = FloatVector.broadcast(Simd.FLOATS, 0.5f);
    FloatVector p2 = FloatVector.broadcast(Simd.FLOATS, 2f);
    FloatVector p4 = FloatVector.broadcast(Simd.FLOATS, 4f);
    FloatVector m5 = FloatVector.broadcast(Simd.FLOATS, -5f);
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector d0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector d1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector d2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector d3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector d4 = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step);
      FloatVector d5 = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step);
      FloatVector d6 = FloatVector.fromArray(Simd.FLOATS, from, s + six);
      FloatVector d7 = FloatVector.fromArray(Simd.FLOATS, from, s + seven);
      d4.sub(d2).fma(a, d0.sub(d6)).intoArray(to, d);
      d3.sub(d5).fma(a, d7.sub(d1)).intoArray(to, d + 7 * toStep);
      FloatVector x = d4.fma(b, d2.add(d6));
      FloatVector y = d3.fma(b, d1.add(d5));
      x.add(y).intoArray(to, d + toStep);
      x.sub(y).intoArray(to, d + 2 * toStep);
      x = d2.fma(c, d4.fma(e, d6));
      y = d1.fma(h, d3.fma(f, d5.mul(p2)));
      x.add(y).intoArray(to, d + 3 * toStep);
      x.sub(y).intoArray(to, d + 4 * toStep);
      x = d2.fma(p4, d4.fma(m5, d6));
      y = d1.fma(p2, d3.fma(f, d5.mul(h)));
      x.add(y).intoArray(to, d + 5 * toStep);
      x.sub(y).intoArray(to, d + 6 * toStep);
    }
  }

  /** See {@link WinogradTile#output}. */
  static void output(
      float[] from,
      int start,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    FloatVector p2 = FloatVector.broadcast(Simd.FLOATS, 2f);
    FloatVector p4 = FloatVector.broadcast(Simd.FLOATS, 4f);
    FloatVector p8 = FloatVector.broadcast(Simd.FLOATS, 8f);
    FloatVector p16 = FloatVector.broadcast(Simd.FLOATS, 16f);
    FloatVector p32 = FloatVector.broadcast(Simd.FLOATS, 32f);
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector m0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector m1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector m2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector m3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector m4 = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step);
      FloatVector m5 = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step);
      FloatVector m6 = FloatVector.fromArray(Simd.FLOATS, from, s + 6 * step);
      FloatVector m7 = FloatVector.fromArray(Simd.FLOATS, from, s + 7 * step);
      FloatVector x1 = m1.add(m2);
      FloatVector y1 = m1.sub(m2);
      FloatVector x2 = m3.add(m4);
      FloatVector y2 = m3.sub(m4);
      FloatVector x3 = m5.add(m6);
      FloatVector y3 = m5.sub(m6);
      x3.fma(p32, m0.add(x1).add(x2)).intoArray(to, d);
      y3.fma(p16, y2.fma(p2, y1)).intoArray(to, d + toStep);
      x3.fma(p8, x2.fma(p4, x1)).intoArray(to, d + 2 * toStep);
      y3.fma(p4, y2.fma(p8, y1)).intoArray(to, d + 3 * toStep);
      x3.fma(p2, x2.fma(p16, x1)).intoArray(to, d + 4 * toStep);
      y2.fma(p32, y1.add(y3)).add(m7).intoArray(to, d + 5 * toStep);
    }
  }
}
