package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Random operands, running of work on threads, and the comparison of results with an error model.
 */
final class Samples {
  private Samples() {}

  /** Uniform values in [-1, 1). */
  static float[] values(Random random, int count) {
    float[] all = new float[count];
    for (int i = 0; i < count; i++) {
      all[i] = random.nextFloat() * 2 - 1;
    }
    return all;
  }

  /** A native tensor in the middle of memory full of NaN, so that reads outside it show. */
  static MemorySegment tensor(Arena arena, float[] values) {
    MemorySegment guarded = arena.allocate((values.length + 64L) * Float.BYTES, 64);
    guarded.fill((byte) 0xff);
    MemorySegment tensor = guarded.asSlice(32L * Float.BYTES, (long) values.length * Float.BYTES);
    MemorySegment.copy(values, 0, tensor, ValueLayout.JAVA_FLOAT, 0, values.length);
    return tensor;
  }

  /** A native tensor full of NaN, to be overwritten. */
  static MemorySegment target(Arena arena, int count) {
    MemorySegment tensor = arena.allocate((long) count * Float.BYTES, 64);
    tensor.fill((byte) 0xff);
    return tensor;
  }

  static float[] read(MemorySegment tensor) {
    return tensor.toArray(ValueLayout.JAVA_FLOAT);
  }

  /**
   * Runs all tasks in a shuffled order on {@code threads} threads with scratch memory full of NaN.
   */
  static void run(Work work, int threads, Random random) {
    Scratch[] scratch = new Scratch[threads];
    for (int t = 0; t < threads; t++) {
      scratch[t] = new Scratch();
      for (int slot = 0; slot < 8; slot++) {
        Arrays.fill(scratch[t].floats(slot, 1 << 16), Float.NaN);
      }
    }
    for (int s = 0; s < work.stages(); s++) {
      int stage = s;
      List<Integer> order = new ArrayList<>();
      for (int task = 0; task < work.tasks(stage); task++) {
        order.add(task);
      }
      Collections.shuffle(order, random);
      AtomicInteger next = new AtomicInteger();
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Scratch own = scratch[t];
        running.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i; (i = next.getAndIncrement()) < order.size(); ) {
                        work.run(stage, order.get(i), own);
                      }
                    }));
      }
      for (Thread thread : running) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  /**
   * Asserts that every float sum of {@code depth} products is as near to the exact value as a chain
   * of roundings that walks at random allows, four times over.
   */
  static void assertNear(float[] actual, double[] exact, double[] size, int depth, Object what) {
    assertThat(actual).as("%s", what).hasSize(exact.length);
    double factor = 4 * Math.ulp(0.5f) * (1 + Math.sqrt(depth));
    for (int i = 0; i < exact.length; i++) {
      double bound = factor * size[i];
      if (!(Math.abs(actual[i] - exact[i]) <= bound)) {
        assertThat(actual[i])
            .as("element %d of %s, bound %g", i, what, bound)
            .isEqualTo((float) exact[i]);
      }
    }
  }
}
