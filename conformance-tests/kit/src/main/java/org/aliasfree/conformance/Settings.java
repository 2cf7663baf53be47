package org.aliasfree.conformance;

import org.aliasfree.AliasFreeException;

/**
 * How thoroughly the rules are tried.
 *
 * @param seed of all random cases; the same seed gives the same cases
 * @param tries random cases of each op
 */
public record Settings(long seed, int tries) {
  /** What the build uses: enough to catch every sabotage that the kit is tested with. */
  public static final Settings DEFAULTS = new Settings(1, 32);

  /** Checks the tries. */
  public Settings {
    if (tries < 1) {
      throw new AliasFreeException("The number of tries is " + tries + "; it must be 1 or more.");
    }
  }

  /**
   * The defaults, changed by the system properties {@code conformance.seed} and {@code
   * conformance.tries}.
   */
  public static Settings ofSystemProperties() {
    return new Settings(
        number("conformance.seed", DEFAULTS.seed),
        (int) Math.min(Integer.MAX_VALUE, number("conformance.tries", DEFAULTS.tries)));
  }

  private static long number(String property, long otherwise) {
    String value = System.getProperty(property, "").strip();
    try {
      return value.isEmpty() ? otherwise : Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw new AliasFreeException(
          "The system property " + property + " is \"" + value + "\", which is no whole number.",
          e);
    }
  }

  /** Cases of an op for a rule; expensive cases are tried less often. */
  int triesOf(String name, Rule rule) {
    int some =
        switch (rule) {
          case OP_1, OP_2, OP_3 -> tries;
          default -> Math.max(1, tries / 8);
        };
    return name.contains("many channels") ? Math.max(1, some / 8) : some;
  }
}
