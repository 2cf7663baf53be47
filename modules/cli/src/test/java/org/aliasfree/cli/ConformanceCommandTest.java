package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConformanceCommandTest {
  private static final String CASE = "Flip[axes=[1]] (f32[2, 70] normal) seed 5";

  @Test
  void aSingleCaseIsCheckedOnEveryBackend() {
    CommandRun run = CommandRun.of("conformance", "--case", CASE);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsExactly("cpu-vector: the case passes.", "cpu-reference: the case passes.");
  }

  @Test
  void whatIsWrongWithTheOptionsIsSaidAtOnce() {
    CommandRun run =
        CommandRun.of(
            "conformance",
            "--case",
            "Flop[]",
            "--mode",
            "guess",
            "--tries",
            "0",
            "--backend",
            "abacus:1");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasSize(4);
    assertThat(String.join("\n", run.err()))
        .contains("--case", "Flop", "\"guess\"", "--tries", "\"abacus\"", "cpu-reference");
  }

  @Test
  void thePageOfOpsIsPrintedAsTheDocumentationHasIt() throws IOException {
    Path page = Path.of(System.getProperty("aliasfree.root", "../.."), "docs/op-support.md");
    CommandRun run = CommandRun.of("conformance", "--mode", "support");
    assertThat(run.exitCode()).isZero();
    // The documentation has columns of backends that need a device as well.
    List<String> documented = Files.readAllLines(page);
    List<String> wanted = cells(run.out(), "| op |").getFirst();
    List<String> there = cells(documented, "| op |").getFirst();
    assertThat(there).containsAll(wanted);
    assertThat(cells(run.out(), "| "))
        .isEqualTo(
            cells(documented, "| ").stream()
                .map(row -> wanted.stream().map(there::indexOf).map(row::get).toList())
                .toList());
  }

  /** The cells of lines of a table that begin so. */
  private static List<List<String>> cells(List<String> lines, String beginning) {
    return lines.stream()
        .filter(line -> line.startsWith(beginning))
        .map(line -> List.of(line.split("\\|")))
        .toList();
  }
}
