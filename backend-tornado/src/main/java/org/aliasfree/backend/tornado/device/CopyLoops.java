package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Copies of whole tensors; {@code p} is {count, offset of x, offset of y}. */
public final class CopyLoops {
  private CopyLoops() {}

  /** y = x. */
  public static void copyFloats(int[] p, float[] x, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[2] + i] = x[p[1] + i];
      }
    }
  }

  /** y = x. */
  public static void copyInts(int[] p, int[] x, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[2] + i] = x[p[1] + i];
      }
    }
  }

  /**
   * Leaves an array as it is: x[0] = x[0] · one[0]. A task that reads and writes the array makes
   * TornadoVM allocate it.
   */
  public static void touchFloats(float[] one, float[] x, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      x[i] = x[i] * one[i];
    }
  }

  /** As {@link #touchFloats}. */
  public static void touchInts(int[] one, int[] x, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      x[i] = x[i] * one[i];
    }
  }
}
