package org.aliasfree.backend;

import java.util.Map;

/**
 * A program that a backend has made ready to run. Closing it ends its plans; runs must have been
 * closed before.
 */
public interface CompiledProgram extends AutoCloseable {
  /** A plan for each entry. */
  Map<String, Plan> plans();

  /** The plan of one entry, which must exist. */
  default Plan plan(String entry) {
    Plan plan = plans().get(entry);
    if (plan == null) {
      throw new org.aliasfree.AliasFreeException(
          "The program has no entry called \""
              + entry
              + "\"; it has "
              + String.join(", ", plans().keySet())
              + ".");
    }
    return plan;
  }

  @Override
  void close();
}
