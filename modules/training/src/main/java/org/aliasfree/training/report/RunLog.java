package org.aliasfree.training.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prints lines to a terminal and keeps them in {@code log.txt}, after those of earlier runs in the
 * same folder. A line is with the system when {@link #println} returns, so the log is complete to
 * the last line however the process ends. May be used by several threads.
 */
public final class RunLog implements AutoCloseable {
  private final AppendedFile file;
  private final PrintStream terminal;

  private RunLog(AppendedFile file, PrintStream terminal) {
    this.file = file;
    this.terminal = terminal;
  }

  /**
   * Opens a log, which is made where there is none. A line that an earlier run could not finish is
   * ended.
   *
   * @param terminal not closed with the log
   */
  public static RunLog open(Path path, PrintStream terminal) {
    long size = 0;
    boolean torn = false;
    if (Files.exists(path)) {
      try (RandomAccessFile earlier = new RandomAccessFile(path.toFile(), "r")) {
        size = earlier.length();
        if (size > 0) {
          earlier.seek(size - 1);
          torn = earlier.read() != '\n';
        }
      } catch (IOException e) {
        throw AppendedFile.cannot("read", path, e);
      }
    }
    AppendedFile file = AppendedFile.open(path, size);
    if (torn) {
      file.append(ByteBuffer.wrap(new byte[] {'\n'}));
    }
    return new RunLog(file, terminal);
  }

  /**
   * Prints lines and logs them. A text with a carriage return shows progress that the next text
   * overwrites: it is printed as it is, without an end of line, and not logged.
   */
  public synchronized void println(String text) {
    if (text.indexOf('\r') >= 0) {
      terminal.print(text);
      terminal.flush();
      return;
    }
    terminal.println(text);
    terminal.flush();
    file.append(ByteBuffer.wrap((text + '\n').getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
