package org.aliasfree.backend.tornado.device;

import uk.ac.manchester.tornado.api.types.vectors.Float8;

/**
 * Eight numbers at a time. Compilers for CPUs do not turn eight single operations of TornadoVM's
 * code into one, as they cannot see that addresses follow one another; of operations on this type
 * they make vector instructions, and of the eight loads one.
 */
final class Lanes {
  private Lanes() {}

  /** Eight zeros. */
  static Float8 zeros() {
    return new Float8(0f, 0f, 0f, 0f, 0f, 0f, 0f, 0f);
  }

  /** x[at], x[at + 1], … x[at + 7]. */
  static Float8 load(float[] x, int at) {
    return new Float8(
        x[at], x[at + 1], x[at + 2], x[at + 3], x[at + 4], x[at + 5], x[at + 6], x[at + 7]);
  }

  /** x[at], x[at + step], … x[at + 7 · step]. */
  static Float8 load(float[] x, int at, int step) {
    return new Float8(
        x[at],
        x[at + step],
        x[at + 2 * step],
        x[at + 3 * step],
        x[at + 4 * step],
        x[at + 5 * step],
        x[at + 6 * step],
        x[at + 7 * step]);
  }

  /** sum + x · factor. */
  static Float8 plus(Float8 sum, Float8 x, float factor) {
    return Float8.add(sum, Float8.mult(x, factor));
  }

  /** sum + x · y. */
  static Float8 plus(Float8 sum, Float8 x, Float8 y) {
    return Float8.add(sum, Float8.mult(x, y));
  }

  /** The sum of all eight. */
  static float total(Float8 x) {
    return ((x.getS0() + x.getS1()) + (x.getS2() + x.getS3()))
        + ((x.getS4() + x.getS5()) + (x.getS6() + x.getS7()));
  }

  /** y[at + k · step] = x[k] for the first {@code count} lanes, or all if that is more. */
  static void store(Float8 x, float[] y, int at, int step, int count) {
    if (count > 7) {
      y[at] = x.getS0();
      y[at + step] = x.getS1();
      y[at + 2 * step] = x.getS2();
      y[at + 3 * step] = x.getS3();
      y[at + 4 * step] = x.getS4();
      y[at + 5 * step] = x.getS5();
      y[at + 6 * step] = x.getS6();
      y[at + 7 * step] = x.getS7();
    } else {
      if (count > 0) {
        y[at] = x.getS0();
      }
      if (count > 1) {
        y[at + step] = x.getS1();
      }
      if (count > 2) {
        y[at + 2 * step] = x.getS2();
      }
      if (count > 3) {
        y[at + 3 * step] = x.getS3();
      }
      if (count > 4) {
        y[at + 4 * step] = x.getS4();
      }
      if (count > 5) {
        y[at + 5 * step] = x.getS5();
      }
      if (count > 6) {
        y[at + 6 * step] = x.getS6();
      }
    }
  }

  /** y[at + k · step] = v_k for k below {@code count}. */
  static void store(
      float[] y,
      int at,
      int step,
      int count,
      float v0,
      float v1,
      float v2,
      float v3,
      float v4,
      float v5,
      float v6,
      float v7) {
    if (count > 0) {
      y[at] = v0;
    }
    if (count > 1) {
      y[at + step] = v1;
    }
    if (count > 2) {
      y[at + 2 * step] = v2;
    }
    if (count > 3) {
      y[at + 3 * step] = v3;
    }
    if (count > 4) {
      y[at + 4 * step] = v4;
    }
    if (count > 5) {
      y[at + 5 * step] = v5;
    }
    if (count > 6) {
      y[at + 6 * step] = v6;
    }
    if (count > 7) {
      y[at + 7 * step] = v7;
    }
  }
}
