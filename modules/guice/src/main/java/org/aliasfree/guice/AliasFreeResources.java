package org.aliasfree.guice;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.Deque;
import org.aliasfree.AliasFreeException;

/**
 * Owns the memory, threads and devices behind what was injected. Guice has no end of life for its
 * objects, so the application ends them: {@code injector.getInstance(AliasFreeResources.class)
 * .close()} once no image is being made any more, usually when the application stops. Image
 * generators go first, then the backend. Safe for several threads; closing twice is closing once.
 */
@Singleton
public final class AliasFreeResources implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private boolean closed;

  @Inject
  AliasFreeResources() {}

  /** Takes over something that was just opened; it is closed before all that was opened earlier. */
  synchronized <T extends AutoCloseable> T own(T resource) {
    opened.push(resource);
    return resource;
  }

  /**
   * Refuses what comes too late.
   *
   * @throws AliasFreeException after {@link #close()}
   */
  synchronized void checkOpen() {
    if (closed) {
      throw new AliasFreeException(
          "AliasFreeResources has been closed; make a new injector to go on.");
    }
  }

  /**
   * Closes everything, the newest first. If something fails to close, the rest is closed all the
   * same.
   */
  @Override
  public synchronized void close() {
    closed = true;
    AliasFreeException failure = null;
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new AliasFreeException("A resource could not be closed: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
