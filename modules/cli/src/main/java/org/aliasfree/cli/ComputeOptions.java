package org.aliasfree.cli;

import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that compute: on what, and with how many threads. */
final class ComputeOptions {
  private static final int MAX_THREADS = 4096;

  @Option(
      names = "--backend",
      paramLabel = "ID[:DEVICE]",
      defaultValue = "auto",
      completionCandidates = Words.OfBackendChoices.class,
      description = "What computes; see aliasfree devices. Default: ${DEFAULT-VALUE}.")
  private @Nullable String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "CPU threads. Default: one a processor.")
  private @Nullable String threads;

  /** How the backend is to be opened; the defaults, and a problem more, where that is wrong. */
  BackendOptions options(Problems problems) {
    Integer count =
        problems.parse("--threads", threads, t -> OptionValues.integer(t, 1, MAX_THREADS));
    return BackendOptions.defaults().withThreads(count == null ? 0 : count);
  }

  /** The backend, which the caller closes; null, and a problem more, where it cannot be used. */
  @Nullable Backend open(BackendOptions options, Problems problems) {
    try {
      return Backends.select(Objects.requireNonNullElse(backend, "auto"), options);
    } catch (BackendUnavailableException e) {
      problems.usage("--backend: " + e.getMessage());
    } catch (AliasFreeException e) {
      problems.failure("--backend: " + e.getMessage());
    }
    return null;
  }
}
