package org.aliasfree.cli;

/** How far some work is: one line that is rewritten on a terminal, nothing elsewhere. */
final class ProgressLine {
  private final Console console;
  private final String what;
  private final int columns;

  ProgressLine(Console console, String what) {
    this(console, what, console.columns());
  }

  private ProgressLine(Console console, String what, int columns) {
    this.console = console;
    this.what = what;
    this.columns = columns;
  }

  /** This line if it is to be seen; otherwise one that shows nothing. */
  static ProgressLine of(Console console, String what, boolean seen) {
    return new ProgressLine(console, what, seen ? console.columns() : 0);
  }

  /** A part begins. */
  void show(String part, int index, int count) {
    rewrite(what + ": " + part + " (" + (index + 1) + "/" + count + ") ...");
  }

  /** Takes the line away. */
  void clear() {
    rewrite("");
    if (columns > 0) {
      console.out().print('\r');
      console.out().flush();
    }
  }

  /** Puts a text in place of the last one. */
  void show(String text) {
    rewrite(what + ": " + text);
  }

  private void rewrite(String text) {
    if (columns > 0) {
      int width = columns - 1;
      String shown = text.length() > width ? text.substring(0, width) : text;
      console.out().print('\r' + shown + " ".repeat(width - shown.length()));
      console.out().flush();
    }
  }
}
