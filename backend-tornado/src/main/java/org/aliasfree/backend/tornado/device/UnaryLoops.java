package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/**
 * Functions of one element, and casts. In all of them {@code p} is {count, offset of y, offset of
 * x}; functions are numbered as in {@code Elementwise.UnaryFunction}.
 */
public final class UnaryLoops {
  private UnaryLoops() {}

  /** y[i] = f(x[i]). */
  public static void floats(int[] p, float[] x, float[] y, int function, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = FloatFunctions.unary(function, x[p[2] + i]);
      }
    }
  }

  /** y[i] = −x[i] (function 0) or |x[i]| (function 1). */
  public static void ints(int[] p, int[] x, int[] y, int function, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = WholeFunctions.unary(function, x[p[2] + i]);
      }
    }
  }

  /** y[i] = x[i]. */
  public static void floatsToFloats(int[] p, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + i];
      }
    }
  }

  /** y[i] = x[i] truncated, of which only the bits of p[3] are kept. */
  public static void floatsToInts(int[] p, float[] x, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = FloatFunctions.truncated(x[p[2] + i]) & p[3];
      }
    }
  }

  /** y[i] = x[i], rounded to the nearest. */
  public static void intsToFloats(int[] p, int[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + i];
      }
    }
  }

  /** y[i] = x[i], of which only the bits of p[3] are kept. */
  public static void intsToInts(int[] p, int[] x, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = x[p[2] + i] & p[3];
      }
    }
  }
}
