package org.aliasfree.cli;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import org.aliasfree.networks.CachedNetwork;
import org.aliasfree.networks.DownloadListener;
import org.aliasfree.networks.PublishedNetwork;

/**
 * Tells on standard error how a download goes, so that results on standard output stay alone: on a
 * terminal with a line that is rewritten.
 */
final class DownloadProgress implements DownloadListener {
  private static final long SHOW_NANOS = 200_000_000L;

  private final Console console;
  private final RewrittenLine line;
  private String what = "";
  private long begun;
  private long presentAtBegin;
  private long shown;

  DownloadProgress(Console console) {
    this.console = console;
    line = new RewrittenLine(console.err(), console.errorColumns());
  }

  private void say(String text) {
    line.clear();
    console.err().println(Console.oneLine(text));
    console.err().flush();
  }

  @Override
  public void licence(PublishedNetwork network) {
    say(
        network.name()
            + " is NVIDIA's, under the "
            + network.licence()
            + " (not for commercial use): "
            + PublishedNetwork.LICENCE_URL);
  }

  @Override
  public void waiting(URI url) {
    say("Waiting for another download of " + url + " ...");
  }

  @Override
  public void begin(URI url, long present, long total) {
    what = PublishedNetwork.at(url).map(PublishedNetwork::name).orElse(fileName(url));
    begun = System.nanoTime();
    presentAtBegin = present;
    shown = begun - SHOW_NANOS;
    say(
        "Downloading "
            + url
            + (total < 0 ? "" : " (" + megabytes(total) + ")")
            + (present == 0 ? "" : ", from " + megabytes(present) + " on")
            + " ...");
  }

  private static String fileName(URI url) {
    String path = url.getPath();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public void progress(long present, long total) {
    long now = System.nanoTime();
    if (now - shown < SHOW_NANOS) {
      return;
    }
    shown = now;
    double seconds = Math.max((now - begun) / 1e9, 1e-3);
    double rate = (present - presentAtBegin) / seconds;
    String outlook =
        total < 0 || rate <= 0 ? "" : ", " + Progress.clock((total - present) / rate) + " left";
    line.show(
        Console.oneLine(what)
            + ": "
            + (total < 0 ? "" : String.format(Locale.ROOT, "%.1f of ", present / 1e6))
            + megabytes(total < 0 ? present : total)
            + String.format(Locale.ROOT, ", %.1f MB/s", rate / 1e6)
            + outlook);
  }

  @Override
  public void retry(URI url, String reason, Duration pause) {
    say(
        String.format(
            Locale.ROOT,
            "The download broke: %s; it goes on in %.0f s.",
            reason,
            Math.ceil(pause.toMillis() / 1e3)));
  }

  @Override
  public void done(CachedNetwork network) {
    double seconds = (System.nanoTime() - begun) / 1e9;
    say(
        "Downloaded "
            + megabytes(network.size())
            + " in "
            + Progress.clock(seconds)
            + ", sha256 "
            + network.sha256());
  }

  @Override
  public void failed(URI url) {
    line.clear();
  }

  /** {@code 12.3 MB}, of 10⁶ bytes each. */
  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
