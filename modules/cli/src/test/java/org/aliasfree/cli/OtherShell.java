package org.aliasfree.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A program of the machine, which not every machine has. */
final class OtherShell {
  private OtherShell() {}

  /** Skips the test, and says so, where the program is missing. */
  static void need(String program) {
    boolean present =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    if (!present) {
      System.out.println("Skipped: there is no " + program + " on the PATH.");
    }
    Assumptions.assumeTrue(present, "there is no " + program + " on the PATH");
  }

  /** What it prints, on standard output and standard error. */
  static List<String> lines(Path folder, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    Process process =
        builder
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(out.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(command[0] + " did not end; it said: " + Files.readString(out));
    }
    return Files.readString(out, StandardCharsets.UTF_8).lines().toList();
  }
}
