package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;

/**
 * The transforms of {@link WinogradWeightGradient}, for the points 0, ±1, ±2 and infinity. Each
 * method transforms one side of {@code count} tiles, all lanes alike: the values of a tile lie
 * {@code step} apart and the tiles {@code next}, results {@code toStep} and {@code toNext}.
 */
final class WinogradGradientKernels {
  private WinogradGradientKernels() {}

  /** {@code B' x}: six values of x in, six out. */
  static void input(
      float[] from,
      int start,
      int step,
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
      FloatVector x0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector x1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector x2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector x3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector x4 = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step);
      FloatVector x5 = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step);
      FloatVector a = x2.fma(m4, x4);
      FloatVector b = x1.fma(m4, x3);
      FloatVector c = x4.sub(x2);
      FloatVector e = x3.sub(x1).mul(p2);
      x0.fma(p4, x2.fma(m5, x4)).intoArray(to, d);
      a.add(b).intoArray(to, d + toStep);
      a.sub(b).intoArray(to, d + 2 * toStep);
      c.add(e).intoArray(to, d + 3 * toStep);
      c.sub(e).intoArray(to, d + 4 * toStep);
      x1.fma(p4, x3.fma(m5, x5)).intoArray(to, d + 5 * toStep);
    }
  }

  /** {@code A dy}: four values of dy in, six out. */
  static void gradient(
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
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector y0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector y1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector y2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector y3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector a = y0.add(y2);
      FloatVector b = y1.add(y3);
      FloatVector c = y2.fma(p4, y0);
      FloatVector e = y3.fma(p4, y1).mul(p2);
      y0.intoArray(to, d);
      a.add(b).intoArray(to, d + toStep);
      a.sub(b).intoArray(to, d + 2 * toStep);
      c.add(e).intoArray(to, d + 3 * toStep);
      c.sub(e).intoArray(to, d + 4 * toStep);
      y3.intoArray(to, d + 5 * toStep);
    }
  }

  /** {@code G' m}: six sums in, three weights out. */
  static void weights(
      float[] from,
      int start,
      int step,
      int next,
      float[] to,
      int at,
      int toStep,
      int toNext,
      int count) {
    FloatVector quarter = FloatVector.broadcast(Simd.FLOATS, 1 / 4f);
    FloatVector sixth = FloatVector.broadcast(Simd.FLOATS, 1 / 6f);
    FloatVector half = FloatVector.broadcast(Simd.FLOATS, 1 / 2f);
    for (int n = 0; n < count; n++) {
      int s = start + n * next;
      int d = at + n * toNext;
      FloatVector m0 = FloatVector.fromArray(Simd.FLOATS, from, s);
      FloatVector m1 = FloatVector.fromArray(Simd.FLOATS, from, s + step);
      FloatVector m2 = FloatVector.fromArray(Simd.FLOATS, from, s + 2 * step);
      FloatVector m3 = FloatVector.fromArray(Simd.FLOATS, from, s + 3 * step);
      FloatVector m4 = FloatVector.fromArray(Simd.FLOATS, from, s + 4 * step);
      FloatVector m5 = FloatVector.fromArray(Simd.FLOATS, from, s + 5 * step);
      FloatVector a = m1.add(m2);
      FloatVector b = m3.add(m4);
      m0.mul(quarter).add(b.mul(quarter).sub(a).mul(sixth)).intoArray(to, d);
      m3.sub(m4).mul(half).add(m2.sub(m1)).mul(sixth).intoArray(to, d + toStep);
      b.sub(a).fma(sixth, m5).intoArray(to, d + 2 * toStep);
    }
  }
}
