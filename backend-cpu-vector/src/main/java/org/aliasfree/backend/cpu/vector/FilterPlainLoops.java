package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.aliasfree.tensor.HostTensor;

/**
 * {@link FilterLoops} as plain loops, which the JVM may turn into vectors itself. Products and sums
 * are rounded apart: not every machine has a fused multiply-add.
 */
final class FilterPlainLoops implements FilterLoops {
  private static final int V = 8;
  private static final ValueLayout.OfFloat F32 = HostTensor.F32;

  /** Where twelve places lie that follow each other. */
  private static final int[] PLACES = IntStream.range(0, 12).map(k -> k * V).toArray();

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
    float[] sum = new float[V];
    float[] x = new float[V];
    for (int i = 0; i < n; i++) {
      long to = 4L * (dst + i * dstStep);
      if (add) {
        MemorySegment.copy(s, F32, to, sum, 0, V);
      } else {
        Arrays.fill(sum, 0f);
      }
      for (int j = 0; j < w.length; j++) {
        MemorySegment.copy(s, F32, 4L * (src + off[offFrom + j] + i * srcStep), x, 0, V);
        float t = w[j];
        for (int l = 0; l < V; l++) {
          sum[l] += t * x[l];
        }
      }
      MemorySegment.copy(sum, 0, s, F32, to, V);
    }
  }

  @Override
  public void alongX6(
      MemorySegment s, int src, float[] a, float[] b, int[] to, int dstStep, int n, boolean add) {
    for (int r = 0; r < 4; r++) {
      fir(s, src + r / 2 * V, 2 * V, PLACES, 0, r % 2 == 0 ? a : b, to[r], dstStep, n, add);
    }
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
    alongX6(s, src, a, b, to, dstStep, n, false);
    for (int i = 0; i < n; i++) {
      for (int dst : to) {
        bend(s, dst + i * dstStep, 1, slope, clamp);
      }
    }
  }

  @Override
  public void alongX12(
      MemorySegment s, int src, float[] w, int[] to, int dstStep, int n, boolean add) {
    for (int r = 0; r < 4; r++) {
      fir(s, src + 2 * r * V, 8 * V, PLACES, 0, w, to[r], dstStep, n, add);
    }
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
    for (int r = 0; r < 4; r++) {
      fir(s, src, V, off, offFrom + r / 2, r % 2 == 0 ? a : b, to[r], V, n, add);
    }
  }

  @Override
  public void alongY12(
      MemorySegment s, int src, int[] off, int offFrom, float[] w, int[] to, int n, boolean add) {
    for (int r = 0; r < 4; r++) {
      fir(s, src, V, off, offFrom + 2 * r, w, to[r], V, n, add);
    }
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
    s.asSlice(4L * dst, 4L * V * V).fill((byte) 0);
    for (int i = 0; i < rows.count; i++) {
      int l = rows.lane[i];
      for (int x = 0; x < count; x++) {
        float v = data.get(F32, rows.at[i] + 4L * (column + x));
        s.setAtIndex(F32, dst + x * V + l, v * rows.factor[l] + rows.term[l]);
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
    for (int i = 0; i < rows.count; i++) {
      for (int x = 0; x < count; x++) {
        float v = s.getAtIndex(F32, src + x * V + rows.lane[i]);
        data.set(F32, rows.at[i] + 4L * (column + x), v);
      }
    }
  }

  private static float bent(float t, float slope, float clamp) {
    float v = t < 0 ? t * slope : t;
    v = v > clamp ? clamp : v;
    return v < -clamp ? -clamp : v;
  }

  @Override
  public void bend(MemorySegment s, int at, int n, float slope, float clamp) {
    for (int q = at; q < at + n * V; q++) {
      s.setAtIndex(F32, q, bent(s.getAtIndex(F32, q), slope, clamp));
    }
  }

  @Override
  public void act(float[] s, int at, int n, float slope, float clamp) {
    for (int q = at; q < at + n; q++) {
      s[q] = bent(s[q], slope, clamp);
    }
  }

  @Override
  public void signs(MemorySegment s, int at, int n, float slope, float clamp, int[] bits) {
    Arrays.fill(bits, 0, V, 0);
    for (int q = 0; q < n * V; q++) {
      float t = s.getAtIndex(F32, at + q);
      float v = t < 0 ? t * slope : t;
      int sign = Math.abs(v) > clamp ? 2 : t < 0 ? 1 : 0;
      bits[q % V] |= sign << (2 * (q / V));
    }
  }

  @Override
  public void multiply(MemorySegment s, int at, int n, float slope, int[] bits) {
    for (int q = 0; q < n * V; q++) {
      int sign = (bits[q % V] >>> (2 * (q / V))) & 3;
      if (sign != 0) {
        s.setAtIndex(F32, at + q, s.getAtIndex(F32, at + q) * (sign == 1 ? slope : 0));
      }
    }
  }

  @Override
  public void scaleBias(float[] s, int at, int n, float scale, float bias) {
    for (int q = at; q < at + n; q++) {
      s[q] = s[q] * scale + bias;
    }
  }

  @Override
  public void scale(float[] s, int at, int n, float gain) {
    for (int q = at; q < at + n; q++) {
      s[q] *= gain;
    }
  }
}
