package org.aliasfree.backend.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link UpfirdnVectorRows} that make two rows at once from inputs that both need, so
 * that each input is loaded once. The order of the operations on a value is that of the loops for
 * one row.
 */
final class UpfirdnVectorPairs {
  private static final VectorSpecies<Float> S = Simd.FLOATS;
  private static final int V = Simd.LANES;

  private UpfirdnVectorPairs() {}

  /** Two filters of six taps on inputs that follow each other. */
  static void fir6(float[] s, int src, float[] a, float[] b, int dstA, int dstB, int n) {
    FloatVector a0 = FloatVector.broadcast(S, a[0]);
    FloatVector a1 = FloatVector.broadcast(S, a[1]);
    FloatVector a2 = FloatVector.broadcast(S, a[2]);
    FloatVector a3 = FloatVector.broadcast(S, a[3]);
    FloatVector a4 = FloatVector.broadcast(S, a[4]);
    FloatVector a5 = FloatVector.broadcast(S, a[5]);
    FloatVector b0 = FloatVector.broadcast(S, b[0]);
    FloatVector b1 = FloatVector.broadcast(S, b[1]);
    FloatVector b2 = FloatVector.broadcast(S, b[2]);
    FloatVector b3 = FloatVector.broadcast(S, b[3]);
    FloatVector b4 = FloatVector.broadcast(S, b[4]);
    FloatVector b5 = FloatVector.broadcast(S, b[5]);
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, src + q);
      FloatVector u = x.mul(a0);
      FloatVector v = x.mul(b0);
      x = FloatVector.fromArray(S, s, src + q + 1);
      u = x.fma(a1, u);
      v = x.fma(b1, v);
      x = FloatVector.fromArray(S, s, src + q + 2);
      u = x.fma(a2, u);
      v = x.fma(b2, v);
      x = FloatVector.fromArray(S, s, src + q + 3);
      u = x.fma(a3, u);
      v = x.fma(b3, v);
      x = FloatVector.fromArray(S, s, src + q + 4);
      u = x.fma(a4, u);
      v = x.fma(b4, v);
      x = FloatVector.fromArray(S, s, src + q + 5);
      u = x.fma(a5, u);
      v = x.fma(b5, v);
      u.intoArray(s, dstA + q);
      v.intoArray(s, dstB + q);
    }
  }

  /** Two filters of six taps on the same rows, each followed by the non-linearity. */
  static void fir6Act(
      float[] s,
      int[] off,
      float[] a,
      float[] b,
      int dstA,
      int dstB,
      int n,
      float slope,
      float clamp) {
    FloatVector a0 = FloatVector.broadcast(S, a[0]);
    FloatVector a1 = FloatVector.broadcast(S, a[1]);
    FloatVector a2 = FloatVector.broadcast(S, a[2]);
    FloatVector a3 = FloatVector.broadcast(S, a[3]);
    FloatVector a4 = FloatVector.broadcast(S, a[4]);
    FloatVector a5 = FloatVector.broadcast(S, a[5]);
    FloatVector b0 = FloatVector.broadcast(S, b[0]);
    FloatVector b1 = FloatVector.broadcast(S, b[1]);
    FloatVector b2 = FloatVector.broadcast(S, b[2]);
    FloatVector b3 = FloatVector.broadcast(S, b[3]);
    FloatVector b4 = FloatVector.broadcast(S, b[4]);
    FloatVector b5 = FloatVector.broadcast(S, b[5]);
    FloatVector bend = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    FloatVector bottom = FloatVector.broadcast(S, -clamp);
    int o0 = off[0];
    int o1 = off[1];
    int o2 = off[2];
    int o3 = off[3];
    int o4 = off[4];
    int o5 = off[5];
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, o0 + q);
      FloatVector u = x.mul(a0);
      FloatVector v = x.mul(b0);
      x = FloatVector.fromArray(S, s, o1 + q);
      u = x.fma(a1, u);
      v = x.fma(b1, v);
      x = FloatVector.fromArray(S, s, o2 + q);
      u = x.fma(a2, u);
      v = x.fma(b2, v);
      x = FloatVector.fromArray(S, s, o3 + q);
      u = x.fma(a3, u);
      v = x.fma(b3, v);
      x = FloatVector.fromArray(S, s, o4 + q);
      u = x.fma(a4, u);
      v = x.fma(b4, v);
      x = FloatVector.fromArray(S, s, o5 + q);
      u = x.fma(a5, u);
      v = x.fma(b5, v);
      u = u.blend(u.mul(bend), u.compare(VectorOperators.LT, 0f));
      u = u.blend(top, u.compare(VectorOperators.GT, top));
      u = u.blend(bottom, u.compare(VectorOperators.LT, bottom));
      v = v.blend(v.mul(bend), v.compare(VectorOperators.LT, 0f));
      v = v.blend(top, v.compare(VectorOperators.GT, top));
      v = v.blend(bottom, v.compare(VectorOperators.LT, bottom));
      u.intoArray(s, dstA + q);
      v.intoArray(s, dstB + q);
    }
  }

  /**
   * One filter of twelve taps on the rows off[at … at + 11] and off[at + 2 … at + 13]: two outputs
   * that down-sampling by two leaves next to each other.
   */
  static void fir12(float[] s, int[] off, int at, float[] w, int from, int dstA, int dstB, int n) {
    FloatVector w0 = FloatVector.broadcast(S, w[from]);
    FloatVector w1 = FloatVector.broadcast(S, w[from + 1]);
    FloatVector w2 = FloatVector.broadcast(S, w[from + 2]);
    FloatVector w3 = FloatVector.broadcast(S, w[from + 3]);
    FloatVector w4 = FloatVector.broadcast(S, w[from + 4]);
    FloatVector w5 = FloatVector.broadcast(S, w[from + 5]);
    FloatVector w6 = FloatVector.broadcast(S, w[from + 6]);
    FloatVector w7 = FloatVector.broadcast(S, w[from + 7]);
    FloatVector w8 = FloatVector.broadcast(S, w[from + 8]);
    FloatVector w9 = FloatVector.broadcast(S, w[from + 9]);
    FloatVector w10 = FloatVector.broadcast(S, w[from + 10]);
    FloatVector w11 = FloatVector.broadcast(S, w[from + 11]);
    int o0 = off[at];
    int o1 = off[at + 1];
    int o2 = off[at + 2];
    int o3 = off[at + 3];
    int o4 = off[at + 4];
    int o5 = off[at + 5];
    int o6 = off[at + 6];
    int o7 = off[at + 7];
    int o8 = off[at + 8];
    int o9 = off[at + 9];
    int o10 = off[at + 10];
    int o11 = off[at + 11];
    int o12 = off[at + 12];
    int o13 = off[at + 13];
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, o0 + q);
      FloatVector a = x.mul(w0);
      x = FloatVector.fromArray(S, s, o1 + q);
      a = x.fma(w1, a);
      x = FloatVector.fromArray(S, s, o2 + q);
      a = x.fma(w2, a);
      FloatVector b = x.mul(w0);
      x = FloatVector.fromArray(S, s, o3 + q);
      a = x.fma(w3, a);
      b = x.fma(w1, b);
      x = FloatVector.fromArray(S, s, o4 + q);
      a = x.fma(w4, a);
      b = x.fma(w2, b);
      x = FloatVector.fromArray(S, s, o5 + q);
      a = x.fma(w5, a);
      b = x.fma(w3, b);
      x = FloatVector.fromArray(S, s, o6 + q);
      FloatVector c = x.mul(w6);
      b = x.fma(w4, b);
      x = FloatVector.fromArray(S, s, o7 + q);
      c = x.fma(w7, c);
      b = x.fma(w5, b);
      x = FloatVector.fromArray(S, s, o8 + q);
      c = x.fma(w8, c);
      FloatVector d = x.mul(w6);
      x = FloatVector.fromArray(S, s, o9 + q);
      c = x.fma(w9, c);
      d = x.fma(w7, d);
      x = FloatVector.fromArray(S, s, o10 + q);
      c = x.fma(w10, c);
      d = x.fma(w8, d);
      x = FloatVector.fromArray(S, s, o11 + q);
      c = x.fma(w11, c);
      d = x.fma(w9, d);
      a.add(c).intoArray(s, dstA + q);
      x = FloatVector.fromArray(S, s, o12 + q);
      d = x.fma(w10, d);
      x = FloatVector.fromArray(S, s, o13 + q);
      d = x.fma(w11, d);
      b.add(d).intoArray(s, dstB + q);
    }
  }

  /** As {@link #fir12}, added to what the outputs hold. */
  static void fir12Add(
      float[] s, int[] off, int at, float[] w, int from, int dstA, int dstB, int n) {
    FloatVector w0 = FloatVector.broadcast(S, w[from]);
    FloatVector w1 = FloatVector.broadcast(S, w[from + 1]);
    FloatVector w2 = FloatVector.broadcast(S, w[from + 2]);
    FloatVector w3 = FloatVector.broadcast(S, w[from + 3]);
    FloatVector w4 = FloatVector.broadcast(S, w[from + 4]);
    FloatVector w5 = FloatVector.broadcast(S, w[from + 5]);
    FloatVector w6 = FloatVector.broadcast(S, w[from + 6]);
    FloatVector w7 = FloatVector.broadcast(S, w[from + 7]);
    FloatVector w8 = FloatVector.broadcast(S, w[from + 8]);
    FloatVector w9 = FloatVector.broadcast(S, w[from + 9]);
    FloatVector w10 = FloatVector.broadcast(S, w[from + 10]);
    FloatVector w11 = FloatVector.broadcast(S, w[from + 11]);
    int o0 = off[at];
    int o1 = off[at + 1];
    int o2 = off[at + 2];
    int o3 = off[at + 3];
    int o4 = off[at + 4];
    int o5 = off[at + 5];
    int o6 = off[at + 6];
    int o7 = off[at + 7];
    int o8 = off[at + 8];
    int o9 = off[at + 9];
    int o10 = off[at + 10];
    int o11 = off[at + 11];
    int o12 = off[at + 12];
    int o13 = off[at + 13];
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, o0 + q);
      FloatVector a = x.fma(w0, FloatVector.fromArray(S, s, dstA + q));
      x = FloatVector.fromArray(S, s, o1 + q);
      a = x.fma(w1, a);
      x = FloatVector.fromArray(S, s, o2 + q);
      a = x.fma(w2, a);
      FloatVector b = x.fma(w0, FloatVector.fromArray(S, s, dstB + q));
      x = FloatVector.fromArray(S, s, o3 + q);
      a = x.fma(w3, a);
      b = x.fma(w1, b);
      x = FloatVector.fromArray(S, s, o4 + q);
      a = x.fma(w4, a);
      b = x.fma(w2, b);
      x = FloatVector.fromArray(S, s, o5 + q);
      a = x.fma(w5, a);
      b = x.fma(w3, b);
      x = FloatVector.fromArray(S, s, o6 + q);
      FloatVector c = x.mul(w6);
      b = x.fma(w4, b);
      x = FloatVector.fromArray(S, s, o7 + q);
      c = x.fma(w7, c);
      b = x.fma(w5, b);
      x = FloatVector.fromArray(S, s, o8 + q);
      c = x.fma(w8, c);
      FloatVector d = x.mul(w6);
      x = FloatVector.fromArray(S, s, o9 + q);
      c = x.fma(w9, c);
      d = x.fma(w7, d);
      x = FloatVector.fromArray(S, s, o10 + q);
      c = x.fma(w10, c);
      d = x.fma(w8, d);
      x = FloatVector.fromArray(S, s, o11 + q);
      c = x.fma(w11, c);
      d = x.fma(w9, d);
      a.add(c).intoArray(s, dstA + q);
      x = FloatVector.fromArray(S, s, o12 + q);
      d = x.fma(w10, d);
      x = FloatVector.fromArray(S, s, o13 + q);
      d = x.fma(w11, d);
      b.add(d).intoArray(s, dstB + q);
    }
  }

  /**
   * Two symmetric filters of twelve taps on the same inputs: those that mirror each other are added
   * first.
   */
  static void fold12(
      float[] s, int base, int[] off, float[] a, float[] b, int dstA, int dstB, int n) {
    FloatVector a0 = FloatVector.broadcast(S, a[0]);
    FloatVector a1 = FloatVector.broadcast(S, a[1]);
    FloatVector a2 = FloatVector.broadcast(S, a[2]);
    FloatVector a3 = FloatVector.broadcast(S, a[3]);
    FloatVector a4 = FloatVector.broadcast(S, a[4]);
    FloatVector a5 = FloatVector.broadcast(S, a[5]);
    FloatVector b0 = FloatVector.broadcast(S, b[0]);
    FloatVector b1 = FloatVector.broadcast(S, b[1]);
    FloatVector b2 = FloatVector.broadcast(S, b[2]);
    FloatVector b3 = FloatVector.broadcast(S, b[3]);
    FloatVector b4 = FloatVector.broadcast(S, b[4]);
    FloatVector b5 = FloatVector.broadcast(S, b[5]);
    int o0 = base + off[0];
    int o1 = base + off[1];
    int o2 = base + off[2];
    int o3 = base + off[3];
    int o4 = base + off[4];
    int o5 = base + off[5];
    int o6 = base + off[6];
    int o7 = base + off[7];
    int o8 = base + off[8];
    int o9 = base + off[9];
    int o10 = base + off[10];
    int o11 = base + off[11];
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, o0 + q).add(FloatVector.fromArray(S, s, o11 + q));
      FloatVector u = x.mul(a0);
      FloatVector v = x.mul(b0);
      x = FloatVector.fromArray(S, s, o1 + q).add(FloatVector.fromArray(S, s, o10 + q));
      u = x.fma(a1, u);
      v = x.fma(b1, v);
      x = FloatVector.fromArray(S, s, o2 + q).add(FloatVector.fromArray(S, s, o9 + q));
      u = x.fma(a2, u);
      v = x.fma(b2, v);
      x = FloatVector.fromArray(S, s, o3 + q).add(FloatVector.fromArray(S, s, o8 + q));
      u = x.fma(a3, u);
      v = x.fma(b3, v);
      x = FloatVector.fromArray(S, s, o4 + q).add(FloatVector.fromArray(S, s, o7 + q));
      u = x.fma(a4, u);
      v = x.fma(b4, v);
      x = FloatVector.fromArray(S, s, o5 + q).add(FloatVector.fromArray(S, s, o6 + q));
      u = x.fma(a5, u);
      v = x.fma(b5, v);
      u.intoArray(s, dstA + q);
      v.intoArray(s, dstB + q);
    }
  }
}
