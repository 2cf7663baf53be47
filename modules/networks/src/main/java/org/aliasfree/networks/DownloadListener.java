package org.aliasfree.networks;

import java.net.URI;
import java.time.Duration;

/**
 * Hears how a download goes, in the thread that downloads. All methods do nothing unless they are
 * implemented.
 */
public interface DownloadListener {
  /** Hears nothing. */
  DownloadListener SILENT = new DownloadListener() {};

  /** One that writes to the log of this package, at level INFO. */
  static DownloadListener logging() {
    return new LoggingListener();
  }

  /** A published network is about to be downloaded: its licence is to be shown. */
  default void licence(PublishedNetwork network) {}

  /** Somebody else downloads this file; it is waited for. */
  default void waiting(URI url) {}

  /**
   * The server begins to send.
   *
   * @param present bytes that are here already
   * @param total bytes of the file; −1 when the server does not say
   */
  default void begin(URI url, long present, long total) {}

  /** So many bytes of all (−1 when not known) are here. Called for every few kilobytes. */
  default void progress(long present, long total) {}

  /** The download broke and goes on after a pause. */
  default void retry(URI url, String reason, Duration pause) {}

  /** The file is there, checked. */
  default void done(CachedNetwork network) {}

  /** The download is given up; the exception says why. */
  default void failed(URI url) {}
}
