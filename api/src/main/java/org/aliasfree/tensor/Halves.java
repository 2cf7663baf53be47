package org.aliasfree.tensor;

/** Rounding to IEEE 754 binary16. */
public final class Halves {
  private Halves() {}

  /**
   * Bits of the half nearest to a double, ties to even. Rounding to float first would round twice;
   * a float computed with round-to-odd keeps what the second rounding needs.
   */
  public static short fromDouble(double value) {
    float f = (float) value;
    if (!Float.isInfinite(f) && !Float.isNaN(f) && (double) f != value) {
      int bits = Float.floatToRawIntBits(f);
      if ((bits & 1) == 0) {
        boolean grew = Math.abs((double) f) > Math.abs(value);
        f = Float.intBitsToFloat(grew ? bits - 1 : bits + 1);
      }
    }
    return Float.floatToFloat16(f);
  }

  /** A value rounded to the nearest half. */
  public static double round(double value) {
    return Float.float16ToFloat(fromDouble(value));
  }
}
