package org.aliasfree.training.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory this process has, and how much there is. */
final class ProcessMemory {
  private static final Pattern KIB = Pattern.compile("(\\w+):\\s+(\\d+) kB");

  private ProcessMemory() {}

  /**
   * Bytes of this process in main memory; of the Java heap alone where the system does not tell.
   */
  static long resident() {
    Runtime runtime = Runtime.getRuntime();
    return kib("/proc/self/status", "VmRSS", (runtime.totalMemory() - runtime.freeMemory()) >> 10)
        << 10;
  }

  /** Bytes that this process may still take; very many where the system does not tell. */
  static long available() {
    return kib("/proc/meminfo", "MemAvailable", Long.MAX_VALUE >> 10) << 10;
  }

  private static long kib(String file, String key, long otherwise) {
    try {
      List<String> lines = Files.readAllLines(Path.of(file));
      for (String line : lines) {
        Matcher matcher = KIB.matcher(line);
        if (matcher.matches() && matcher.group(1).equals(key)) {
          return Long.parseLong(matcher.group(2));
        }
      }
    } catch (IOException e) {
      System.getLogger(ProcessMemory.class.getName())
          .log(System.Logger.Level.DEBUG, "{0} cannot be read.", file);
    }
    return otherwise;
  }
}
