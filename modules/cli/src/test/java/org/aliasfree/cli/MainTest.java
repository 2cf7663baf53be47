package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MainTest {
  @Test
  void versionIsOneLine() {
    CommandRun run = CommandRun.of("--version");
    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out()).hasSize(1);
    assertThat(run.out().getFirst()).startsWith("aliasfree ").contains("Java 25");
  }

  @Test
  void helpNamesCommandsAndOptions() {
    assertThat(CommandRun.of("--help").out()).anyMatch(l -> l.strip().startsWith("generate "));
    assertThat(CommandRun.of().out()).isEqualTo(CommandRun.of("--help").out());
    String help = String.join("\n", CommandRun.of("generate", "--help").out());
    assertThat(help)
        .contains(
            "--network",
            "--seeds",
            "--trunc",
            "--class",
            "--noise-mode",
            "--translate",
            "--rotate",
            "--outdir",
            "--save-raw",
            "--batch",
            "--grid",
            "--backend",
            "--threads",
            "--layer",
            "--json");
  }

  @Test
  void unknownCommandIsOneLine() {
    CommandRun run = CommandRun.of("generat");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void devicesAreListedTheBestFirst() {
    CommandRun run = CommandRun.of("devices");
    assertThat(run.exitCode()).isEqualTo(0);
    // A GPU, of which a machine may have several, comes before the CPU.
    assertThat(run.out().stream().filter(row -> !row.startsWith("cuda")).toList().get(1))
        .startsWith("cpu-vector ");
    assertThat(run.out()).hasSizeGreaterThan(4).anyMatch(row -> row.startsWith("cpu-reference "));
    assertThat(run.out()).anyMatch(row -> row.startsWith("tornado "));
    assertThat(run.out()).anyMatch(row -> row.startsWith("cuda "));
  }

  @Test
  void devicesAsJsonSayTheSame() {
    CommandRun run = CommandRun.of("devices", "--json");
    JsonNode all = JsonMapper.shared().readTree(run.out().getFirst());
    assertThat(all.valueStream().map(b -> b.get("id").asString()))
        .containsSubsequence("cpu-vector", "cpu-reference")
        .contains("tornado");
    assertThat(all.get(0).get("available").asBoolean()).isTrue();
    assertThat(all.get(0).get("score").asInt()).isGreaterThan(all.get(1).get("score").asInt());
    assertThat(all.get(0).get("devices").get(0).get("index").asString()).isEqualTo("0");
  }

  @Test
  void nothingFromOutsideBreaksALine() {
    CommandRun run = CommandRun.of("generate", "--a\nb\u001b[31m\u2028c");
    assertThat(run.err()).hasSize(3);
    assertThat(String.join("", run.err())).doesNotContain("\u001b").contains("\\u000a");
    assertThat(List.of(run.exitCode())).containsExactly(2);
  }

  @Test
  void coloursAreForTerminalsOfThoseWhoWantThem() {
    assertThat(CommandRun.of(80, "generate", "--help").out())
        .anyMatch(line -> System.getenv("NO_COLOR") == null == line.contains("\u001b["));
    assertThat(String.join("", CommandRun.of("generate", "--help").out())).doesNotContain("\u001b");
    assertThat(Terminal.colours(80, null)).isTrue();
    assertThat(Terminal.colours(80, "")).isTrue();
    assertThat(Terminal.colours(80, "1")).isFalse();
    assertThat(Terminal.colours(0, null)).isFalse();
  }

  @Test
  void everyCommandTellsItsExitCodes() {
    for (String command : List.of("", "generate", "train", "networks", "networks list", "man")) {
      String help =
          String.join("\n", CommandRun.of((command + " --help").strip().split(" ")).out());
      assertThat(help)
          .as(command)
          .contains("Exit codes:")
          .containsPattern("\\n +0 +success\n +1 ")
          .containsPattern("\\n +130 +interrupted");
    }
  }
}
