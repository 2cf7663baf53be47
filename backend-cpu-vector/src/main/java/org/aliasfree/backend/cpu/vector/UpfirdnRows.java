package org.aliasfree.backend.cpu.vector;

/**
 * The loops over a row that the filters are made of, on vectors or plain. All operands lie in one
 * scratch array. A row of n values may be computed in whole vectors: up to {@link #ROUND} − 1
 * values after it are then overwritten and rows leave that much room. The order of the operations
 * on a value does not depend on its place in the row.
 */
interface UpfirdnRows {
  /** Rows start at multiples of this many floats and have room up to the next. */
  int ROUND = 16;

  /**
   * Where rows begin in the scratch array: behind an array's header of 16 bytes, float 12 lies at a
   * multiple of 64 bytes, a cache line, provided that the array itself does.
   */
  int START = 12;

  /** Enough floats for G1 to keep an array where it is, at a multiple of a cache line. */
  int LARGE = 1 << 19;

  /** Scratch for {@code end} floats. */
  static float[] scratch(Scratch scratch, int end) {
    return scratch.floats(0, Math.max(end, LARGE));
  }

  /** {@code n} rounded up to a multiple of {@link #ROUND}. */
  static int round(int n) {
    return (n + ROUND - 1) / ROUND * ROUND;
  }

  /** The loops of this process. */
  static UpfirdnRows best() {
    return VectorSupport.used() ? new UpfirdnVectorRows() : new UpfirdnPlainRows();
  }

  /** s[dst + q] = Σ_{j < count} w[j] · s[base + off[j] + q] for q < n. */
  void fir(float[] s, int base, int[] off, float[] w, int count, int dst, int n);

  /** As {@link #fir}, followed by {@link #act}. */
  void firAct(float[] s, int[] off, float[] w, int count, int dst, int n, float slope, float clamp);

  /**
   * Two filters of six taps on the same inputs: s[dstA + q] = Σ_{j < 6} a[j] · s[src + j + q],
   * s[dstB + q] alike with b.
   */
  void fir6Twice(float[] s, int src, float[] a, float[] b, int dstA, int dstB, int n);

  /** {@link #firAct} with six taps for two filters on the same inputs. */
  void fir6ActTwice(
      float[] s,
      int[] off,
      float[] a,
      float[] b,
      int dstA,
      int dstB,
      int n,
      float slope,
      float clamp);

  /**
   * {@link #fir} with twelve taps at two places, two inputs apart, summed over {@code rank} terms:
   * s[dstA + q] = Σ_r Σ_{j < 12} w[12r + j] · s[off[14r + j] + q], and s[dstB + q] with off[14r + j
   * + 2].
   */
  void fir12Twice(float[] s, int[] off, float[] w, int rank, int dstA, int dstB, int n);

  /** {@link #fir} with twelve taps for two symmetric filters on the same inputs. */
  void fold12Twice(float[] s, int base, int[] off, float[] a, float[] b, int dstA, int dstB, int n);

  /** s[at + q] = s[at + q] · scale + bias, rounded after each of the two. */
  void scaleBias(float[] s, int at, int n, float scale, float bias);

  /** s[at + q] = s[at + q] · gain. */
  void scale(float[] s, int at, int n, float gain);

  /** t = s[at + q]; t &lt; 0 becomes slope·t, then |t| is limited to clamp; a NaN stays one. */
  void act(float[] s, int at, int n, float slope, float clamp);

  /** s[dst + 2q] = s[a + q], s[dst + 2q + 1] = s[b + q] for q < n. */
  void interleave(float[] s, int a, int b, int dst, int n);
}
