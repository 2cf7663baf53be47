package org.aliasfree.conformance;

import java.util.List;
import java.util.Set;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backends;

/**
 * The backends that tests run on: those that the system property {@code aliasfree.test.backends}
 * names, separated by commas, else all that can be used here.
 */
final class TestBackends {
  private TestBackends() {}

  /** Their ids, the best first; there is at least one, or the call fails. */
  static List<String> ids() {
    Set<String> only = Set.of(System.getProperty("aliasfree.test.backends", "").split(","));
    List<String> ids =
        Backends.list().stream()
            .filter(found -> only.contains("") || only.contains(found.provider().id()))
            .filter(found -> found.availability() instanceof Availability.Available)
            .map(found -> found.provider().id())
            .toList();
    if (ids.isEmpty()) {
      throw new IllegalStateException("No backend can be used: " + Backends.list());
    }
    return ids;
  }
}
