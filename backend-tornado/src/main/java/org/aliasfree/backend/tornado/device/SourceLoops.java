package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.annotations.Parallel;

/** Values that are known without inputs. In all of them {@code p} is {count, offset of y, …}. */
public final class SourceLoops {
  private SourceLoops() {}

  /** y[i] = value[0]. */
  public static void fill(int[] p, float[] value, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = value[0];
      }
    }
  }

  /** As {@link #fill} for whole numbers. */
  public static void fillInts(int[] p, int[] value, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = value[0];
      }
    }
  }

  /** The index along an axis: y[i] = i / stride mod size; p = {…, stride, size}. */
  public static void iota(int[] p, float[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = (i / p[2]) % p[3];
      }
    }
  }

  /** As {@link #iota} for whole numbers, of which only the bits of p[4] are kept. */
  public static void iotaInts(int[] p, int[] y, int n) {
    for (@Parallel int i = 0; i < n; i++) {
      if (i < p[0]) {
        y[p[1] + i] = (i / p[2]) % p[3] & p[4];
      }
    }
  }
}
