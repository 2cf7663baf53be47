package org.aliasfree.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C or SIGTERM, which the JVM answers by ending: while this is open, the end waits until the
 * work has come to a good stop.
 */
final class StopRequest implements BooleanSupplier, AutoCloseable {
  private final Console console;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ShutdownHook hook;
  private volatile boolean asked;

  /** From now on requests are heard. */
  StopRequest(Console console) {
    this.console = console;
    hook = new ShutdownHook("stop-request", this::hear);
  }

  /** Whether the work is to stop. */
  @Override
  public boolean getAsBoolean() {
    return asked;
  }

  private void hear() {
    if (closed.getCount() == 0) {
      return;
    }
    asked = true;
    console.error("Stopping after this iteration; the state of the run will be written.");
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    hook.close();
  }
}
