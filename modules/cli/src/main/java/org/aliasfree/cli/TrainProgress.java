package org.aliasfree.cli;

import java.util.Locale;
import org.aliasfree.training.loop.LoopOptions;
import org.aliasfree.training.report.StatusLine;

/** How far the present tick is: a line that is rewritten on a terminal, nothing elsewhere. */
final class TrainProgress implements LoopOptions.Progress {
  private final ProgressLine line;

  TrainProgress(Console console) {
    line = new ProgressLine(console, "Training");
  }

  @Override
  public void clear() {
    line.clear();
  }

  @Override
  public void iterated(long nimg, long tickEnd, double secondsPerKimg) {
    double left = (tickEnd - nimg) * 1e-3 * secondsPerKimg;
    line.show(
        String.format(
            Locale.ROOT,
            "kimg %.1f of %.1f, %.1f sec/kimg, %s to the next line",
            nimg / 1e3,
            tickEnd / 1e3,
            secondsPerKimg,
            StatusLine.time(left)));
  }
}
