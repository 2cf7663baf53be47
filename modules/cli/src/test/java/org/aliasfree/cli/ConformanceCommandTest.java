package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(run.out()).isEqualTo(Files.readAllLines(page));
  }
}
