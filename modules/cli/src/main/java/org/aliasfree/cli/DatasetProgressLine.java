package org.aliasfree.cli;

import java.util.Locale;
import org.aliasfree.data.tool.DatasetProgress;

/**
 * How far a data set is, on standard error: a line that is rewritten where that is a terminal,
 * elsewhere a line now and then.
 */
final class DatasetProgressLine implements DatasetProgress {
  private static final double TERMINAL_SECONDS = 0.2;
  private static final double FILE_SECONDS = 10;

  private final Console console;
  private final int columns;
  private final double interval;
  private final RewrittenLine line;
  private long start = System.nanoTime();
  private double lastShown;
  private volatile boolean begun;

  DatasetProgressLine(Console console) {
    this.console = console;
    columns = console.errorColumns();
    line = new RewrittenLine(console.err(), columns);
    interval = columns > 0 ? TERMINAL_SECONDS : FILE_SECONDS;
  }

  @Override
  public void begun(int present, int total) {
    start = System.nanoTime();
    begun = true;
    if (present > 0) {
      console
          .err()
          .println("Going on where an interrupted command ended, after " + present + " images.");
      console.err().flush();
    }
  }

  @Override
  public void advanced(int done, int total) {
    double seconds = Math.max((System.nanoTime() - start) / 1e9, 1e-6);
    if (seconds - lastShown < interval) {
      return;
    }
    lastShown = seconds;
    String text =
        String.format(
            Locale.ROOT,
            "%d/%d images, %.1f images/s, %s left",
            done,
            total,
            done / seconds,
            Progress.clock(seconds / done * (total - done)));
    if (columns == 0) {
      console.err().println(text);
      console.err().flush();
    } else {
      line.show(text);
    }
  }

  /** Takes the line away, so that another can stand there. */
  void clear() {
    begun = false;
    line.clear();
  }

  /** Ctrl-C and the like: what there is stays. */
  void interrupted() {
    if (begun) {
      clear();
      console.error("interrupted; the same command goes on from here.");
    }
  }
}
