package org.aliasfree.networks;

import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Duration;

/** Tells a log. */
final class LoggingListener implements DownloadListener {
  private static void log(String text, Object... values) {
    System.getLogger(NetworkStore.class.getName()).log(Level.INFO, text, values);
  }

  @Override
  public void licence(PublishedNetwork network) {
    log(
        "{0} is under the {1} (not for commercial use): {2}",
        network.name(), network.licence(), PublishedNetwork.LICENCE_URL);
  }

  @Override
  public void waiting(URI url) {
    log("Waiting for another download of {0}.", url);
  }

  @Override
  public void begin(URI url, long present, long total) {
    log("Downloading {0}: {1} of {2} bytes are here.", url, present, total);
  }

  @Override
  public void retry(URI url, String reason, Duration pause) {
    log("The download of {0} broke: {1}; it goes on in {2}.", url, reason, pause);
  }

  @Override
  public void done(CachedNetwork network) {
    log("Downloaded {0} to {1}.", network.url(), network.file());
  }
}
