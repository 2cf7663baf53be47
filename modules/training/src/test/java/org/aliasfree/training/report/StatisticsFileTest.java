package org.aliasfree.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StatisticsFileTest {
  @TempDir Path folder;

  private Path file() {
    return folder.resolve("stats.jsonl");
  }

  private static Map<String, Statistic> tick(int i) {
    Map<String, Statistic> tick = new LinkedHashMap<>();
    tick.put("Loss/scores/fake", new Statistic(4, -0.1 * i, 0.2));
    tick.put("Progress/tick", new Statistic(1, i, 0));
    tick.put("Loss/r1_penalty", new Statistic(0, Double.NaN, Double.NaN));
    return tick;
  }

  private void write(int ticks) {
    try (StatisticsFile stats = StatisticsFile.create(file())) {
      for (int i = 1; i <= ticks; i++) {
        stats.append(tick(i), 1700000000.123 + i);
      }
    }
  }

  /** The text is what Python 3.11 makes of the same values by json.dumps. */
  @Test
  void aLineIsTheOriginalsAndReadsBack() throws IOException {
    write(1);
    String text = Files.readString(file());
    assertThat(text)
        .isEqualTo(
            "{\"Loss/scores/fake\": {\"num\": 4, \"mean\": -0.1, \"std\": 0.2}, \"Progress/tick\":"
                + " {\"num\": 1, \"mean\": 1.0, \"std\": 0.0}, \"Loss/r1_penalty\": {\"num\": 0,"
                + " \"mean\": NaN, \"std\": NaN}, \"timestamp\": 1700000001.123}\n");
    JsonNode read =
        JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build()
            .readTree(text);
    assertThat(read.at("/Loss~1scores~1fake/mean").asDouble()).isEqualTo(-0.1);
    assertThat(read.get("timestamp").asDouble()).isEqualTo(1700000001.123);
  }

  @Test
  void aRunThatGoesOnWritesWhatItWouldHaveWrittenAnyway() throws IOException {
    write(5);
    byte[] undisturbed = Files.readAllBytes(file());
    Files.writeString(file(), "{\"Loss/sco", StandardOpenOption.APPEND); // killed in the middle
    try (StatisticsFile stats = StatisticsFile.resume(file(), 3)) {
      assertThat(stats.lines()).isEqualTo(3);
      assertThat(stats.lastKept()).isEqualTo(tick(3));
      stats.append(tick(4), 1700000000.123 + 4);
      stats.append(tick(5), 1700000000.123 + 5);
      assertThat(Files.readAllBytes(file())).isEqualTo(undisturbed); // before it is closed
    }
    StatisticsFile.resume(file(), 0).close();
    assertThat(file()).isEmptyFile();
  }

  @Test
  void missingAndDamagedLinesAreRefusedAndTheFileStays() throws IOException {
    write(2);
    Files.writeString(file(), "{\"Loss/sco", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> StatisticsFile.resume(file(), 3))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("stats.jsonl has 2 whole lines, but the run that goes on wrote 3");
    Files.writeString(file(), "\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> StatisticsFile.resume(file(), 3))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageStartingWith("Line 3 of ");
    assertThat(Files.readString(file())).endsWith("{\"Loss/sco\n");
    assertThatThrownBy(() -> StatisticsFile.resume(folder.resolve("none"), 1))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageEndingWith("none: it does not exist.");
  }
}
