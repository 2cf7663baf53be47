package org.aliasfree.conformance;

/** A rule that does not apply to a backend, and why. */
public final class Skipped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the reason. */
  public Skipped(String reason) {
    super(reason);
  }
}
