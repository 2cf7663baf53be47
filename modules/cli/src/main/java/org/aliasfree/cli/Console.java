package org.aliasfree.cli;

import java.io.PrintStream;
import java.util.function.IntSupplier;

/**
 * Where a command writes: results and progress to standard output, failures to standard error.
 *
 * @param out standard output
 * @param err standard error
 * @param terminalColumns tells the width of the terminal that standard output is, in characters; 0
 *     when it is none
 * @param errorTerminalColumns the same for standard error
 */
record Console(
    PrintStream out,
    PrintStream err,
    IntSupplier terminalColumns,
    IntSupplier errorTerminalColumns) {
  private static final String NAME = "aliasfree: ";

  /** A console whose standard error is no terminal. */
  Console(PrintStream out, PrintStream err, IntSupplier terminalColumns) {
    this(out, err, terminalColumns, () -> 0);
  }

  /** Width of the terminal; 0 when standard output is none. */
  int columns() {
    return terminalColumns.getAsInt();
  }

  /** Width of the terminal; 0 when standard error is none. */
  int errorColumns() {
    return errorTerminalColumns.getAsInt();
  }

  /** A line on standard output. */
  void line(String text) {
    out.println(text);
    out.flush();
  }

  /** Exactly one line on standard error, whatever the text has in it. */
  void error(String text) {
    err.println(NAME + oneLine(text));
    err.flush();
  }

  /**
   * The text with every character that could break the line, move the cursor or reorder text
   * written as an escape: names of files and values of options come from anywhere.
   */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (Character.getType(c)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR ->
            line.append(String.format("\\u%04x", (int) c));
        default -> line.append(c);
      }
    }
    return line.toString();
  }
}
