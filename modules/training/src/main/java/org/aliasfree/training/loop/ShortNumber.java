package org.aliasfree.training.loop;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Numbers as C's {@code %g} writes them: six digits at most, no zeros at the end. */
final class ShortNumber {
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  private ShortNumber() {}

  static String of(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : Double.toString(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < DIGITS.getPrecision()) {
      return rounded.toPlainString();
    }
    BigDecimal mantissa = rounded.scaleByPowerOfTen(-exponent);
    String sign = exponent < 0 ? "-" : "+";
    int size = Math.abs(exponent);
    return mantissa.toPlainString() + "e" + sign + (size < 10 ? "0" : "") + size;
  }
}
