package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
  @TempDir private Path folder = Path.of("");

  private List<Path> pages() throws IOException {
    CommandRun run = CommandRun.of("man", "--outdir=" + folder.resolve("man1"));
    assertThat(run.err()).isEmpty();
    try (Stream<Path> files = Files.list(folder.resolve("man1"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereIsAPageForEachCommand() throws IOException {
    assertThat(pages().stream().map(page -> page.getFileName().toString()))
        .contains("aliasfree.1", "aliasfree-generate.1", "aliasfree-networks-list.1")
        .hasSizeGreaterThan(15);
    assertThat(CommandRun.of("man", "networks", "list").out())
        .isEqualTo(Files.readAllLines(folder.resolve("man1/aliasfree-networks-list.1")));
  }

  @Test
  void thePageHasTheSectionsOfAManual() {
    assertThat(CommandRun.of("man").out())
        .contains(
            ".SH NAME",
            ".SH SYNOPSIS",
            ".SH DESCRIPTION",
            ".SH OPTIONS",
            ".SH COMMANDS",
            ".SH EXIT STATUS",
            ".SH ENVIRONMENT",
            ".SH FILES",
            ".SH SEE ALSO")
        .contains(".BR aliasfree\\-generate (1)", "\\fBNO_COLOR\\fR");
    assertThat(CommandRun.of("man", "generate").out())
        .contains(".SH EXAMPLES", "\\fB\\-\\-seeds\\fR=\\fILIST\\fR", "\\fB130\\fR")
        .contains(".BR aliasfree\\-train (1),");
  }

  @Test
  void nothingOfTheTextIsARequest() {
    assertThat(Roff.escaped(".pkl 'x' a-b \\n `c` ~ ^ ×"))
        .isEqualTo("\\&.pkl \\(aqx\\(aq a\\-b \\en \\(gac\\(ga \\(ti \\(ha \\[u00D7]");
    assertThat(new Roff().line("word ".repeat(15) + "xxx .ending").toString().lines())
        .hasSize(2)
        .last()
        .isEqualTo("\\&.ending");
  }

  @Test
  void mandocHasNothingToSay() throws IOException, InterruptedException {
    OtherShell.need("mandoc");
    for (Path page : pages()) {
      assertThat(OtherShell.lines(folder, "mandoc", "-Tlint", page.toString()))
          .filteredOn(line -> !line.contains("referenced manual not found")) // not installed yet
          .isEmpty();
    }
  }

  @Test
  void groffHasNothingToSay() throws IOException, InterruptedException {
    OtherShell.need("groff");
    for (Path page : pages()) {
      assertThat(OtherShell.lines(folder, "groff", "-ww", "-z", "-man", "-Tutf8", page.toString()))
          .isEmpty();
    }
  }

  @Test
  void datesAreThoseOfTheBuild() {
    assertThat(ManCommand.date("1700000000")).isEqualTo("2023-11-14");
    assertThat(ManCommand.date(null)).matches("\\d{4}-\\d\\d-\\d\\d");
  }

  @Test
  void anUnknownCommandIsOneLine() {
    CommandRun run = CommandRun.of("man", "networks", "lists");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly("aliasfree: COMMAND: aliasfree networks has no command \"lists\".");
  }
}
