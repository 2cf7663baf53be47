package org.aliasfree.backend.cpu.vector;

/**
 * {@link UpfirdnRows} as plain loops. Products and sums are rounded apart: not every machine has a
 * fused multiply-add.
 */
final class UpfirdnPlainRows implements UpfirdnRows {
  @Override
  public void fir(float[] s, int base, int[] off, float[] w, int count, int dst, int n) {
    int j = 0;
    if (count < 4) {
      java.util.Arrays.fill(s, dst, dst + n, 0f);
    } else {
      fir4(s, base, off, w, 0, dst, n, false);
      j = 4;
    }
    for (; j + 4 <= count; j += 4) {
      fir4(s, base, off, w, j, dst, n, true);
    }
    for (; j < count; j++) {
      int a = base + off[j];
      float wa = w[j];
      for (int q = 0; q < n; q++) {
        s[dst + q] += wa * s[a + q];
      }
    }
  }

  private static void fir4(
      float[] s, int base, int[] off, float[] w, int j, int dst, int n, boolean add) {
    int a = base + off[j];
    int b = base + off[j + 1];
    int c = base + off[j + 2];
    int d = base + off[j + 3];
    float wa = w[j];
    float wb = w[j + 1];
    float wc = w[j + 2];
    float wd = w[j + 3];
    for (int q = 0; q < n; q++) {
      float sum = wa * s[a + q] + wb * s[b + q] + wc * s[c + q] + wd * s[d + q];
      s[dst + q] = add ? s[dst + q] + sum : sum;
    }
  }

  @Override
  public void firAct(
      float[] s, int[] off, float[] w, int count, int dst, int n, float slope, float clamp) {
    fir(s, 0, off, w, count, dst, n);
    act(s, dst, n, slope, clamp);
  }

  @Override
  public void fir6Twice(float[] s, int src, float[] a, float[] b, int dstA, int dstB, int n) {
    for (int q = 0; q < n; q++) {
      float u = 0;
      float v = 0;
      for (int j = 0; j < 6; j++) {
        u += a[j] * s[src + q + j];
        v += b[j] * s[src + q + j];
      }
      s[dstA + q] = u;
      s[dstB + q] = v;
    }
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
    firAct(s, off, a, 6, dstA, n, slope, clamp);
    firAct(s, off, b, 6, dstB, n, slope, clamp);
  }

  @Override
  public void fir12Twice(float[] s, int[] off, float[] w, int rank, int dstA, int dstB, int n) {
    int[] rows = new int[12 * rank];
    for (int shift = 0; shift <= 2; shift += 2) {
      for (int i = 0; i < rows.length; i++) {
        rows[i] = off[i / 12 * 14 + i % 12 + shift];
      }
      fir(s, 0, rows, w, rows.length, shift == 0 ? dstA : dstB, n);
    }
  }

  @Override
  public void fold12Twice(
      float[] s, int base, int[] off, float[] a, float[] b, int dstA, int dstB, int n) {
    fir(s, base, off, a, 12, dstA, n);
    fir(s, base, off, b, 12, dstB, n);
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

  @Override
  public void act(float[] s, int at, int n, float slope, float clamp) {
    for (int q = at; q < at + n; q++) {
      float t = s[q];
      t = t < 0 ? t * slope : t;
      t = t > clamp ? clamp : t;
      s[q] = t < -clamp ? -clamp : t;
    }
  }

  @Override
  public void interleave(float[] s, int a, int b, int dst, int n) {
    for (int q = 0; q < n; q++) {
      s[dst + 2 * q] = s[a + q];
      s[dst + 2 * q + 1] = s[b + q];
    }
  }
}
