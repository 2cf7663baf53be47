package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link FilterLoops} along y for the taps that StyleGAN3's filters have, four rows at
 * a time.
 */
final class FilterVectorAlongY {
  private static final VectorSpecies<Float> S = Simd.FLOATS;

  /** Bytes of a vector. */
  private static final long V = 4L * Simd.LANES;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private FilterVectorAlongY() {}

  private static FloatVector tap(float w) {
    return FloatVector.broadcast(S, w);
  }

  /** See {@link FilterLoops#alongY6}. */
  static void six(
      MemorySegment s,
      int src,
      int[] off,
      int offFrom,
      float[] a,
      float[] b,
      int[] to,
      int n,
      boolean add) {
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
    long o0 = 4L * (src + off[offFrom]);
    long o1 = 4L * (src + off[offFrom + 1]);
    long o2 = 4L * (src + off[offFrom + 2]);
    long o3 = 4L * (src + off[offFrom + 3]);
    long o4 = 4L * (src + off[offFrom + 4]);
    long o5 = 4L * (src + off[offFrom + 5]);
    long o6 = 4L * (src + off[offFrom + 6]);
    long d0 = 4L * to[0];
    long d1 = 4L * to[1];
    long d2 = 4L * to[2];
    long d3 = 4L * to[3];
    long q = 0;
    for (int i = 0; i < n; i++) {
      FloatVector x = FloatVector.fromMemorySegment(S, s, o0 + q, ORDER);
      FloatVector t =
          add ? x.fma(a0, FloatVector.fromMemorySegment(S, s, d0 + q, ORDER)) : x.mul(a0);
      FloatVector u =
          add ? x.fma(b0, FloatVector.fromMemorySegment(S, s, d1 + q, ORDER)) : x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, o1 + q, ORDER);
      t = x.fma(a1, t);
      u = x.fma(b1, u);
      FloatVector v =
          add ? x.fma(a0, FloatVector.fromMemorySegment(S, s, d2 + q, ORDER)) : x.mul(a0);
      FloatVector z =
          add ? x.fma(b0, FloatVector.fromMemorySegment(S, s, d3 + q, ORDER)) : x.mul(b0);
      x = FloatVector.fromMemorySegment(S, s, o2 + q, ORDER);
      t = x.fma(a2, t);
      u = x.fma(b2, u);
      v = x.fma(a1, v);
      z = x.fma(b1, z);
      x = FloatVector.fromMemorySegment(S, s, o3 + q, ORDER);
      t = x.fma(a3, t);
      u = x.fma(b3, u);
      v = x.fma(a2, v);
      z = x.fma(b2, z);
      x = FloatVector.fromMemorySegment(S, s, o4 + q, ORDER);
      t = x.fma(a4, t);
      u = x.fma(b4, u);
      v = x.fma(a3, v);
      z = x.fma(b3, z);
      x = FloatVector.fromMemorySegment(S, s, o5 + q, ORDER);
      t = x.fma(a5, t);
      u = x.fma(b5, u);
      v = x.fma(a4, v);
      z = x.fma(b4, z);
      x = FloatVector.fromMemorySegment(S, s, o6 + q, ORDER);
      v = x.fma(a5, v);
      z = x.fma(b5, z);
      t.intoMemorySegment(s, d0 + q, ORDER);
      u.intoMemorySegment(s, d1 + q, ORDER);
      v.intoMemorySegment(s, d2 + q, ORDER);
      z.intoMemorySegment(s, d3 + q, ORDER);
      q += V;
    }
  }

  /** See {@link FilterLoops#alongY12}. */
  static void twelve(
      MemorySegment s,
      int src,
      int[] off,
      int offFrom,
      float[] taps,
      int[] to,
      int n,
      boolean add) {
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
    long o0 = 4L * (src + off[offFrom]);
    long o1 = 4L * (src + off[offFrom + 1]);
    long o2 = 4L * (src + off[offFrom + 2]);
    long o3 = 4L * (src + off[offFrom + 3]);
    long o4 = 4L * (src + off[offFrom + 4]);
    long o5 = 4L * (src + off[offFrom + 5]);
    long o6 = 4L * (src + off[offFrom + 6]);
    long o7 = 4L * (src + off[offFrom + 7]);
    long o8 = 4L * (src + off[offFrom + 8]);
    long o9 = 4L * (src + off[offFrom + 9]);
    long o10 = 4L * (src + off[offFrom + 10]);
    long o11 = 4L * (src + off[offFrom + 11]);
    long o12 = 4L * (src + off[offFrom + 12]);
    long o13 = 4L * (src + off[offFrom + 13]);
    long o14 = 4L * (src + off[offFrom + 14]);
    long o15 = 4L * (src + off[offFrom + 15]);
    long o16 = 4L * (src + off[offFrom + 16]);
    long o17 = 4L * (src + off[offFrom + 17]);
    long d0 = 4L * to[0];
    long d1 = 4L * to[1];
    long d2 = 4L * to[2];
    long d3 = 4L * to[3];
    long q = 0;
    for (int i = 0; i < n; i++) {
      FloatVector x = FloatVector.fromMemorySegment(S, s, o0 + q, ORDER);
      FloatVector t =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d0 + q, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, o1 + q, ORDER);
      t = x.fma(w1, t);
      x = FloatVector.fromMemorySegment(S, s, o2 + q, ORDER);
      t = x.fma(w2, t);
      FloatVector u =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d1 + q, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, o3 + q, ORDER);
      t = x.fma(w3, t);
      u = x.fma(w1, u);
      x = FloatVector.fromMemorySegment(S, s, o4 + q, ORDER);
      t = x.fma(w4, t);
      u = x.fma(w2, u);
      FloatVector v =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d2 + q, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, o5 + q, ORDER);
      t = x.fma(w5, t);
      u = x.fma(w3, u);
      v = x.fma(w1, v);
      x = FloatVector.fromMemorySegment(S, s, o6 + q, ORDER);
      t = x.fma(w6, t);
      u = x.fma(w4, u);
      v = x.fma(w2, v);
      FloatVector z =
          add ? x.fma(w0, FloatVector.fromMemorySegment(S, s, d3 + q, ORDER)) : x.mul(w0);
      x = FloatVector.fromMemorySegment(S, s, o7 + q, ORDER);
      t = x.fma(w7, t);
      u = x.fma(w5, u);
      v = x.fma(w3, v);
      z = x.fma(w1, z);
      x = FloatVector.fromMemorySegment(S, s, o8 + q, ORDER);
      t = x.fma(w8, t);
      u = x.fma(w6, u);
      v = x.fma(w4, v);
      z = x.fma(w2, z);
      x = FloatVector.fromMemorySegment(S, s, o9 + q, ORDER);
      t = x.fma(w9, t);
      u = x.fma(w7, u);
      v = x.fma(w5, v);
      z = x.fma(w3, z);
      x = FloatVector.fromMemorySegment(S, s, o10 + q, ORDER);
      t = x.fma(w10, t);
      u = x.fma(w8, u);
      v = x.fma(w6, v);
      z = x.fma(w4, z);
      x = FloatVector.fromMemorySegment(S, s, o11 + q, ORDER);
      t = x.fma(w11, t);
      u = x.fma(w9, u);
      v = x.fma(w7, v);
      z = x.fma(w5, z);
      x = FloatVector.fromMemorySegment(S, s, o12 + q, ORDER);
      u = x.fma(w10, u);
      v = x.fma(w8, v);
      z = x.fma(w6, z);
      x = FloatVector.fromMemorySegment(S, s, o13 + q, ORDER);
      u = x.fma(w11, u);
      v = x.fma(w9, v);
      z = x.fma(w7, z);
      x = FloatVector.fromMemorySegment(S, s, o14 + q, ORDER);
      v = x.fma(w10, v);
      z = x.fma(w8, z);
      x = FloatVector.fromMemorySegment(S, s, o15 + q, ORDER);
      v = x.fma(w11, v);
      z = x.fma(w9, z);
      x = FloatVector.fromMemorySegment(S, s, o16 + q, ORDER);
      z = x.fma(w10, z);
      x = FloatVector.fromMemorySegment(S, s, o17 + q, ORDER);
      z = x.fma(w11, z);
      t.intoMemorySegment(s, d0 + q, ORDER);
      u.intoMemorySegment(s, d1 + q, ORDER);
      v.intoMemorySegment(s, d2 + q, ORDER);
      z.intoMemorySegment(s, d3 + q, ORDER);
      q += V;
    }
  }
}
