package org.aliasfree.backend.cpu.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link UpfirdnRows} on vectors. Each loop is one static method without vectors among its
 * parameters: the JIT boxes a vector that crosses a call it does not inline.
 */
final class UpfirdnVectorRows implements UpfirdnRows {
  private static final VectorSpecies<Float> S = Simd.FLOATS;
  private static final int V = Simd.LANES;
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(S, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(S, 1);

  @Override
  public void fir(float[] s, int base, int[] off, float[] w, int count, int dst, int n) {
    int j = 0;
    if (count >= 12) {
      for (; j + 12 <= count; j += 12) {
        fir12(s, base, off, w, j, dst, n, j > 0);
      }
    }
    for (; j + 6 <= count; j += 6) {
      fir6(s, base, off, w, j, dst, n, j > 0);
    }
    if (j == 0 && count == 0) {
      Arrays.fill(s, dst, dst + n, 0f);
    } else if (j < count) {
      firRest(s, base, off, w, j, count, dst, n);
    }
  }

  @Override
  public void firAct(
      float[] s, int[] off, float[] w, int count, int dst, int n, float slope, float clamp) {
    if (count == 6) {
      fir6Act(s, off, w, dst, n, slope, clamp);
    } else {
      fir(s, 0, off, w, count, dst, n);
      act(s, dst, n, slope, clamp);
    }
  }

  private static void firRest(
      float[] s, int base, int[] off, float[] w, int from, int count, int dst, int n) {
    for (int q = 0; q < n; q += V) {
      FloatVector v = from > 0 ? FloatVector.fromArray(S, s, dst + q) : FloatVector.zero(S);
      for (int j = from; j < count; j++) {
        v = FloatVector.fromArray(S, s, base + off[j] + q).fma(FloatVector.broadcast(S, w[j]), v);
      }
      v.intoArray(s, dst + q);
    }
  }

  private static void fir6(
      float[] s, int base, int[] off, float[] w, int j, int dst, int n, boolean add) {
    FloatVector w0 = FloatVector.broadcast(S, w[j]);
    FloatVector w1 = FloatVector.broadcast(S, w[j + 1]);
    FloatVector w2 = FloatVector.broadcast(S, w[j + 2]);
    FloatVector w3 = FloatVector.broadcast(S, w[j + 3]);
    FloatVector w4 = FloatVector.broadcast(S, w[j + 4]);
    FloatVector w5 = FloatVector.broadcast(S, w[j + 5]);
    int o0 = base + off[j];
    int o1 = base + off[j + 1];
    int o2 = base + off[j + 2];
    int o3 = base + off[j + 3];
    int o4 = base + off[j + 4];
    int o5 = base + off[j + 5];
    for (int q = 0; q < n; q += V) {
      FloatVector v = FloatVector.fromArray(S, s, o0 + q);
      v = add ? v.fma(w0, FloatVector.fromArray(S, s, dst + q)) : v.mul(w0);
      v = FloatVector.fromArray(S, s, o1 + q).fma(w1, v);
      v = FloatVector.fromArray(S, s, o2 + q).fma(w2, v);
      v = FloatVector.fromArray(S, s, o3 + q).fma(w3, v);
      v = FloatVector.fromArray(S, s, o4 + q).fma(w4, v);
      v = FloatVector.fromArray(S, s, o5 + q).fma(w5, v);
      v.intoArray(s, dst + q);
    }
  }

  private static void fir12(
      float[] s, int base, int[] off, float[] w, int j, int dst, int n, boolean add) {
    FloatVector w0 = FloatVector.broadcast(S, w[j]);
    FloatVector w1 = FloatVector.broadcast(S, w[j + 1]);
    FloatVector w2 = FloatVector.broadcast(S, w[j + 2]);
    FloatVector w3 = FloatVector.broadcast(S, w[j + 3]);
    FloatVector w4 = FloatVector.broadcast(S, w[j + 4]);
    FloatVector w5 = FloatVector.broadcast(S, w[j + 5]);
    FloatVector w6 = FloatVector.broadcast(S, w[j + 6]);
    FloatVector w7 = FloatVector.broadcast(S, w[j + 7]);
    FloatVector w8 = FloatVector.broadcast(S, w[j + 8]);
    FloatVector w9 = FloatVector.broadcast(S, w[j + 9]);
    FloatVector w10 = FloatVector.broadcast(S, w[j + 10]);
    FloatVector w11 = FloatVector.broadcast(S, w[j + 11]);
    int o0 = base + off[j];
    int o1 = base + off[j + 1];
    int o2 = base + off[j + 2];
    int o3 = base + off[j + 3];
    int o4 = base + off[j + 4];
    int o5 = base + off[j + 5];
    int o6 = base + off[j + 6];
    int o7 = base + off[j + 7];
    int o8 = base + off[j + 8];
    int o9 = base + off[j + 9];
    int o10 = base + off[j + 10];
    int o11 = base + off[j + 11];
    for (int q = 0; q < n; q += V) {
      FloatVector v = FloatVector.fromArray(S, s, o0 + q);
      v = add ? v.fma(w0, FloatVector.fromArray(S, s, dst + q)) : v.mul(w0);
      FloatVector u = FloatVector.fromArray(S, s, o6 + q).mul(w6);
      u = FloatVector.fromArray(S, s, o7 + q).fma(w7, u);
      v = FloatVector.fromArray(S, s, o1 + q).fma(w1, v);
      u = FloatVector.fromArray(S, s, o8 + q).fma(w8, u);
      v = FloatVector.fromArray(S, s, o2 + q).fma(w2, v);
      u = FloatVector.fromArray(S, s, o9 + q).fma(w9, u);
      v = FloatVector.fromArray(S, s, o3 + q).fma(w3, v);
      u = FloatVector.fromArray(S, s, o10 + q).fma(w10, u);
      v = FloatVector.fromArray(S, s, o4 + q).fma(w4, v);
      u = FloatVector.fromArray(S, s, o11 + q).fma(w11, u);
      v = FloatVector.fromArray(S, s, o5 + q).fma(w5, v);
      v.add(u).intoArray(s, dst + q);
    }
  }

  private static void fir6Act(
      float[] s, int[] off, float[] w, int dst, int n, float slope, float clamp) {
    FloatVector w0 = FloatVector.broadcast(S, w[0]);
    FloatVector w1 = FloatVector.broadcast(S, w[1]);
    FloatVector w2 = FloatVector.broadcast(S, w[2]);
    FloatVector w3 = FloatVector.broadcast(S, w[3]);
    FloatVector w4 = FloatVector.broadcast(S, w[4]);
    FloatVector w5 = FloatVector.broadcast(S, w[5]);
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    FloatVector bottom = FloatVector.broadcast(S, -clamp);
    int o0 = off[0];
    int o1 = off[1];
    int o2 = off[2];
    int o3 = off[3];
    int o4 = off[4];
    int o5 = off[5];
    for (int q = 0; q < n; q += V) {
      FloatVector t = FloatVector.fromArray(S, s, o0 + q).mul(w0);
      t = FloatVector.fromArray(S, s, o1 + q).fma(w1, t);
      t = FloatVector.fromArray(S, s, o2 + q).fma(w2, t);
      t = FloatVector.fromArray(S, s, o3 + q).fma(w3, t);
      t = FloatVector.fromArray(S, s, o4 + q).fma(w4, t);
      t = FloatVector.fromArray(S, s, o5 + q).fma(w5, t);
      // Comparisons, not min and max: those take several instructions each to order zeros and NaN.
      t = t.blend(t.mul(a), t.compare(VectorOperators.LT, 0f));
      t = t.blend(top, t.compare(VectorOperators.GT, top));
      t = t.blend(bottom, t.compare(VectorOperators.LT, bottom));
      t.intoArray(s, dst + q);
    }
  }

  @Override
  public void fir6Twice(float[] s, int src, float[] a, float[] b, int dstA, int dstB, int n) {
    UpfirdnVectorPairs.fir6(s, src, a, b, dstA, dstB, n);
  }

  @Override
  public void fir6ActTwice(
      float[] s,
      int[] off,
      float[] a,
      float[] b,
      int dstA,
      int dstB,
      int n,
      float slope,
      float clamp) {
    UpfirdnVectorPairs.fir6Act(s, off, a, b, dstA, dstB, n, slope, clamp);
  }

  @Override
  public void fir12Twice(float[] s, int[] off, float[] w, int rank, int dstA, int dstB, int n) {
    UpfirdnVectorPairs.fir12(s, off, 0, w, 0, dstA, dstB, n);
    for (int r = 1; r < rank; r++) {
      UpfirdnVectorPairs.fir12Add(s, off, 14 * r, w, 12 * r, dstA, dstB, n);
    }
  }

  @Override
  public void fold12Twice(
      float[] s, int base, int[] off, float[] a, float[] b, int dstA, int dstB, int n) {
    UpfirdnVectorPairs.fold12(s, base, off, a, b, dstA, dstB, n);
  }

  @Override
  public void scaleBias(float[] s, int at, int n, float scale, float bias) {
    FloatVector a = FloatVector.broadcast(S, scale);
    FloatVector b = FloatVector.broadcast(S, bias);
    for (int q = at; q < at + n; q += V) {
      FloatVector.fromArray(S, s, q).mul(a).add(b).intoArray(s, q);
    }
  }

  @Override
  public void scale(float[] s, int at, int n, float gain) {
    FloatVector a = FloatVector.broadcast(S, gain);
    for (int q = at; q < at + n; q += V) {
      FloatVector.fromArray(S, s, q).mul(a).intoArray(s, q);
    }
  }

  @Override
  public void act(float[] s, int at, int n, float slope, float clamp) {
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    FloatVector bottom = FloatVector.broadcast(S, -clamp);
    for (int q = at; q < at + n; q += V) {
      FloatVector t = FloatVector.fromArray(S, s, q);
      t = t.blend(t.mul(a), t.compare(VectorOperators.LT, 0f));
      t = t.blend(top, t.compare(VectorOperators.GT, top));
      t = t.blend(bottom, t.compare(VectorOperators.LT, bottom));
      t.intoArray(s, q);
    }
  }

  @Override
  public void interleave(float[] s, int a, int b, int dst, int n) {
    for (int q = 0; q < n; q += V) {
      FloatVector x = FloatVector.fromArray(S, s, a + q);
      FloatVector y = FloatVector.fromArray(S, s, b + q);
      x.rearrange(LOW, y).intoArray(s, dst + 2 * q);
      x.rearrange(HIGH, y).intoArray(s, dst + 2 * q + V);
    }
  }
}
