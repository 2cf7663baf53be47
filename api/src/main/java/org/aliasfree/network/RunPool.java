package org.aliasfree.network;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.jspecify.annotations.Nullable;

/**
 * Runs that threads take and give back. There are never more than a limit, whatever the plan, so
 * that memory is bounded; the one that has been idle longest makes room for another plan.
 */
final class RunPool implements AutoCloseable {
  private record Idle(Plan plan, Run run) {}

  private final int limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Idle> idle = new ArrayDeque<>();
  private int live;
  private boolean closed;

  RunPool(int limit) {
    this.limit = limit;
  }

  /** Lends a run of the plan, waiting for one where all are in use. */
  <T> T use(Plan plan, Function<Run, T> use) {
    Run run = take(plan);
    boolean done = false;
    try {
      T result = use.apply(run);
      done = true;
      return result;
    } finally {
      giveBack(plan, run, done);
    }
  }

  private Run take(Plan plan) {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new AliasFreeException("The image generator was closed and cannot be used.");
        }
        Run run = idleRunOf(plan);
        if (run != null) {
          return run;
        }
        if (live < limit) {
          return newRun(plan);
        }
        if (!closeOldest()) {
          changed.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Run idleRunOf(Plan plan) {
    for (Iterator<Idle> it = idle.descendingIterator(); it.hasNext(); ) {
      Idle candidate = it.next();
      if (candidate.plan.equals(plan)) {
        it.remove();
        return candidate.run;
      }
    }
    return null;
  }

  private Run newRun(Plan plan) {
    while (true) {
      try {
        Run run = plan.newRun();
        live++;
        return run;
      } catch (OutOfMemoryException e) {
        if (!closeOldest()) {
          throw e;
        }
      }
    }
  }

  private boolean closeOldest() {
    Idle oldest = idle.pollFirst();
    if (oldest != null) {
      live--;
      oldest.run.close();
    }
    return oldest != null;
  }

  /** A run that failed is not used again. */
  private void giveBack(Plan plan, Run run, boolean usable) {
    lock.lock();
    try {
      if (usable) {
        idle.addLast(new Idle(plan, run));
      } else {
        live--;
        run.close();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the runs that are in use and frees all. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      while (live > idle.size()) {
        changed.awaitUninterruptibly();
      }
      while (closeOldest()) {}
    } finally {
      lock.unlock();
    }
  }
}
