package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {
  @TempDir Path folder;

  @Test
  void whatIsPrintedIsInTheFileAtOnceAndProgressIsNot() throws IOException {
    Path path = folder.resolve("log.txt");
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    PrintStream terminal = new PrintStream(shown, false, StandardCharsets.UTF_8);
    try (RunLog log = RunLog.open(path, terminal)) {
      log.println("tick 0");
      log.println("\rloading 50%");
      log.println("");
      log.println("Grüße");
      assertThat(Files.readString(path)).isEqualTo("tick 0\n\nGrüße\n");
    }
    assertThat(shown.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"))
        .isEqualTo("tick 0\n\rloading 50%\nGrüße\n");
  }

  @Test
  void aLaterRunAppendsAfterALineThatWasTorn() throws IOException {
    Path path = folder.resolve("log.txt");
    Files.writeString(path, "tick 0\ntic", StandardOpenOption.CREATE);
    PrintStream terminal =
        new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    for (int i = 0; i < 2; i++) {
      try (RunLog log = RunLog.open(path, terminal)) {
        log.println("again");
      }
    }
    assertThat(path).hasContent("tick 0\ntic\nagain\nagain\n");
  }
}
