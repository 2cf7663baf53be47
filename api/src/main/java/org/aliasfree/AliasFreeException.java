package org.aliasfree;

import org.jspecify.annotations.Nullable;

/**
 * The one exception family of the framework. A message is complete in itself: it says what failed,
 * where, the value met, what was expected and, where there is one, the remedy. Programs show it to
 * their user as it is.
 */
public class AliasFreeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An error with nothing below it. */
  public AliasFreeException(String message) {
    super(message);
  }

  /** An error caused by {@code cause}; the message does not rely on it being shown. */
  public AliasFreeException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
