package org.aliasfree.cli;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with a command, so that all of it is reported at once instead of one fault
 * a try.
 */
final class Problems {
  private final Set<String> lines = new LinkedHashSet<>();
  private boolean usage;

  /** The command line is at fault. */
  void usage(String line) {
    lines.add(line);
    usage = true;
  }

  /** The command line is sound, but what it names cannot be used. */
  void failure(String line) {
    lines.add(line);
  }

  /** Whether nothing is wrong so far. */
  boolean isEmpty() {
    return lines.isEmpty();
  }

  /** How many things are wrong so far. */
  int count() {
    return lines.size();
  }

  /**
   * The value that an option's text means; null, and a problem more, when it means none.
   *
   * @param option for the message: {@code --seeds}
   * @param text as given; null when the option is missing
   */
  <T> @Nullable T parse(String option, @Nullable String text, Function<String, T> parser) {
    if (text == null) {
      return null;
    }
    try {
      return parser.apply(text);
    } catch (AliasFreeException e) {
      usage(option + ": " + e.getMessage());
      return null;
    }
  }

  /** Ends the command if anything is wrong. */
  void throwIfAny() {
    if (!isEmpty()) {
      throw new CommandFailure(lines, usage ? CommandFailure.USAGE : CommandFailure.RUN);
    }
  }
}
