package org.aliasfree.cli;

import java.io.PrintStream;

/** A line at the end of a terminal whose text is put in place of the last one. */
final class RewrittenLine {
  private final PrintStream out;
  private final int columns;
  private boolean shown;

  /**
   * A line that shows nothing yet.
   *
   * @param columns width of the terminal; 0 where there is none, and nothing is ever shown
   */
  RewrittenLine(PrintStream out, int columns) {
    this.out = out;
    this.columns = columns;
  }

  /** Puts a text there, cut to the width. */
  void show(String text) {
    if (columns > 0) {
      rewrite(text);
      out.flush();
      shown = true;
    }
  }

  /** Takes the line away, so that another can stand there. */
  void clear() {
    if (shown) {
      rewrite("");
      out.print('\r');
      out.flush();
      shown = false;
    }
  }

  private void rewrite(String text) {
    int width = columns - 1;
    String cut = text.length() > width ? text.substring(0, width) : text;
    out.print('\r' + cut + " ".repeat(width - cut.length()));
  }
}
