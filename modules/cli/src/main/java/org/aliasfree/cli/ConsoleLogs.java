package org.aliasfree.cli;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Sends what the libraries log to standard error, one line a message: warnings and errors, and with
 * {@code --verbose} all that they tell. The service loader finds it.
 */
public final class ConsoleLogs extends System.LoggerFinder {
  private static volatile Level least = Level.WARNING;

  /** For the service loader. */
  public ConsoleLogs() {}

  /** Chooses between everything and warnings. */
  static void setVerbose(boolean verbose) {
    least = verbose ? Level.DEBUG : Level.WARNING;
  }

  @Override
  public Logger getLogger(String name, Module module) {
    return new LineLogger(name);
  }

  private record LineLogger(String name) implements Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      // Of the JDK's own loggers only trouble is of interest to a user.
      Level bound = name.startsWith("org.aliasfree.") ? least : Level.WARNING;
      return level != Level.OFF && level.getSeverity() >= bound.getSeverity();
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String message,
        @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        write(message + (thrown == null ? "" : " (" + thrown + ")"));
      }
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String format,
        @Nullable Object... values) {
      if (isLoggable(level)) {
        boolean plain = format == null || values == null || values.length == 0;
        write(plain ? String.valueOf(format) : MessageFormat.format(format, values));
      }
    }

    private static void write(String text) {
      System.err.println("aliasfree: " + Console.oneLine(text));
    }
  }
}
