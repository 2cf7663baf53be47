package org.aliasfree.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Whether standard output and standard error are terminals. */
final class Terminal {
  private static final int USUAL_COLUMNS = 80;

  private Terminal() {}

  /**
   * Width of the terminal in characters; 0 when standard output is a file or a pipe, or the
   * terminal cannot rewrite a line.
   */
  static int columns() {
    return columns(1);
  }

  /** As {@link #columns()}, of standard error. */
  static int errorColumns() {
    return columns(2);
  }

  /**
   * Whether to use colours: on a terminal, unless the user wants none (https://no-color.org).
   *
   * @param columns of {@link #columns()}
   * @param noColor the environment variable NO_COLOR
   */
  static boolean colours(int columns, @Nullable String noColor) {
    return columns > 0 && (noColor == null || noColor.isEmpty());
  }

  private static int columns(int descriptor) {
    if ("dumb".equals(System.getenv("TERM")) || !isTerminal(descriptor)) {
      return 0;
    }
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9]\\d{1,3}")
        ? Integer.parseInt(columns)
        : USUAL_COLUMNS;
  }

  /** The Java library tells it only of standard input and output together. */
  @SuppressWarnings({
    "restricted",
    "SystemConsoleNull"
  }) // JDK 25 has null again where there is no terminal
  private static boolean isTerminal(int descriptor) {
    try {
      Linker linker = Linker.nativeLinker();
      var isatty = linker.defaultLookup().find("isatty");
      if (isatty.isPresent()) {
        return (int)
                linker
                    .downcallHandle(
                        isatty.get(),
                        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))
                    .invokeExact(descriptor)
            == 1;
      }
    } catch (Throwable e) {
      System.getLogger(Terminal.class.getName())
          .log(System.Logger.Level.DEBUG, "Cannot ask whether this is a terminal", e);
    }
    return System.console() != null && System.console().isTerminal();
  }
}
