package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.aliasfree.tensor.HostTensor;

/**
 * {@link FilterLoops} on vectors. Each loop is one static method without vectors among its
 * parameters: the JIT boxes a vector that crosses a call it does not inline.
 */
final class FilterVectorLoops implements FilterLoops {
  private static final VectorSpecies<Float> S = Simd.FLOATS;
  private static final int V = Simd.LANES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  @Override
  public int lanes() {
    return V;
  }

  @Override
  public void fir(
      MemorySegment s,
      int src,
      int srcStep,
      int[] off,
      int offFrom,
      float[] w,
      int dst,
      int dstStep,
      int n,
      boolean add) {
    if (w.length == 0) {
      for (int i = 0; i < n && !add; i++) {
        s.asSlice(4L * (dst + i * dstStep), 4L * V).fill((byte) 0);
      }
      return;
    }
    int done = n & -4;
    fir4(s, src, srcStep, off, offFrom, w, dst, dstStep, done, add);
    fir1(s, src, srcStep, off, offFrom, w, dst, dstStep, done, n, add);
  }

  private static void fir4(
      MemorySegment s,
      int src,
      int srcStep,
      int[] off,
      int offFrom,
      float[] w,
      int dst,
      int dstStep,
      int n,
      boolean add) {
    long next = 4L * srcStep;
    long nextTo = 4L * dstStep;
    for (int i = 0; i < n; i += 4) {
      long p = 4L * (src + off[offFrom] + i * srcStep);
      long q = 4L * (dst + i * dstStep);
      FloatVector t = FloatVector.broadcast(S, w[0]);
      FloatVector a = FloatVector.fromMemorySegment(S, s, p, ORDER);
      FloatVector b = FloatVector.fromMemorySegment(S, s, p + next, ORDER);
      FloatVector c = FloatVector.fromMemorySegment(S, s, p + 2 * next, ORDER);
      FloatVector d = FloatVector.fromMemorySegment(S, s, p + 3 * next, ORDER);
      if (add) {
        a = a.fma(t, FloatVector.fromMemorySegment(S, s, q, ORDER));
        b = b.fma(t, FloatVector.fromMemorySegment(S, s, q + nextTo, ORDER));
        c = c.fma(t, FloatVector.fromMemorySegment(S, s, q + 2 * nextTo, ORDER));
        d = d.fma(t, FloatVector.fromMemorySegment(S, s, q + 3 * nextTo, ORDER));
      } else {
        a = a.mul(t);
        b = b.mul(t);
        c = c.mul(t);
        d = d.mul(t);
      }
      for (int j = 1; j < w.length; j++) {
        p = 4L * (src + off[offFrom + j] + i * srcStep);
        t = FloatVector.broadcast(S, w[j]);
        a = FloatVector.fromMemorySegment(S, s, p, ORDER).fma(t, a);
        b = FloatVector.fromMemorySegment(S, s, p + next, ORDER).fma(t, b);
        c = FloatVector.fromMemorySegment(S, s, p + 2 * next, ORDER).fma(t, c);
        d = FloatVector.fromMemorySegment(S, s, p + 3 * next, ORDER).fma(t, d);
      }
      a.intoMemorySegment(s, q, ORDER);
      b.intoMemorySegment(s, q + nextTo, ORDER);
      c.intoMemorySegment(s, q + 2 * nextTo, ORDER);
      d.intoMemorySegment(s, q + 3 * nextTo, ORDER);
    }
  }

  private static void fir1(
      MemorySegment s,
      int src,
      int srcStep,
      int[] off,
      int offFrom,
      float[] w,
      int dst,
      int dstStep,
      int from,
      int n,
      boolean add) {
    for (int i = from; i < n; i++) {
      long p = 4L * (src + off[offFrom] + i * srcStep);
      long q = 4L * (dst + i * dstStep);
      FloatVector a = FloatVector.fromMemorySegment(S, s, p, ORDER);
      FloatVector t = FloatVector.broadcast(S, w[0]);
      a = add ? a.fma(t, FloatVector.fromMemorySegment(S, s, q, ORDER)) : a.mul(t);
      for (int j = 1; j < w.length; j++) {
        p = 4L * (src + off[offFrom + j] + i * srcStep);
        t = FloatVector.broadcast(S, w[j]);
        a = FloatVector.fromMemorySegment(S, s, p, ORDER).fma(t, a);
      }
      a.intoMemorySegment(s, q, ORDER);
    }
  }

  @Override
  public void alongX6(
      MemorySegment s, int src, float[] a, float[] b, int[] to, int dstStep, int n, boolean add) {
    FilterVectorAlongX.six(s, src, a, b, to, dstStep, n, add);
  }

  @Override
  public void alongX6Act(
      MemorySegment s,
      int src,
      float[] a,
      float[] b,
      int[] to,
      int dstStep,
      int n,
      float slope,
      float clamp) {
    FilterVectorAlongX.sixAct(s, src, a, b, to, dstStep, n, slope, clamp);
  }

  @Override
  public void alongX12(
      MemorySegment s, int src, float[] w, int[] to, int dstStep, int n, boolean add) {
    FilterVectorAlongX.twelve(s, src, w, to, dstStep, n, add);
  }

  @Override
  public void alongY6(
      MemorySegment s,
      int src,
      int[] off,
      int offFrom,
      float[] a,
      float[] b,
      int[] to,
      int n,
      boolean add) {
    FilterVectorAlongY.six(s, src, off, offFrom, a, b, to, n, add);
  }

  @Override
  public void alongY12(
      MemorySegment s, int src, int[] off, int offFrom, float[] w, int[] to, int n, boolean add) {
    FilterVectorAlongY.twelve(s, src, off, offFrom, w, to, n, add);
  }

  @Override
  public void gather(
      MemorySegment data,
      FilterRows rows,
      int column,
      int count,
      MemorySegment s,
      int temp,
      int dst) {
    if (count < V || rows.count < V) {
      s.asSlice(4L * temp, 4L * V * V).fill((byte) 0);
    }
    if (count == V) {
      load(data, rows, 4L * column, s, temp);
    } else {
      loadSome(data, rows, 4L * column, count, s, temp);
    }
    FilterTransposition.first(s, temp, temp);
    FilterTransposition.second(s, temp, dst);
  }

  private static void load(
      MemorySegment data, FilterRows rows, long shift, MemorySegment s, int temp) {
    for (int i = 0; i < rows.count; i++) {
      int l = rows.lane[i];
      FloatVector v = FloatVector.fromMemorySegment(S, data, rows.at[i] + shift, ORDER);
      v = v.mul(rows.factor[l]).add(rows.term[l]);
      v.intoMemorySegment(s, 4L * (temp + l * V), ORDER);
    }
  }

  private static void loadSome(
      MemorySegment data, FilterRows rows, long shift, int count, MemorySegment s, int temp) {
    for (int i = 0; i < rows.count; i++) {
      int l = rows.lane[i];
      for (int x = 0; x < count; x++) {
        float v = data.get(HostTensor.F32, rows.at[i] + shift + 4L * x);
        s.setAtIndex(HostTensor.F32, temp + l * V + x, v * rows.factor[l] + rows.term[l]);
      }
    }
  }

  @Override
  public void scatter(
      MemorySegment s,
      int src,
      int temp,
      MemorySegment data,
      FilterRows rows,
      int column,
      int count) {
    FilterTransposition.first(s, src, temp);
    FilterTransposition.second(s, temp, temp);
    if (count == V) {
      store(s, temp, data, rows, 4L * column);
      return;
    }
    for (int i = 0; i < rows.count; i++) {
      long from = 4L * (temp + rows.lane[i] * V);
      MemorySegment.copy(s, from, data, rows.at[i] + 4L * column, 4L * count);
    }
  }

  private static void store(
      MemorySegment s, int temp, MemorySegment data, FilterRows rows, long shift) {
    for (int i = 0; i < rows.count; i++) {
      long from = 4L * (temp + rows.lane[i] * V);
      FloatVector v = FloatVector.fromMemorySegment(S, s, from, ORDER);
      v.intoMemorySegment(data, rows.at[i] + shift, ORDER);
    }
  }

  @Override
  public void bend(MemorySegment s, int at, int n, float slope, float clamp) {
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    FloatVector bottom = FloatVector.broadcast(S, -clamp);
    long q = 4L * at;
    for (int i = 0; i < n; i++, q += 4L * V) {
      FloatVector t = FloatVector.fromMemorySegment(S, s, q, ORDER);
      t = t.blend(t.mul(a), t.compare(VectorOperators.LT, 0f));
      t = t.blend(top, t.compare(VectorOperators.GT, top));
      t = t.blend(bottom, t.compare(VectorOperators.LT, bottom));
      t.intoMemorySegment(s, q, ORDER);
    }
  }

  @Override
  public void act(float[] s, int at, int n, float slope, float clamp) {
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    FloatVector bottom = FloatVector.broadcast(S, -clamp);
    for (int q = at; q < at + n; q += V) {
      FloatVector t = FloatVector.fromArray(S, s, q);
      // Comparisons, not min and max: those take several instructions each to order zeros and NaN.
      t = t.blend(t.mul(a), t.compare(VectorOperators.LT, 0f));
      t = t.blend(top, t.compare(VectorOperators.GT, top));
      t = t.blend(bottom, t.compare(VectorOperators.LT, bottom));
      t.intoArray(s, q);
    }
  }

  @Override
  public void signs(MemorySegment s, int at, int n, float slope, float clamp, int[] bits) {
    FloatVector a = FloatVector.broadcast(S, slope);
    FloatVector top = FloatVector.broadcast(S, clamp);
    IntVector all = IntVector.zero(Simd.INTS);
    // The last is shifted furthest.
    for (int i = n - 1; i >= 0; i--) {
      FloatVector t = FloatVector.fromMemorySegment(S, s, 4L * (at + i * V), ORDER);
      VectorMask<Float> below = t.compare(VectorOperators.LT, 0f);
      VectorMask<Float> limited = t.blend(t.mul(a), below).abs().compare(VectorOperators.GT, top);
      IntVector code = IntVector.zero(Simd.INTS).blend(1, below.cast(Simd.INTS));
      code = code.blend(2, limited.cast(Simd.INTS));
      all = all.lanewise(VectorOperators.LSHL, 2).or(code);
    }
    all.intoArray(bits, 0);
  }

  @Override
  public void multiply(MemorySegment s, int at, int n, float slope, int[] bits) {
    IntVector all = IntVector.fromArray(Simd.INTS, bits, 0);
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < n; i++) {
      FloatVector t = FloatVector.fromMemorySegment(S, s, 4L * (at + i * V), ORDER);
      VectorMask<Float> odd = all.and(1).compare(VectorOperators.NE, 0).cast(S);
      VectorMask<Float> limited = all.and(2).compare(VectorOperators.NE, 0).cast(S);
      t = t.blend(t.mul(slope), odd);
      t = t.blend(t.mul(zero), limited);
      t.intoMemorySegment(s, 4L * (at + i * V), ORDER);
      all = all.lanewise(VectorOperators.LSHR, 2);
    }
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
}
