package org.aliasfree.cli;

import java.util.Collection;
import java.util.List;
import org.aliasfree.AliasFreeException;

/** A command that ends without success: one or more lines for the user, and the exit code. */
final class CommandFailure extends AliasFreeException {
  private static final long serialVersionUID = 1L;

  /** Exit code when the command could not do its work. */
  static final int RUN = 1;

  /** Exit code when the command line is wrong. */
  static final int USAGE = 2;

  private final int exitCode;

  @SuppressWarnings("serial") // an unmodifiable list of strings
  private final List<String> lines;

  CommandFailure(Collection<String> lines, int exitCode) {
    super(String.join("\n", lines));
    this.lines = List.copyOf(lines);
    this.exitCode = exitCode;
  }

  /** What is wrong, one line each. */
  List<String> lines() {
    return lines;
  }

  int exitCode() {
    return exitCode;
  }
}
