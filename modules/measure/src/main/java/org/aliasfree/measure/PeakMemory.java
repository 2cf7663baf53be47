package org.aliasfree.measure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The most memory that this process had at any time since it began or since {@link #forget}.
 *
 * @param bytes resident, where the system tells
 * @param source what told it: {@code VmHWM} is Linux's high-water mark of resident memory (what
 *     {@code getrusage} calls {@code ru_maxrss})
 */
public record PeakMemory(long bytes, String source) {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Path CLEAR = Path.of("/proc/self/clear_refs");
  private static final Pattern HIGH_WATER = Pattern.compile("(?m)^VmHWM:\\s+(\\d+) kB$");

  /** The system's own word; empty where it is not asked (anywhere but on Linux). */
  public static Optional<PeakMemory> ofProcess() {
    try {
      return parse(Files.readString(STATUS, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static Optional<PeakMemory> parse(String status) {
    Matcher m = HIGH_WATER.matcher(status);
    return m.find()
        ? Optional.of(new PeakMemory(Long.parseLong(m.group(1)) * 1024, "VmHWM"))
        : Optional.empty();
  }

  /**
   * What the JVM knows where the system does not tell: its heap and the tensors beside it. Its own
   * code, threads and buffers come on top.
   *
   * @param tensors bytes of native memory that the caller knows of
   */
  public static PeakMemory ofHeapAnd(long tensors) {
    return new PeakMemory(Runtime.getRuntime().totalMemory() + tensors, "heap and tensors");
  }

  /**
   * Makes the mark what is resident now, so that what was before no longer counts.
   *
   * @return whether the system did
   */
  public static boolean forget() {
    try {
      Files.writeString(CLEAR, "5", StandardOpenOption.WRITE);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
