package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.aliasfree.tensor.HostTensor;

/** What the tests of the filters share: random data, memory, running on threads, comparing. */
final class UpfirdnCases {
  private static final double ULP = 0x1p-24;

  private UpfirdnCases() {}

  static float[] random(Random r, int n, double size) {
    float[] x = new float[n];
    for (int i = 0; i < n; i++) {
      x[i] = (float) (r.nextGaussian() * size);
    }
    return x;
  }

  static MemorySegment memory(Arena arena, float[] x) {
    MemorySegment m = arena.allocate(4L * x.length, 64);
    MemorySegment.copy(x, 0, m, HostTensor.F32, 0, x.length);
    return m;
  }

  /** Memory for a result, full of a value that no result has. */
  static MemorySegment poisoned(Arena arena, long floats) {
    return arena.allocate(Math.max(1, 4 * floats), 64).fill((byte) 0x6b);
  }

  static float[] floats(MemorySegment m, long from, int n) {
    float[] x = new float[n];
    MemorySegment.copy(m, HostTensor.F32, 4 * from, x, 0, n);
    return x;
  }

  /** Makes scratch look as a former user may have left it. */
  private static void poison(Scratch scratch) {
    Arrays.fill(scratch.floats(0, 0), Float.NaN);
    // Every float of it is a NaN.
    scratch.memory(0).fill((byte) -1);
  }

  /**
   * Runs all tasks, dealt out to threads as they come: with scratch memory just large enough, and
   * again with what was left in it spoilt.
   */
  static void run(Work work, int threads) {
    AtomicInteger next = new AtomicInteger();
    Thread[] all = new Thread[threads];
    Throwable[] failures = new Throwable[threads];
    for (int t = 0; t < threads; t++) {
      int self = t;
      all[t] =
          new Thread(
              () -> {
                Scratch scratch = new Scratch();
                for (int task; (task = next.getAndIncrement()) < work.tasks(0); ) {
                  work.run(0, task, scratch);
                  poison(scratch);
                  work.run(0, task, scratch);
                }
              });
      all[t].setUncaughtExceptionHandler((thread, e) -> failures[self] = e);
      all[t].start();
    }
    for (int t = 0; t < threads; t++) {
      try {
        all[t].join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      if (failures[t] != null) {
        throw new AssertionError("A task failed.", failures[t]);
      }
    }
  }

  /**
   * Fails unless every value is within {@code roundings} half units in the last place of the sum of
   * the magnitudes of its terms; a NaN must meet a NaN.
   */
  static void check(float[] got, UpfirdnDefinition.Plane want, double roundings, String what) {
    if (got.length != want.values.length) {
      throw new AssertionError(what + ": " + got.length + " values, not " + want.values.length);
    }
    for (int i = 0; i < got.length; i++) {
      double bound = roundings * ULP * want.magnitudes[i] + Float.MIN_NORMAL;
      boolean same =
          Double.isNaN(want.values[i])
              ? Float.isNaN(got[i])
              : Math.abs(got[i] - want.values[i]) <= bound;
      if (!same) {
        throw new AssertionError(
            what
                + ": row "
                + i / want.width
                + ", column "
                + i % want.width
                + ": "
                + got[i]
                + " instead of "
                + want.values[i]
                + " within "
                + bound);
      }
    }
  }
}
