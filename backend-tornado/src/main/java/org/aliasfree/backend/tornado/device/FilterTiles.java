package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.KernelContext;

/**
 * Filter up, do something to each sample at the high rate, filter down: in one kernel, so that the
 * signal at the high rate, 4 to 16 times as large as the image, is never stored.
 *
 * <p>A work-group of 256 threads makes a tile of one channel of one image, in passes with barriers
 * between: load the part of the image that the tile depends on, with the bias; filter it up along
 * x; along y, and apply the non-linearity or the sign map; filter down along x; along y, and store
 * (or, with a filter that is not separable, down along both at once).
 *
 * <ul>
 *   <li>Local memory: {@value #HIGH} floats for the image, later the signal at the high rate;
 *       {@value #LINE} for what was filtered along one axis only; {@value #CODES} ints for what the
 *       non-linearity did to 8 samples of a column each; {@value #TAPS} floats of taps: 30.2 KB, or
 *       32.6 KB with a sign map, as much as every device has and one half to a sixth of what the
 *       larger ones have. The host chooses the tile that costs the least among those that fit: 32 ×
 *       24 outputs for factors 2 and 2, 32 × 20 for 4 and 2, about 14 × 8 for 2 and 4.
 *   <li>A thread makes 8 samples of a row or column when filtering up and 4 (or 2, for a factor of
 *       4) when filtering down, with the taps and the samples under them in registers: 9 or 7 loads
 *       from local memory for 48 multiply-adds up, 18 or 28 for 48 down; with a filter of 12 × 12,
 *       30 for 48. Zeros between samples are never multiplied.
 *   <li>Rows have odd lengths in local memory. Lanes run along y when filtering along x and along x
 *       when filtering along y, so both read without conflicts; filtering down along both has two
 *       lanes to a bank.
 *   <li>What is loaded and computed twice, at the borders of tiles: at factors 2 and 2, 1.9 times
 *       the samples at the high rate that the outputs need at least.
 *   <li>Filters have up to 6 taps for each phase (12 for a factor of 2, 24 for 4), those of the
 *       networks exactly so; shorter ones are filled up by zeros.
 * </ul>
 *
 * <p>Bytes of the sign map: the groups divide the high rate's samples among them, and one thread
 * packs the four codes of a byte, which others had left in local memory.
 */
public final class FilterTiles {
  /** Floats for a tile at the high rate. */
  public static final int HIGH = 4640;

  /** Floats for a tile that is at the high rate along one axis. */
  public static final int LINE = 2856;

  /** Words of codes, of 8 samples each. */
  public static final int CODES = 608;

  /** Taps of both filters. */
  public static final int TAPS = 48;

  private FilterTiles() {}

  /**
   * Bias, up by 2, leaky ReLU, clamp, down by 2. Groups run over tiles along x, along y, channels,
   * images; all along the first axis of the grid.
   *
   * @param p {0: tiles along x, 1: along y, 2: channels, 3: height, 4: width of the image, 5:
   *     height, 6: width at the high rate, 7: height, 8: width of the output, 9: width, 10: height
   *     of a tile of outputs, 11: samples at the high rate to the left of those that the first
   *     output needs, 12: above, 13: column of the image that the first tile begins at, 14: row,
   *     15: width, 16: height of a tile at the high rate, 17: width, 18: height of its part of the
   *     image, 19: offset of x, 20: of the bias, 21: of the up filter, 22: its taps, 23: offset of
   *     the down filter, 24: its taps along x, 25: along y, 26: whether filters are applied as they
   *     are, 27: offset of the map, 28: bytes in a row of it, 29: its rows, 30: offset of y, 31:
   *     whether y is wanted, 32: samples in a row of the map, 33: offset in the map along x, 34:
   *     along y}
   * @param q {gain, with that of the up filter, slope, clamp}
   */
  public static void plain22(
      KernelContext c, int[] p, float[] q, float[] x, float[] b, float[] u, float[] d, float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, p, y, 2, 2, false, FilterPasses.PLAIN);
  }

  /** As {@link #plain22}, up by 4. */
  public static void plain42(
      KernelContext c, int[] p, float[] q, float[] x, float[] b, float[] u, float[] d, float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, p, y, 4, 2, false, FilterPasses.PLAIN);
  }

  /** As {@link #plain22}, down by a filter that is not separable. */
  public static void plainFlat22(
      KernelContext c, int[] p, float[] q, float[] x, float[] b, float[] u, float[] d, float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, p, y, 2, 2, true, FilterPasses.PLAIN);
  }

  /** As {@link #plainFlat22}, up by 4. */
  public static void plainFlat42(
      KernelContext c, int[] p, float[] q, float[] x, float[] b, float[] u, float[] d, float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, p, y, 4, 2, true, FilterPasses.PLAIN);
  }

  /** As {@link #plain22}, with the sign map. */
  public static void signs22(
      KernelContext c,
      int[] p,
      float[] q,
      float[] x,
      float[] b,
      float[] u,
      float[] d,
      int[] map,
      float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, map, y, 2, 2, false, FilterPasses.SIGNS);
  }

  /** As {@link #signs22}, up by 4. */
  public static void signs42(
      KernelContext c,
      int[] p,
      float[] q,
      float[] x,
      float[] b,
      float[] u,
      float[] d,
      int[] map,
      float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, map, y, 4, 2, false, FilterPasses.SIGNS);
  }

  /** As {@link #signs22}, down by a filter that is not separable. */
  public static void signsFlat22(
      KernelContext c,
      int[] p,
      float[] q,
      float[] x,
      float[] b,
      float[] u,
      float[] d,
      int[] map,
      float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, map, y, 2, 2, true, FilterPasses.SIGNS);
  }

  /** As {@link #signsFlat22}, up by 4. */
  public static void signsFlat42(
      KernelContext c,
      int[] p,
      float[] q,
      float[] x,
      float[] b,
      float[] u,
      float[] d,
      int[] map,
      float[] y) {
    FilterPasses.filter(c, p, q, x, b, u, d, map, y, 4, 2, true, FilterPasses.SIGNS);
  }

  /** Up by 2, gain and the slope that the map tells, down by 2; p and q as in {@link #plain22}. */
  public static void signed22(
      KernelContext c, int[] p, float[] q, float[] x, float[] u, float[] d, int[] map, float[] y) {
    FilterPasses.filter(c, p, q, x, x, u, d, map, y, 2, 2, false, FilterPasses.SIGNED);
  }

  /** As {@link #signed22}, up by 4. */
  public static void signed42(
      KernelContext c, int[] p, float[] q, float[] x, float[] u, float[] d, int[] map, float[] y) {
    FilterPasses.filter(c, p, q, x, x, u, d, map, y, 4, 2, false, FilterPasses.SIGNED);
  }

  /** As {@link #signed22}, down by 4. */
  public static void signed24(
      KernelContext c, int[] p, float[] q, float[] x, float[] u, float[] d, int[] map, float[] y) {
    FilterPasses.filter(c, p, q, x, x, u, d, map, y, 2, 4, false, FilterPasses.SIGNED);
  }

  /** As {@link #signed22}, down by a filter that is not separable. */
  public static void signedFlat22(
      KernelContext c, int[] p, float[] q, float[] x, float[] u, float[] d, int[] map, float[] y) {
    FilterPasses.filter(c, p, q, x, x, u, d, map, y, 2, 2, true, FilterPasses.SIGNED);
  }

  /** As {@link #signedFlat22}, up by 4. */
  public static void signedFlat42(
      KernelContext c, int[] p, float[] q, float[] x, float[] u, float[] d, int[] map, float[] y) {
    FilterPasses.filter(c, p, q, x, x, u, d, map, y, 4, 2, true, FilterPasses.SIGNED);
  }
}
