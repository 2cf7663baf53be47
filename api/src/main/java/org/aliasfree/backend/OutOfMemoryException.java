package org.aliasfree.backend;

import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/** A backend has not enough memory; it stays usable. */
public final class OutOfMemoryException extends AliasFreeException {
  private static final long serialVersionUID = 1L;

  /**
   * An allocation of {@code bytes} by {@code holder} failed; {@code where} names the memory and
   * what could help.
   */
  public OutOfMemoryException(long bytes, String holder, String where, @Nullable Throwable cause) {
    super("Not enough memory: " + holder + " asked for " + bytes + " bytes of " + where, cause);
  }
}
