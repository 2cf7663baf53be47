package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.math.TornadoMath;

/**
 * Functions of f32, in f32 alone and without functions of the device whose accuracy near 0 is not
 * known. Minima and maxima are written out, because a device's own lose NaN; and TornadoVM makes a
 * ≤ b into not b &lt; a, which is wrong for NaN.
 */
public final class FloatFunctions {
  private FloatFunctions() {}

  /** Whether x is NaN. */
  @SuppressWarnings("IdentityBinaryExpression") // what every compiler makes right code of
  static boolean isNotNumber(float x) {
    return x != x;
  }

  /** A function of one number, numbered as in {@code Elementwise.UnaryFunction}. */
  static float unary(int function, float x) {
    return switch (function) {
      case 0 -> -x;
      case 1 -> Math.abs(x);
      case 2 -> x > 0 ? 1f : x < 0 ? -1f : x;
      case 3 -> TornadoMath.exp(x);
      case 4 -> expMinusOne(x);
      case 5 -> TornadoMath.log(x);
      case 6 -> logOnePlus(x);
      case 7 -> TornadoMath.sin(x);
      case 8 -> TornadoMath.cos(x);
      case 9 -> hyperbolicTangent(x);
      case 10 -> TornadoMath.sqrt(x);
      case 11 -> 1f / TornadoMath.sqrt(x);
      case 12 -> 1f / x;
      case 13 -> largestInteger(x);
      default -> nearestInteger(x);
    };
  }

  /** A function of two numbers, numbered as in {@code Elementwise.BinaryFunction}. */
  static float binary(int function, float a, float b) {
    return switch (function) {
      case 0 -> a + b;
      case 1 -> a - b;
      case 2 -> a * b;
      case 3 -> a / b;
      case 4 -> b < a || isNotNumber(b) ? b : a;
      default -> b > a || isNotNumber(b) ? b : a;
    };
  }

  /** A comparison, numbered as in {@code Elementwise.Comparison}: 1 where it holds, else 0. */
  static int holds(int comparison, float a, float b) {
    return switch (comparison) {
      case 0 -> a < b ? 1 : 0;
      case 1 -> a < b || a == b ? 1 : 0;
      case 2 -> a == b ? 1 : 0;
      default -> a != b ? 1 : 0;
    };
  }

  /** An activation, numbered as in {@code Activation}; {@code alpha} is the slope of lrelu. */
  static float activated(int activation, float alpha, float t) {
    return switch (activation) {
      case 0 -> t;
      case 1 -> t < 0 ? 0f : t;
      case 2 -> t > 0 ? t : alpha * t;
      case 3 -> hyperbolicTangent(t);
      case 4 -> logistic(t);
      case 5 -> t >= 0 ? t : expMinusOne(t);
      case 6 -> 1.050701f * (t >= 0 ? t : 1.6732632f * expMinusOne(t));
      case 7 -> (t < 0 ? 0f : t) + logOnePlus(TornadoMath.exp(-Math.abs(t)));
      default -> t * logistic(t);
    };
  }

  /** e^x − 1: Taylor's series for |x| ≤ 1, which 12 terms give to 2⁻³². */
  public static float expMinusOne(float x) {
    if (x > 1f || x < -1f) {
      return TornadoMath.exp(x) - 1f;
    }
    float s = 1f + x * (1f / 12);
    s = 1f + x * (1f / 11) * s;
    s = 1f + x * (1f / 10) * s;
    s = 1f + x * (1f / 9) * s;
    s = 1f + x * (1f / 8) * s;
    s = 1f + x * (1f / 7) * s;
    s = 1f + x * (1f / 6) * s;
    s = 1f + x * (1f / 5) * s;
    s = 1f + x * 0.25f * s;
    s = 1f + x * (1f / 3) * s;
    s = 1f + x * 0.5f * s;
    return x * s;
  }

  /**
   * log(1 + x): near 0 by 2·artanh(x / (2 + x)), whose series 6 terms give to 2⁻²⁸; farther off 1 +
   * x loses nothing that counts.
   */
  public static float logOnePlus(float x) {
    if (x > 0.41f || x < -0.29f) {
      return TornadoMath.log(1f + x);
    }
    float s = x / (2f + x);
    float q = s * s;
    float r = 1f / 9 + q * (1f / 11);
    r = 1f / 7 + q * r;
    r = 0.2f + q * r;
    r = 1f / 3 + q * r;
    return 2f * s + 2f * s * q * r;
  }

  /** tanh x = d / (d + 2), d = e^2|x| − 1, with the sign of x; 1 in f32 beyond 10. */
  public static float hyperbolicTangent(float x) {
    float size = Math.abs(x);
    if (size > 10f) {
      return x > 0 ? 1f : -1f;
    }
    float d = expMinusOne(2f * size);
    float t = d / (d + 2f);
    return x < 0 ? -t : x > 0 ? t : x;
  }

  /** 1 / (1 + e^−t), without overflow. */
  public static float logistic(float t) {
    float e = TornadoMath.exp(-Math.abs(t));
    return t < 0 ? e / (1f + e) : 1f / (1f + e);
  }

  /** Largest integer not above x. */
  public static float largestInteger(float x) {
    if (!(Math.abs(x) < 8388608f)) {
      return x;
    }
    float whole = (int) x;
    return whole > x ? whole - 1f : whole == x ? x : whole;
  }

  /** Nearest integer, ties to even; the fraction is exact. */
  public static float nearestInteger(float x) {
    if (!(Math.abs(x) < 8388608f)) {
      return x;
    }
    int whole = (int) x;
    float fraction = Math.abs(x - whole);
    boolean away = fraction > 0.5f || (fraction == 0.5f && (whole & 1) != 0);
    float y = away ? (x < 0 ? whole - 1 : whole + 1) : whole;
    return y == 0f ? x * 0f : y;
  }

  /** The whole number towards 0: that nearest to what does not fit into an int; 0 for NaN. */
  static int truncated(float x) {
    if (isNotNumber(x)) {
      return 0;
    }
    if (x >= 0x1p31f) {
      return Integer.MAX_VALUE;
    }
    return x <= -0x1p31f ? Integer.MIN_VALUE : (int) x;
  }
}
