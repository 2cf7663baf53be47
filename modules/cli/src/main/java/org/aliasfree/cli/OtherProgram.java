package org.aliasfree.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;

/**
 * Another program that measures the same thing: the value of {@code --against}. It prints JSON
 * objects, one a line, on standard output.
 *
 * @param command its words
 */
record OtherProgram(CommandWords command) {
  /** What may stand in braces in its command line. */
  private static final Set<String> PLACES = Set.of("config", "batch", "threads", "runs", "warmup");

  /** Lines of standard error that a message repeats at most. */
  private static final int LAST_WORDS = 3;

  static OtherProgram parse(String line) {
    return new OtherProgram(CommandWords.parse(line, PLACES));
  }

  /** Runs it for one configuration. */
  OtherResult measure(BenchSubject subject, BenchSettings settings) {
    CommandWords words =
        command.with(
            Map.of(
                "config", subject.name(),
                "batch", Integer.toString(settings.batch()),
                "threads", Integer.toString(settings.threads()),
                "runs", Integer.toString(settings.runs()),
                "warmup", Integer.toString(settings.warmup())));
    String name = OptionValues.quoted(String.join(" ", words.words()));
    List<String> lines = run(words, name);
    List<OtherResult> results = new ArrayList<>();
    for (String line : lines) {
      if (line.strip().startsWith("{")) {
        results.add(OtherResult.parse(line.strip(), name));
      }
    }
    return OtherResult.choose(results, lines, name, subject, settings);
  }

  private static List<String> run(CommandWords words, String name) {
    ProcessBuilder builder = new ProcessBuilder(words.words());
    builder.environment().putAll(words.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new AliasFreeException(
          "--against: "
              + name
              + " cannot be started: "
              + e.getMessage()
              + "; give a command that is on the PATH, or its path.",
          e);
    }
    try {
      process.getOutputStream().close();
      Deque<String> lastWords = new ArrayDeque<>();
      Thread errors = Thread.ofVirtual().start(() -> keepLast(process.getErrorStream(), lastWords));
      List<String> lines = readAll(process.getInputStream());
      int code = process.waitFor();
      errors.join();
      if (code != 0) {
        throw new AliasFreeException(
            "--against: "
                + name
                + " ended with exit code "
                + code
                + (lastWords.isEmpty()
                    ? " and said nothing on standard error."
                    : ": " + String.join(" | ", lastWords)));
      }
      return lines;
    } catch (IOException e) {
      throw new AliasFreeException("--against: " + name + " cannot be read: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AliasFreeException("--against: interrupted while " + name + " was running.", e);
    } finally {
      process.destroy();
    }
  }

  private static List<String> readAll(InputStream in) throws IOException {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static void keepLast(InputStream in, Deque<String> last) {
    try {
      for (String line : readAll(in)) {
        if (!line.isBlank()) {
          last.addLast(OptionValues.cut(line.strip()));
        }
        if (last.size() > LAST_WORDS) {
          last.removeFirst();
        }
      }
    } catch (IOException e) {
      last.addLast(String.format(Locale.ROOT, "(standard error cannot be read: %s)", e));
    }
  }
}
