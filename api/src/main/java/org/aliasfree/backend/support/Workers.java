package org.aliasfree.backend.support;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a CPU backend. The thread that asks for work takes part in it, so that one thread
 * needs no pool and several callers cannot wait for each other.
 */
final class Workers<S> implements Kernel.Threads<S>, AutoCloseable {
  /**
   * How long a thread looks for more before it sleeps. Kernels of many short stages follow each
   * other closely, and waking a thread takes as long as some of these stages.
   */
  private static final long PATIENCE_NANOS = 100_000;

  private final LinkedBlockingQueue<Job<S>> queue = new LinkedBlockingQueue<>();
  private final ConcurrentLinkedDeque<S> scratches = new ConcurrentLinkedDeque<>();
  private final Supplier<S> newScratch;
  private final Thread[] threads;

  Workers(String name, int threads, Supplier<S> newScratch) {
    this.newScratch = newScratch;
    this.threads = new Thread[threads - 1];
    for (int i = 0; i < this.threads.length; i++) {
      this.threads[i] = Thread.ofPlatform().daemon().name(name + "-" + (i + 1)).start(this::serve);
    }
  }

  @Override
  public void parallel(int tasks, Kernel.Task<S> task) {
    Job<S> job = new Job<>(tasks, task);
    int helpers = Math.min(threads.length, tasks - 1);
    for (int i = 0; i < helpers; i++) {
      queue.add(job);
    }
    try {
      take(job);
    } catch (Throwable t) {
      job.abandon(t);
    }
    job.await();
  }

  private void serve() {
    try {
      while (true) {
        serve(next());
      }
    } catch (InterruptedException e) {
      // The backend was closed.
    }
  }

  private Job<S> next() throws InterruptedException {
    long start = System.nanoTime();
    do {
      Job<S> job = queue.poll();
      if (job != null) {
        return job;
      }
      Thread.onSpinWait();
    } while (System.nanoTime() - start < PATIENCE_NANOS);
    return queue.take();
  }

  /** A helper that has no memory for scratch leaves the work to the others. */
  private void serve(Job<S> job) {
    try {
      take(job);
    } catch (OutOfMemoryError e) {
      System.getLogger(Workers.class.getName())
          .log(System.Logger.Level.DEBUG, "A thread has no memory for its scratch.", e);
    }
  }

  private void take(Job<S> job) {
    if (job.next.get() >= job.tasks) {
      return;
    }
    // Before a task is claimed: who claims one must count it down.
    S scratch = scratches.poll();
    if (scratch == null) {
      scratch = newScratch.get();
    }
    try {
      int index;
      while ((index = job.next.getAndIncrement()) < job.tasks) {
        job.run(index, scratch);
      }
    } finally {
      scratches.push(scratch);
    }
  }

  @Override
  public void close() {
    for (Thread thread : threads) {
      thread.interrupt();
    }
    scratches.clear();
  }

  private static final class Job<S> {
    final AtomicInteger next = new AtomicInteger();
    final int tasks;
    private final Kernel.Task<S> task;
    private final CountDownLatch done;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Job(int tasks, Kernel.Task<S> task) {
      this.tasks = tasks;
      this.task = task;
      done = new CountDownLatch(tasks);
    }

    void run(int index, S scratch) {
      try {
        if (failure.get() == null) {
          task.run(index, scratch);
        }
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      } finally {
        done.countDown();
      }
    }

    /** Ends the job with a failure: what nobody has claimed is not done any more. */
    void abandon(Throwable t) {
      failure.compareAndSet(null, t);
      while (next.getAndIncrement() < tasks) {
        done.countDown();
      }
    }

    void await() {
      long start = System.nanoTime();
      while (done.getCount() > 0 && System.nanoTime() - start < PATIENCE_NANOS) {
        Thread.onSpinWait();
      }
      boolean interrupted = false;
      while (true) {
        try {
          done.await();
          break;
        } catch (InterruptedException e) {
          interrupted = true; // The memory that tasks use must not go away under them.
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      switch (failure.get()) {
        case null -> {}
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case Throwable t -> throw new IllegalStateException(t);
      }
    }
  }
}
