package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Other programs are played by {@code echo} and {@code sh}. */
@EnabledOnOs({OS.LINUX, OS.MAC})
class BenchAgainstTest {
  private static CommandRun against(String command, String... more) {
    List<String> words =
        new java.util.ArrayList<>(List.of("bench", "--network=" + CommandRun.TINY));
    words.addAll(List.of("--runs=1", "--warmup=0", "--rounds=2", "--against=" + command));
    words.addAll(List.of(more));
    return CommandRun.of(words.toArray(String[]::new));
  }

  @Test
  void roundsAlternateAndTheRatioIsThatOfTheTimes() {
    String line =
        "{\"peer\": \"snail\", \"config\": \"{config}\", \"batch\": {batch}, \"threads\": {threads},"
            + " \"s_per_image\": 1000, \"peak_bytes\": 1000000, \"extra\": [1, {}]}";
    CommandRun run = against("echo '" + line + "'", "--json", "--threads=2", "--batch=2");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    List<JsonNode> lines = run.out().stream().map(JsonMapper.shared()::readTree).toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.subList(0, 4).stream().map(l -> l.get("peer").asString()))
        .containsExactly("snail", "aliasfree", "snail", "aliasfree");
    assertThat(lines.get(3).get("round").asInt()).isEqualTo(2);
    JsonNode ours = lines.get(1);
    JsonNode last = lines.getLast();
    assertThat(last.get("against").asString()).isEqualTo("snail");
    double first = 1000 / ours.get("s_per_image").asDouble();
    double second = 1000 / lines.get(3).get("s_per_image").asDouble();
    assertThat(last.get("ratio").asDouble())
        .isBetween(Math.min(first, second) * 0.99, Math.max(first, second) * 1.01);
    assertThat(last.get("peak_ratio").asDouble()).isPositive().isLessThan(1);
  }

  @Test
  void peopleGetALineForEachRoundAndTheMedian() {
    CommandRun run = against("echo '{\"s_per_image\": 1000}'");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).hasSize(5);
    assertThat(run.out().get(2)).contains("round 1", "times as fast");
    assertThat(run.out().getLast()).contains("median of 2 rounds");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/no/such/program --x | cannot be started",
        "sh -c 'echo trouble >&2; exit 3' | exit code 3: trouble",
        "echo hello | printed \"hello\" and no JSON object",
        "true | printed nothing",
        "echo '{\"s_per_image\": ' | is no JSON object",
        "echo '{\"s_per_image\": 0}' | without \"s_per_image\"",
        "echo '{\"config\": \"t-9\", \"s_per_image\": 1}' | config t-9 instead of",
        "echo '{\"threads\": 77, \"s_per_image\": 1}' | threads 77 instead of",
      })
  void aProgramThatDoesNotMeasureIsOneLine(String command, String words) {
    CommandRun run = against(command);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().getFirst()).startsWith("aliasfree: --against: ").contains(words);
  }

  @Test
  void wordsAreSplitAsAShellSplitsThem() {
    CommandWords words =
        CommandWords.parse(
            " A=1 B='x y' run  a\\ b \"c 'd' \\\"e\\\\ \\n\" 'f\\' '' g{batch}h C=2",
            Set.of("batch"));
    assertThat(words.environment()).isEqualTo(Map.of("A", "1", "B", "x y"));
    assertThat(words.words())
        .containsExactly("run", "a b", "c 'd' \"e\\ \\n", "f\\", "", "g{batch}h", "C=2");
    assertThat(words.with(Map.of("batch", "$1\\")).words()).contains("g$1\\h");
    assertThatThrownBy(() -> CommandWords.parse("a \"b", Set.of()))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("never closed");
    assertThatThrownBy(() -> CommandWords.parse("A=1", Set.of()))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("names no command");
  }
}
