package org.aliasfree.measure;

/**
 * Multiplications and additions in a loop that the compiler turns into vector instructions where it
 * can: what plain loops get out of the machine.
 */
final class ScalarFmaLoop implements Together.Loop {
  private static final int LENGTH = 1024;
  private static final int STEPS = 200;

  private final float[] values = new float[LENGTH];

  @Override
  public double run() {
    for (int n = 0; n < STEPS; n++) {
      step(values);
    }
    return 2.0 * LENGTH * STEPS * 8;
  }

  /** Eight steps a load, so that memory does not count. */
  private static void step(float[] values) {
    for (int i = 0; i < values.length; i++) {
      float x = values[i];
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      x = x * 0.5f + 1;
      values[i] = x;
    }
  }
}
