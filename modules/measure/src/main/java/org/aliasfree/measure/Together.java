package org.aliasfree.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A piece of work that all threads repeat at the same time. */
final class Together {
  /** The best of so many equal parts of the time is taken: others disturb, nothing speeds up. */
  private static final int PARTS = 5;

  private Together() {}

  /** What a thread repeats. */
  interface Loop extends AutoCloseable {
    /** Works for some milliseconds at most, and tells how much was done. */
    double run();

    @Override
    default void close() {}
  }

  /**
   * What all threads do in a second.
   *
   * @param nanos how long to work; the first half is for the compiler
   * @return in units of the loop
   */
  static double rate(int threads, long nanos, Supplier<Loop> loops) {
    long part = nanos / PARTS / 2;
    CyclicBarrier start = new CyclicBarrier(threads);
    double[][] rates = new double[threads][];
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int index = i;
      running.add(
          Thread.ofPlatform()
              .daemon()
              .name("peak-" + index)
              .uncaughtExceptionHandler((thread, e) -> failure.compareAndSet(null, e))
              .start(() -> rates[index] = rates(start, part, loops)));
    }
    running.forEach(Together::join);
    if (failure.get() != null) {
      throw new IllegalStateException("A thread that measures has failed.", failure.get());
    }
    double best = 0;
    for (int p = PARTS; p < 2 * PARTS; p++) {
      double sum = 0;
      for (double[] of : rates) {
        sum += of[p];
      }
      best = Math.max(best, sum);
    }
    return best;
  }

  private static double[] rates(CyclicBarrier start, long part, Supplier<Loop> loops) {
    double[] rates = new double[2 * PARTS];
    try (Loop loop = loops.get()) {
      for (int p = 0; p < rates.length; p++) {
        start.await();
        double done = 0;
        long begun = System.nanoTime();
        long now;
        do {
          done += loop.run();
          now = System.nanoTime();
        } while (now - begun < part);
        rates[p] = done * 1e9 / (now - begun);
      }
    } catch (InterruptedException | java.util.concurrent.BrokenBarrierException e) {
      throw new IllegalStateException("Interrupted while measuring", e);
    } catch (RuntimeException | Error e) {
      start.reset(); // the others must not wait for this thread
      throw e;
    }
    return rates;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while measuring", e);
    }
  }
}
