package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;

/**
 * The inner loops of the filters, on vectors or plain.
 *
 * <p>A filter works on {@link #lanes} planes, or bands of planes, at a time: their values at one
 * place lie side by side in the scratch array and make up a <em>place</em>. So a tap is the same
 * number for a whole vector whichever way the filter runs, any rate is a matter of addresses, and a
 * narrow plane wastes no lane. A place's result does not depend on its neighbours in the loop.
 */
interface FilterLoops {
  /** Room that may be overwritten behind the values given to the loops over single values. */
  int ROUND = 16;

  /** The loops of this process. */
  static FilterLoops best() {
    return VectorSupport.used() ? new FilterVectorLoops() : new FilterPlainLoops();
  }

  /** Values of a place. */
  int lanes();

  /**
   * For n places: s[dst + i·dstStep] = Σ_j w[j] · s[src + off[offFrom + j] + i·srcStep], summed in
   * the order of j; with {@code add}, onto what is there.
   */
  void fir(
      MemorySegment s,
      int src,
      int srcStep,
      int[] off,
      int offFrom,
      float[] w,
      int dst,
      int dstStep,
      int n,
      boolean add);

  /**
   * {@link #fir} along x for two filters of six taps: to[0] and to[1] from the places at src + j,
   * to[2] and to[3] from the next; again {@code n} times, two places further and dstStep floats
   * further.
   */
  void alongX6(
      MemorySegment s, int src, float[] a, float[] b, int[] to, int dstStep, int n, boolean add);

  /** {@link #alongX6}, followed by {@link #bend}. */
  void alongX6Act(
      MemorySegment s,
      int src,
      float[] a,
      float[] b,
      int[] to,
      int dstStep,
      int n,
      float slope,
      float clamp);

  /**
   * {@link #fir} along x with twelve taps: to[r] from the places at src + 2r + j; again {@code n}
   * times, eight places further and dstStep floats further.
   */
  void alongX12(MemorySegment s, int src, float[] w, int[] to, int dstStep, int n, boolean add);

  /**
   * {@link #fir} of rows of n places for two filters of six taps: to[0] and to[1] from off[offFrom
   * + j], to[2] and to[3] from off[offFrom + 1 + j].
   */
  void alongY6(
      MemorySegment s,
      int src,
      int[] off,
      int offFrom,
      float[] a,
      float[] b,
      int[] to,
      int n,
      boolean add);

  /** {@link #fir} of rows of n places with twelve taps: to[r] from off[offFrom + 2r + j]. */
  void alongY12(
      MemorySegment s, int src, int[] off, int offFrom, float[] w, int[] to, int n, boolean add);

  /**
   * Brings values of planes in memory to places, each x·factor + term with both rounded; a lane
   * without a row becomes zeros.
   *
   * @param rows where each lane's row begins
   * @param column first column wanted
   * @param count columns wanted, at most {@link #lanes}; that many places are written in any case
   * @param temp room for lanes² floats
   */
  void gather(
      MemorySegment data,
      FilterRows rows,
      int column,
      int count,
      MemorySegment s,
      int temp,
      int dst);

  /** The way back: the first {@code count} of the places at {@code src}, at most {@link #lanes}. */
  void scatter(
      MemorySegment s,
      int src,
      int temp,
      MemorySegment data,
      FilterRows rows,
      int column,
      int count);

  /** {@link #act} on n places. */
  void bend(MemorySegment s, int at, int n, float slope, float clamp);

  /** t = s[at + q]; t &lt; 0 becomes slope·t, then |t| is limited to clamp; a NaN stays one. */
  void act(float[] s, int at, int n, float slope, float clamp);

  /**
   * The signs of n places, at most 16: two bits each, the first lowest, in a number per lane. 1
   * where act multiplies by slope, 2 where it limits.
   */
  void signs(MemorySegment s, int at, int n, float slope, float clamp, int[] bits);

  /** Multiplies n places, at most 16, as their signs say: 0 by 1, 1 by slope, others by 0. */
  void multiply(MemorySegment s, int at, int n, float slope, int[] bits);

  /** s[at + q] = s[at + q] · scale + bias, rounded after each of the two. */
  void scaleBias(float[] s, int at, int n, float scale, float bias);

  /** s[at + q] = s[at + q] · gain. */
  void scale(float[] s, int at, int n, float gain);
}
