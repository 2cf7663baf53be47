package org.aliasfree.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.aliasfree.AliasFreeException;

/** Work in numbered pieces on several threads. */
final class Parallel {
  private Parallel() {}

  /**
   * Does all pieces. The first failure ends the work and is thrown.
   *
   * @param pieces from 0; each is done once, by any thread
   * @param threads 1 or more
   * @param progress told the number of pieces done, growing, never by two threads at once
   */
  static void run(int pieces, int threads, IntConsumer progress, IntConsumer work) {
    AtomicInteger next = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    Runnable worker =
        () -> {
          for (int i = next.getAndIncrement(); i < pieces; i = next.getAndIncrement()) {
            try {
              work.accept(i);
            } catch (Throwable e) {
              next.set(pieces);
              throw e;
            }
            synchronized (done) {
              progress.accept(done.incrementAndGet());
            }
          }
        };
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads,
            task -> Thread.ofPlatform().daemon().name("aliasfree-metrics").unstarted(task))) {
      List<Future<?>> workers = new ArrayList<>();
      for (int i = 0; i < Math.min(threads, pieces); i++) {
        workers.add(pool.submit(worker));
      }
      for (Future<?> each : workers) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AliasFreeException("Measuring was interrupted.", e);
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    return switch (e.getCause()) {
      case Error error -> throw error;
      case RuntimeException known -> known;
      case null, default -> new IllegalStateException(e);
    };
  }
}
