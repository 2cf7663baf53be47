package org.aliasfree.op;

import org.aliasfree.AliasFreeException;

/** Tensors that do not fit an op: thrown while a graph is being built, never while it runs. */
public final class ShapeException extends AliasFreeException {
  private static final long serialVersionUID = 1L;

  /**
   * An error of the op called {@code op}; {@code sentence} says what was met and what was expected.
   */
  public ShapeException(String op, String sentence) {
    super(op + ": " + sentence);
  }
}
