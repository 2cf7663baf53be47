package org.aliasfree.conformance;

import java.util.List;
import org.aliasfree.backend.Availability;
import org.aliasfree.backend.Backends;

/** The backends that tests run on: all that can be used here. */
final class TestBackends {
  private TestBackends() {}

  /** Their ids, the best first; there is at least one, or the call fails. */
  static List<String> ids() {
    List<String> ids =
        Backends.list().stream()
            .filter(found -> found.availability() instanceof Availability.Available)
            .map(found -> found.provider().id())
            .toList();
    if (ids.isEmpty()) {
      throw new IllegalStateException("No backend can be used: " + Backends.list());
    }
    return ids;
  }
}
