package org.aliasfree.cli;

import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.jspecify.annotations.Nullable;

/** What {@code --backend} names. */
final class OpenedBackend {
  private OpenedBackend() {}

  /** Opens it; null, and a problem more, where it cannot be used. */
  static @Nullable Backend of(String choice, BackendOptions options, Problems problems) {
    try {
      return Backends.select(choice, options);
    } catch (BackendUnavailableException e) {
      problems.usage("--backend: " + e.getMessage());
    } catch (AliasFreeException e) {
      problems.failure("--backend: " + e.getMessage());
    }
    return null;
  }
}
