package org.aliasfree.backend;

import org.aliasfree.AliasFreeException;

/** The backend or device that was asked for cannot be used; the message ends in the remedy. */
public final class BackendUnavailableException extends AliasFreeException {
  private static final long serialVersionUID = 1L;

  /** With the message for the user. */
  public BackendUnavailableException(String message) {
    super(message);
  }
}
