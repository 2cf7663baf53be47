package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;
import uk.ac.manchester.tornado.api.types.vectors.Float8;

/**
 * The pass along y of an up-sampling filter, with what is done at the high rate after it. The first
 * parameters are those of {@link FirLoops#alongY}; the step of y for a row is a multiple of 8, so
 * all eight columns are stored.
 */
public final class ActivationLoops {
  private static final int PASSED = 0;
  private static final int NEGATIVE = 1;
  private static final int CLAMPED = 2;

  private ActivationLoops() {}

  /**
   * y = clamp(lrelu(gain · filtered x)), and what was done to each: four neighbours make one number
   * of {@code signs}, the leftmost in its lowest two bits. An iteration makes two such numbers.
   *
   * <p>p = {…, 16 whether signs are wanted, 17 signs, 18 signs a row}; q = {gain of the filter,
   * gain, slope, clamp}.
   */
  public static void activated(
      int[] p, float[] q, float[] f, float[] x, float[] y, int[] signs, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int row = item / p[1];
        int column = (item - row * p[1]) * 8;
        Float8 sum = Float8.mult(FirLoops.sumY(p, f, x, row, column), q[0]);
        sum = Float8.mult(sum, q[1]);
        float slope = q[2];
        float clamp = q[3];
        int at = p[13] + row * p[14] + column;
        Lanes.store(
            y,
            at,
            1,
            8,
            sloped(sum.getS0(), slope, clamp),
            sloped(sum.getS1(), slope, clamp),
            sloped(sum.getS2(), slope, clamp),
            sloped(sum.getS3(), slope, clamp),
            sloped(sum.getS4(), slope, clamp),
            sloped(sum.getS5(), slope, clamp),
            sloped(sum.getS6(), slope, clamp),
            sloped(sum.getS7(), slope, clamp));
        if (p[16] != 0) {
          int left = p[15] - column;
          int byteAt = p[17] + row * p[18] + column / 4;
          signs[byteAt] =
              code(sum.getS0(), slope, clamp, left - 0)
                  + 4 * code(sum.getS1(), slope, clamp, left - 1)
                  + 16 * code(sum.getS2(), slope, clamp, left - 2)
                  + 64 * code(sum.getS3(), slope, clamp, left - 3);
          if (left > 4) {
            signs[byteAt + 1] =
                code(sum.getS4(), slope, clamp, left - 4)
                    + 4 * code(sum.getS5(), slope, clamp, left - 5)
                    + 16 * code(sum.getS6(), slope, clamp, left - 6)
                    + 64 * code(sum.getS7(), slope, clamp, left - 7);
          }
        }
      }
    }
  }

  private static float sloped(float t, float slope, float clamp) {
    float v = t < 0f ? t * slope : t;
    return v > clamp ? clamp : v < -clamp ? -clamp : v;
  }

  private static int code(float t, float slope, float clamp, int left) {
    float v = t < 0f ? t * slope : t;
    int code = v > clamp || v < -clamp ? CLAMPED : t < 0f ? NEGATIVE : PASSED;
    return left > 0 ? code : PASSED;
  }

  /**
   * y = gain · slope told by the map · filtered x. Sample (r, c) takes the sign at (r + offsetY, c
   * + offsetX); outside the map the slope is 1.
   *
   * <p>p = {…, 16 signs, 17 rows of the map, 18 columns, 19 numbers a row, 20 offsetX, 21 offsetY};
   * q = {gain of the filter, gain, slope}.
   */
  public static void slopedByMap(
      int[] p, float[] q, float[] f, float[] x, int[] signs, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      int item = Slices.item(i, n, p[0]);
      if (item >= 0) {
        int row = item / p[1];
        int column = (item - row * p[1]) * 8;
        Float8 sum = Float8.mult(FirLoops.sumY(p, f, x, row, column), q[0]);
        sum = Float8.mult(sum, q[1]);
        float slope = q[2];
        int plane = row / p[2];
        int line = row - plane * p[2] + p[21];
        int width = line >= 0 && line < p[17] ? p[18] : 0;
        int map = p[16] + (plane * p[17] + line) * p[19];
        int c = column + p[20];
        int at = p[13] + row * p[14] + column;
        Lanes.store(
            y,
            at,
            1,
            8,
            sum.getS0() * slopeAt(signs, map, width, c + 0, slope),
            sum.getS1() * slopeAt(signs, map, width, c + 1, slope),
            sum.getS2() * slopeAt(signs, map, width, c + 2, slope),
            sum.getS3() * slopeAt(signs, map, width, c + 3, slope),
            sum.getS4() * slopeAt(signs, map, width, c + 4, slope),
            sum.getS5() * slopeAt(signs, map, width, c + 5, slope),
            sum.getS6() * slopeAt(signs, map, width, c + 6, slope),
            sum.getS7() * slopeAt(signs, map, width, c + 7, slope));
      }
    }
  }

  private static float slopeAt(int[] signs, int map, int width, int column, float slope) {
    float result = 1f;
    if (column >= 0 && column < width) {
      int four = signs[map + column / 4];
      int code = (four >> (column % 4 * 2)) & 3;
      result = code == PASSED ? 1f : code == NEGATIVE ? slope : 0f;
    }
    return result;
  }
}
