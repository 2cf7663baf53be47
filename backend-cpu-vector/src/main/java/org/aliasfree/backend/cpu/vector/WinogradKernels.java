package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * The data transforms of Winograd's convolution F(4x4, 3x3): {@code Y = A'[(G w G') * (B' d B)]A}
 * (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016). Lanes are
 * neighbouring tiles. Each method is one loop without calls of its own.
 */
final class WinogradKernels {
  private static final int LANES = Simd.LANES;

  /** Two-source permutes in registers need AVX-512; elsewhere plain loops are faster. */
  private static final boolean PERMUTE = Simd.BITS == 512;

  private static final int[] EVEN = new int[LANES];
  private static final int[] ODD = new int[LANES];
  private static final int[] ZIP_LOW = new int[LANES];
  private static final int[] ZIP_HIGH = new int[LANES];

  static {
    for (int i = 0; i < LANES; i++) {
      EVEN[i] = 2 * i;
      ODD[i] = 2 * i + 1;
      ZIP_LOW[i] = (i >> 1) + (i & 1) * LANES;
      ZIP_HIGH[i] = LANES / 2 + (i >> 1) + (i & 1) * LANES;
    }
  }

  private WinogradKernels() {}

  /**
   * Deals {@code 4*count} floats out to four rows: {@code to[at + r*step + i] = from[start + 4*i +
   * r]}.
   */
  static void deal(float[] from, int start, float[] to, int at, int step, int count) {
    int done = PERMUTE ? dealVectors(from, start, to, at, step, count / LANES) : 0;
    for (int i = done; i < count; i++) {
      to[at + i] = from[start + 4 * i];
      to[at + step + i] = from[start + 4 * i + 1];
      to[at + 2 * step + i] = from[start + 4 * i + 2];
      to[at + 3 * step + i] = from[start + 4 * i + 3];
    }
  }

  private static int dealVectors(
      float[] from, int start, float[] to, int at, int step, int groups) {
    IntVector e = IntVector.fromArray(Simd.INTS, EVEN, 0);
    IntVector o = IntVector.fromArray(Simd.INTS, ODD, 0);
    for (int n = 0; n < groups; n++) {
      int s = start + n * 4 * LANES;
      int d = at + n * LANES;
      IntVector a = FloatVector.fromArray(Simd.FLOATS, from, s).reinterpretAsInts();
      IntVector b = FloatVector.fromArray(Simd.FLOATS, from, s + LANES).reinterpretAsInts();
      IntVector c = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * LANES).reinterpretAsInts();
      IntVector f = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * LANES).reinterpretAsInts();
      IntVector ae = e.selectFrom(a, b);
      IntVector ao = o.selectFrom(a, b);
      IntVector ce = e.selectFrom(c, f);
      IntVector co = o.selectFrom(c, f);
      e.selectFrom(ae, ce).reinterpretAsFloats().intoArray(to, d);
      e.selectFrom(ao, co).reinterpretAsFloats().intoArray(to, d + step);
      o.selectFrom(ae, ce).reinterpretAsFloats().intoArray(to, d + 2 * step);
      o.selectFrom(ao, co).reinterpretAsFloats().intoArray(to, d + 3 * step);
    }
    return groups * LANES;
  }

  /** The inverse of {@link #deal}: {@code to[at + 4*i + r] = from[start + r*step + i]}. */
  static void gather(float[] from, int start, int step, float[] to, int at, int count) {
    int done = PERMUTE ? gatherVectors(from, start, step, to, at, count / LANES) : 0;
    for (int i = done; i < count; i++) {
      to[at + 4 * i] = from[start + i];
      to[at + 4 * i + 1] = from[start + step + i];
      to[at + 4 * i + 2] = from[start + 2 * step + i];
      to[at + 4 * i + 3] = from[start + 3 * step + i];
    }
  }

  private static int gatherVectors(
      float[] from, int start, int step, float[] to, int at, int groups) {
    IntVector l = IntVector.fromArray(Simd.INTS, ZIP_LOW, 0);
    IntVector h = IntVector.fromArray(Simd.INTS, ZIP_HIGH, 0);
    for (int n = 0; n < groups; n++) {
      int s = start + n * LANES;
      int d = at + n * 4 * LANES;
      IntVector a = FloatVector.fromArray(Simd.FLOATS, from, s).reinterpretAsInts();
      IntVector b = FloatVector.fromArray(Simd.FLOATS, from, s + step).reinterpretAsInts();
      IntVector c = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step).reinterpretAsInts();
      IntVector f = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step).reinterpretAsInts();
      IntVector al = l.selectFrom(a, c);
      IntVector ah = h.selectFrom(a, c);
      IntVector bl = l.selectFrom(b, f);
      IntVector bh = h.selectFrom(b, f);
      l.selectFrom(al, bl).reinterpretAsFloats().intoArray(to, d);
      h.selectFrom(al, bl).reinterpretAsFloats().intoArray(to, d + LANES);
      l.selectFrom(ah, bh).reinterpretAsFloats().intoArray(to, d + 2 * LANES);
      h.selectFrom(ah, bh).reinterpretAsFloats().intoArray(to, d + 3 * LANES);
    }
    return groups * LANES;
  }

  /**
   * One side of {@code B' d B}: six values in, six out, {@code count} times. Inputs 0 to 3 lie
   * {@code step} apart, 4 and 5 at {@code four} and {@code five}; outputs lie {@code toStep} apart;
   * {@code next} and {@code toNext} lead on.
   */
  static void input(
      float[] from,
      int start,
      int step,
      int four,
      int five,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    FloatVector m4 = FloatVector.broadcast(Simd.FLOATS, -4f);
    FloatVector m5 = FloatVector.broadcast(Simd.FLOATS, -5f);
    FloatVector p4 = FloatVector.broadcast(Simd.FLOATS, 4f);
    FloatVector p2 = FloatVector.broadcast(Simd.FLOATS, 2f);
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector d0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector d1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector d2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector d3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector d4 = FloatVector.fromArray(Simd.FLOATS, from, s + four);
      FloatVector d5 = FloatVector.fromArray(Simd.FLOATS, from, s + five);
      FloatVector x = d2.fma(m4, d4);
      FloatVector y = d1.fma(m4, d3);
      FloatVector z = d4.sub(d2);
      FloatVector w = d3.sub(d1).mul(p2);
      d0.fma(p4, d2.fma(m5, d4)).intoArray(to, d);
      x.add(y).intoArray(to, d + toStep);
      x.sub(y).intoArray(to, d + 2 * toStep);
      z.add(w).intoArray(to, d + 3 * toStep);
      z.sub(w).intoArray(to, d + 4 * toStep);
      d1.fma(p4, d3.fma(m5, d5)).intoArray(to, d + 5 * toStep);
    }
  }

  /**
   * One side of {@code A' m A}: six values in, {@code step} apart, four out, {@code toStep} apart,
   * {@code count} times.
   */
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
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector m0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector m1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector m2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector m3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector m4 = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step);
      FloatVector m5 = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step);
      FloatVector x = m1.add(m2);
      FloatVector y = m1.sub(m2);
      FloatVector z = m3.add(m4);
      FloatVector w = m3.sub(m4);
      m0.add(x).add(z).intoArray(to, d);
      w.fma(p2, y).intoArray(to, d + toStep);
      z.fma(p4, x).intoArray(to, d + 2 * toStep);
      w.fma(p8, y).add(m5).intoArray(to, d + 3 * toStep);
    }
  }
}
