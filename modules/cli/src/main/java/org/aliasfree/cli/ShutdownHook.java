package org.aliasfree.cli;

/** What is done when the process is told to end (Ctrl-C, SIGTERM) while this is open. */
final class ShutdownHook implements AutoCloseable {
  private final Thread thread;

  /**
   * From now on.
   *
   * @param action runs beside the work that is interrupted
   */
  ShutdownHook(String name, Runnable action) {
    thread = new Thread(action, name);
    Runtime.getRuntime().addShutdownHook(thread);
  }

  /** No longer, unless the process is ending already. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException e) {
      System.getLogger(ShutdownHook.class.getName())
          .log(System.Logger.Level.DEBUG, "The process is ending.", e);
    }
  }
}
