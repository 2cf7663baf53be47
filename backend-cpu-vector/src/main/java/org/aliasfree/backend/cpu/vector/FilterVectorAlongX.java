package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FilterLoops} along x for the taps that StyleGAN3's filters have. Every tap is
 * in a register; four results come from a handful of values, and all of these lie at fixed
 * distances from one address, so that next to nothing but sums is done.
 */
final class FilterVectorAlongX {
  private static final VectorSpecies<Float> S = Simd.FLOATS;

  /** Bytes of a vector. */
  private static final long V = 4L * Simd.LANES;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private FilterVectorAlongX() {}

  private static FloatVector tap(float w) {
    return FloatVector.broadcast(S, w);
  }

  /** See {@link FilterLoops#alongX6}. */
  static void six(
      MemorySegment s, int src, float[] a, float[] b, int[] to, int dstStep, int n, boolean add) {
    FloatVector a0 = tap(a[0]);
    FloatVector a1 = tap(a[1]);
    FloatVector a2 = tap(a[2]);
    FloatVector a3 = tap(a[3]);
    FloatVector a4 = tap(a[4]);
    FloatVector a5 = tap(a[5]);
    FloatVector b0 = tap(b[0]);
    FloatVector b1 = tap(b[1]);
    FloatVector b2 = tap(b[2]);
    FloatVector b3 = tap(b[3]);
    FloatVector b4 = tap(b[4]);
    FloatVector b5 = tap(b[5]);
    long d0 = 4L * to[0];
    long d1 = 4L * to[1];
    long d2 = 4L * to[2];
    long d3 = 4L * to[3];
    long q = 4L * src;
    long o = 0;
    for (int i = 0; i < n; i++) {
      FloatVector x = FloatVector.fromMemorySegment(S, s, q, ORDER);
      FloatVector t =
          add ? x.fma(a0, FloatVector.fromMemorySegment(S, s, d0 + o, ORDER)) : x.mul(a0);
      FloatVector u =
          add ? x.fma(b0, FloatVector.fromMemorySegment(S, s, d1 + o, ORDER)) : x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, q + 1 * V, ORDER);
      t = x.fma(a1, t);
      u = x.fma(b1, u);
      FloatVector v =
          add ? x.fma(a0, FloatVector.fromMemorySegment(S, s, d2 + o, ORDER)) : x.mul(a0);
      FloatVector z =
          add ? x.fma(b0, FloatVector.fromMemorySegment(S, s, d3 + o, ORDER)) : x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, q + 2 * V, ORDER);
      t = x.fma(a2, t);
      u = x.fma(b2, u);
      v = x.fma(a1, v);
      z = x.fma(b1, z);
      x = FloatVector.fromMemorySegment(S, s, q + 3 * V, ORDER);
      t = x.fma(a3, t);
      u = x.fma(b3, u);
      v = x.fma(a2, v);
      z = x.fma(b2, z);
      x = FloatVector.fromMemorySegment(S, s, q + 4 * V, ORDER);
      t = x.fma(a4, t);
      u = x.fma(b4, u);
      v = x.fma(a3, v);
      z = x.fma(b3, z);
      x = FloatVector.fromMemorySegment(S, s, q + 5 * V, ORDER);
      t = x.fma(a5, t);
      u = x.fma(b5, u);
      v = x.fma(a4, v);
      z = x.fma(b4, z);
      x = FloatVector.fromMemorySegment(S, s, q + 6 * V, ORDER);
      v = x.fma(a5, v);
      z = x.fma(b5, z);
      t.intoMemorySegment(s, d0 + o, ORDER);
      u.intoMemorySegment(s, d1 + o, ORDER);
      v.intoMemorySegment(s, d2 + o, ORDER);
      z.intoMemorySegment(s, d3 + o, ORDER);
      q += 2 * V;
      o += 4L * dstStep;
    }
  }

  /** See {@link FilterLoops#alongX6Act}. */
  static void sixAct(
      MemorySegment s,
      int src,
      float[] a,
      float[] b,
      int[] to,
      int dstStep,
      int n,
      float slope,
      float clamp) {
    FloatVector a0 = tap(a[0]);
    FloatVector a1 = tap(a[1]);
    FloatVector a2 = tap(a[2]);
    FloatVector a3 = tap(a[3]);
    FloatVector a4 = tap(a[4]);
    FloatVector a5 = tap(a[5]);
    FloatVector b0 = tap(b[0]);
    FloatVector b1 = tap(b[1]);
    FloatVector b2 = tap(b[2]);
    FloatVector b3 = tap(b[3]);
    FloatVector b4 = tap(b[4]);
    FloatVector b5 = tap(b[5]);
    FloatVector bend = tap(slope);
    FloatVector top = tap(clamp);
    FloatVector bottom = tap(-clamp);
    long d0 = 4L * to[0];
    long d1 = 4L * to[1];
    long d2 = 4L * to[2];
    long d3 = 4L * to[3];
    long q = 4L * src;
    long o = 0;
    for (int i = 0; i < n; i++) {
      FloatVector x = FloatVector.fromMemorySegment(S, s, q, ORDER);
      FloatVector t = x.mul(a0);
      FloatVector u = x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, q + 1 * V, ORDER);
      t = x.fma(a1, t);
      u = x.fma(b1, u);
      FloatVector v = x.mul(a0);
      FloatVector z = x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, q + 2 * V, ORDER);
      t = x.fma(a2, t);
      u = x.fma(b2, u);
      v = x.fma(a1, v);
      z = x.fma(b1, z);
      x = FloatVector.fromMemorySegment(S, s, q + 3 * V, ORDER);
      t = x.fma(a3, t);
      u = x.fma(b3, u);
      v = x.fma(a2, v);
      z = x.fma(b2, z);
      x = FloatVector.fromMemorySegment(S, s, q + 4 * V, ORDER);
      t = x.fma(a4, t);
      u = x.fma(b4, u);
      v = x.fma(a3, v);
      z = x.fma(b3, z);
      x = FloatVector.fromMemorySegment(S, s, q + 5 * V, ORDER);
      t = x.fma(a5, t);
      u = x.fma(b5, u);
      v = x.fma(a4, v);
      z = x.fma(b4, z);
      x = FloatVector.fromMemorySegment(S, s, q + 6 * V, ORDER);
      v = x.fma(a5, v);
      z = x.fma(b5, z);
      // Comparisons, not min and max: those take several instructions each to order zeros and NaN.
      t = t.blend(t.mul(bend), t.compare(VectorOperators.LT, 0f));
      t = t.blend(top, t.compare(VectorOperators.GT, top));
      t = t.blend(bottom, t.compare(VectorOperators.LT, bottom));
      u = u.blend(u.mul(bend), u.compare(VectorOperators.LT, 0f));
      u = u.blend(top, u.compare(VectorOperators.GT, top));
      u = u.blend(bottom, u.compare(VectorOperators.LT, bottom));
      v = v.blend(v.mul(bend), v.compare(VectorOperators.LT, 0f));
      v = v.blend(top, v.compare(VectorOperators.GT, top));
      v = v.blend(bottom, v.compare(VectorOperators.LT, bottom));
      z = z.blend(z.mul(bend), z.compare(VectorOperators.LT, 0f));
      z = z.blend(top, z.compare(VectorOperators.GT, top));
      z = z.blend(bottom, z.compare(VectorOperators.LT, bottom));
      t.intoMemorySegment(s, d0 + o, ORDER);
      u.intoMemorySegment(s, d1 + o, ORDER);
      v.intoMemorySegment(s, d2 + o, ORDER);
      z.intoMemorySegment(s, d3 + o, ORDER);
      q += 2 * V;
      o += 4L * dstStep;
    }
  }

  /** See {@link FilterLoops#alongX12}. */
  static void twelve(
      MemorySegment s, int src, float[] taps, int[] to, int dstStep, int n, boolean add) {
    FloatVector w0 = tap(taps[0]);
    FloatVector w1 = tap(taps[1]);
    FloatVector w2 = tap(taps[2]);
    FloatVector w3 = tap(taps[3]);
    FloatVector w4 = tap(taps[4]);
    FloatVector w5 = tap(taps[5]);
    FloatVector w6 = tap(taps[6]);
    FloatVector w7 = tap(taps[7]);
    FloatVector w8 = tap(taps[8]);
    FloatVector w9 = tap(taps[9]);
    FloatVector w10 = tap(taps[10]);
    FloatVector w11 = tap(taps[11]);
    long d0 = 4L * to[0];
    long d1 = 4L * to[1];
    long d2 = 4L * to[2];
    long d3 = 4L * to[3];
    long q = 4L * src;
    long o = 0;
    for (int i = 0; i < n; i++) {
      FloatVector x = FloatVector.fromMemorySegment(S, s, q, ORDER);
      FloatVector t =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d0 + o, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, q + 1 * V, ORDER);
      t = x.fma(w1, t);
      x = FloatVector.fromMemorySegment(S, s, q + 2 * V, ORDER);
      t = x.fma(w2, t);
      FloatVector u =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d1 + o, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, q + 3 * V, ORDER);
      t = x.fma(w3, t);
      u = x.fma(w1, u);
      x = FloatVector.fromMemorySegment(S, s, q + 4 * V, ORDER);
      t = x.fma(w4, t);
      u = x.fma(w2, u);
      FloatVector v =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d2 + o, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, q + 5 * V, ORDER);
      t = x.fma(w5, t);
      u = x.fma(w3, u);
      v = x.fma(w1, v);
      x = FloatVector.fromMemorySegment(S, s, q + 6 * V, ORDER);
      t = x.fma(w6, t);
      u = x.fma(w4, u);
      v = x.fma(w2, v);
      FloatVector z =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d3 + o, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, q + 7 * V, ORDER);
      t = x.fma(w7, t);
      u = x.fma(w5, u);
      v = x.fma(w3, v);
      z = x.fma(w1, z);
      x = FloatVector.fromMemorySegment(S, s, q + 8 * V, ORDER);
      t = x.fma(w8, t);
      u = x.fma(w6, u);
      v = x.fma(w4, v);
      z = x.fma(w2, z);
      x = FloatVector.fromMemorySegment(S, s, q + 9 * V, ORDER);
      t = x.fma(w9, t);
      u = x.fma(w7, u);
      v = x.fma(w5, v);
      z = x.fma(w3, z);
      x = FloatVector.fromMemorySegment(S, s, q + 10 * V, ORDER);
      t = x.fma(w10, t);
      u = x.fma(w8, u);
      v = x.fma(w6, v);
      z = x.fma(w4, z);
      x = FloatVector.fromMemorySegment(S, s, q + 11 * V, ORDER);
      t = x.fma(w11, t);
      u = x.fma(w9, u);
      v = x.fma(w7, v);
      z = x.fma(w5, z);
      x = FloatVector.fromMemorySegment(S, s, q + 12 * V, ORDER);
      u = x.fma(w10, u);
      v = x.fma(w8, v);
      z = x.fma(w6, z);
      x = FloatVector.fromMemorySegment(S, s, q + 13 * V, ORDER);
      u = x.fma(w11, u);
      v = x.fma(w9, v);
      z = x.fma(w7, z);
      x = FloatVector.fromMemorySegment(S, s, q + 14 * V, ORDER);
      v = x.fma(w10, v);
      z = x.fma(w8, z);
      x = FloatVector.fromMemorySegment(S, s, q + 15 * V, ORDER);
      v = x.fma(w11, v);
      z = x.fma(w9, z);
      x = FloatVector.fromMemorySegment(S, s, q + 16 * V, ORDER);
      z = x.fma(w10, z);
      x = FloatVector.fromMemorySegment(S, s, q + 17 * V, ORDER);
      z = x.fma(w11, z);
      t.intoMemorySegment(s, d0 + o, ORDER);
      u.intoMemorySegment(s, d1 + o, ORDER);
      v.intoMemorySegment(s, d2 + o, ORDER);
      z.intoMemorySegment(s, d3 + o, ORDER);
      q += 8 * V;
      o += 4L * dstStep;
    }
  }
}
