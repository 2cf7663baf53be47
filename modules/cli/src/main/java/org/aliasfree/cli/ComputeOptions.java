package org.aliasfree.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendObserver;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendUnavailableException;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.ObservedBackend;
import org.aliasfree.file.UnfinishedFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of commands that compute: on what, with how many threads, and whether it is recorded.
 */
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

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Also record what is computed when, for ui.perfetto.dev or chrome://tracing: each op of each run with "
              + "shapes, bytes and GFLOP/s, and what is between. Of long work the beginning: the first 500000 events, "
              + "about 150 MB of JSON. See docs/tracing.md.")
  private @Nullable String trace;

  private BackendObserver observer = BackendObserver.NONE;

  /** How the backend is to be opened; the defaults, and a problem more, where that is wrong. */
  BackendOptions options(Problems problems) {
    Integer count =
        problems.parse("--threads", threads, t -> OptionValues.integer(t, 1, MAX_THREADS));
    return BackendOptions.defaults().withThreads(count == null ? 0 : count);
  }

  /**
   * The backend, which the caller closes; null, and problems more, where it cannot be used or the
   * trace not be written. Closing it puts the trace in its place, unless there are problems by
   * then.
   */
  @Nullable Backend open(BackendOptions options, Problems problems) {
    Path path = problems.parse("--trace", trace, OptionValues::path);
    UnfinishedFile file = path == null ? null : begin(path, problems);
    Backend opened = select(options, problems);
    if (file == null) {
      return opened;
    }
    if (opened == null) {
      file.close();
      return null;
    }
    observer =
        new ChromeTrace(opened, new TraceFile(file, problems::isEmpty, TraceFile.MAX_EVENTS));
    return ObservedBackend.of(opened, observer);
  }

  private static @Nullable UnfinishedFile begin(Path path, Problems problems) {
    try {
      return UnfinishedFile.begin(path);
    } catch (AliasFreeException e) {
      problems.failure("--trace: " + e.getMessage());
      return null;
    }
  }

  private @Nullable Backend select(BackendOptions options, Problems problems) {
    try {
      return Backends.select(Objects.requireNonNullElse(backend, "auto"), options);
    } catch (BackendUnavailableException e) {
      problems.usage("--backend: " + e.getMessage());
    } catch (AliasFreeException e) {
      problems.failure("--backend: " + e.getMessage());
    }
    return null;
  }

  /** Is to be told of what is done around the backend's work, from when that is open. */
  BackendObserver observer() {
    return observer;
  }
}
