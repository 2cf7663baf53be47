package org.aliasfree.backend.tornado.device;

/** Functions of whole numbers, which wrap around. */
final class WholeFunctions {
  private WholeFunctions() {}

  /**
   * −x or |x|, numbered as in {@code Elementwise.UnaryFunction}; the least number gives the
   * largest.
   */
  static int unary(int function, int x) {
    int y = function == 0 || x < 0 ? -x : x;
    return x == Integer.MIN_VALUE ? Integer.MAX_VALUE : y;
  }

  /**
   * A function of two numbers, numbered as in {@code Elementwise.BinaryFunction}. What is divided
   * by 0 is 0: it has no meaning, but must not stop the device.
   */
  static int binary(int function, int a, int b) {
    return switch (function) {
      case 0 -> a + b;
      case 1 -> a - b;
      case 2 -> a * b;
      case 3 -> quotient(a, b);
      case 4 -> b < a ? b : a;
      default -> b > a ? b : a;
    };
  }

  /** By −1 separately: the least number's quotient does not fit, and stops some devices. */
  private static int quotient(int a, int b) {
    if (b == 0) {
      return 0;
    }
    if (b == -1) {
      return -a;
    }
    return a / b;
  }

  /** A comparison, numbered as in {@code Elementwise.Comparison}: 1 where it holds, else 0. */
  static int holds(int comparison, int a, int b) {
    return switch (comparison) {
      case 0 -> a < b ? 1 : 0;
      case 1 -> a <= b ? 1 : 0;
      case 2 -> a == b ? 1 : 0;
      default -> a != b ? 1 : 0;
    };
  }
}
