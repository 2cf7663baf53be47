package org.aliasfree.networks;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A request that did not bring the file. Its message is a clause: "the server answers 404 (not
 * found)".
 */
final class DownloadFault extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;
  private final Duration pause;
  private boolean unknownServer;

  private DownloadFault(
      String message, boolean passing, Duration pause, @Nullable Throwable cause) {
    super(message, cause);
    this.passing = passing;
    this.pause = pause;
  }

  /** Another try may help. */
  static DownloadFault passing(String message, @Nullable Throwable cause) {
    return new DownloadFault(message, true, Duration.ZERO, cause);
  }

  /** Another try may help after the pause that the server asks for. */
  static DownloadFault passing(String message, Duration pause) {
    return new DownloadFault(message, true, pause, null);
  }

  /** No other try would help. */
  static DownloadFault lasting(String message, @Nullable Throwable cause) {
    return new DownloadFault(message, false, Duration.ZERO, cause);
  }

  /** The name of the server is not known: mistyped, or there is no network at all. */
  static DownloadFault unknownServer(String message, Throwable cause) {
    DownloadFault fault = passing(message, cause);
    fault.unknownServer = true;
    return fault;
  }

  /** Whether another try could help only if the server was known before. */
  boolean isUnknownServer() {
    return unknownServer;
  }

  boolean isPassing() {
    return passing;
  }

  /** How long to wait at least. */
  Duration pause() {
    return pause;
  }
}
