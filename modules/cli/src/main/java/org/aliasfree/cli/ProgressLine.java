package org.aliasfree.cli;

/** How far some work is: one line that is rewritten on a terminal, nothing elsewhere. */
final class ProgressLine {
  private final RewrittenLine line;
  private final String what;

  ProgressLine(Console console, String what) {
    this(console, what, console.columns());
  }

  private ProgressLine(Console console, String what, int columns) {
    this.what = what;
    line = new RewrittenLine(console.out(), columns);
  }

  /** This line if it is to be seen; otherwise one that shows nothing. */
  static ProgressLine of(Console console, String what, boolean seen) {
    return new ProgressLine(console, what, seen ? console.columns() : 0);
  }

  /** A part begins. */
  void show(String part, int index, int count) {
    show(part + " (" + (index + 1) + "/" + count + ") ...");
  }

  /** Puts a text in place of the last one. */
  void show(String text) {
    line.show(what + ": " + text);
  }

  /** Takes the line away. */
  void clear() {
    line.clear();
  }
}
