package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.aliasfree.cli.Completion.Flag;
import org.aliasfree.cli.Completion.Value;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionTest {
  /** Labels of values that nobody can guess. */
  private static final Set<String> FREE =
      Set.of(
          "COMMAND", "DEGREES", "FLOAT", "INT", "KIMG", "LABEL", "LINE", "LIST", "N", "NAME", "PSI",
          "SEED", "TEXT", "TICKS", "TIME", "WxH", "X,Y");

  /** Values that the file decides about, or that the report tells of. */
  private static final Set<String> DECIDED_LATER =
      Set.of("convert --net", "networks info --net", "doctor --backend");

  @TempDir private Path folder = Path.of("");

  @BeforeEach
  void writeScripts() throws IOException {
    for (String shell : List.of("bash", "zsh")) {
      CommandRun run = CommandRun.of("completion", shell);
      assertThat(run.exitCode()).isZero();
      Files.write(folder.resolve(shell), run.out());
    }
    Files.createDirectory(folder.resolve("two words"));
    Files.createFile(folder.resolve("two.pkl"));
  }

  /** As bash calls it: the line is taken apart at = and : too. */
  private List<String> bash(String line) throws IOException, InterruptedException {
    OtherShell.need("bash");
    List<String> words = new ArrayList<>();
    String[] parts = line.split("(?<=[ =:])|(?=[=:])", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i == parts.length - 1 || !parts[i].isBlank()) { // the last is what is completed
        words.add("'" + parts[i].strip() + "'");
      }
    }
    String script =
        "source ./bash && COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:' COMP_WORDS=("
            + String.join(" ", words)
            + ") && COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) && _aliasfree && printf '%s\\n' \"${COMPREPLY[@]}\"";
    return OtherShell.lines(folder, "bash", "--norc", "--noprofile", "-c", script).stream()
        .filter(offered -> !offered.isEmpty())
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aliasfree gen | generate",
        "aliasfree -v gen | generate",
        "aliasfree networks '' | info list remove verify",
        "aliasfree networks ver | verify",
        "aliasfree generate --noise | --noise-mode",
        "aliasfree networks info --o | --offline",
        "aliasfree generate --noise-mode '' | const none random",
        "aliasfree generate --noise-mode=r | random",
        "aliasfree generate --noise-mode= | const none random",
        "aliasfree generate --seeds 1 --noise-mode r | random",
        "aliasfree generate --network stylegan3-r-af | stylegan3-r-afhqv2-512x512",
        "aliasfree generate --network=builtin:emo | emoji-portraits",
        "aliasfree generate --network built | builtin:emoji-portraits",
        "aliasfree generate --network two | two words;two.pkl",
        "aliasfree generate --outdir two | two words;",
        "aliasfree generate --seeds '' | ''",
        "aliasfree sample-grid --space '' | w z",
        "aliasfree train --mirror= | 0 1",
        "aliasfree devices --backend | ''",
        "aliasfree generate --backend cpu | cpu-reference cpu-vector",
        "aliasfree convert two.pkl two.p | two.pkl",
        "aliasfree completion '' | bash zsh",
        "aliasfree nonsense --no | ''",
      })
  void bashOffersWhatCanFollow(String line, String offered)
      throws IOException, InterruptedException {
    List<String> expected =
        offered.isEmpty() ? List.of() : List.of(offered.split(offered.contains(";") ? ";" : " "));
    assertThat(bash(line.replace("''", ""))).isEqualTo(expected);
  }

  /**
   * In a terminal of its own zsh is given a line and the TAB key; what the line then is, it says.
   */
  private String zsh(String line) throws IOException, InterruptedException {
    OtherShell.need("zsh");
    Files.writeString(
        folder.resolve("inner"),
        """
        PS1=''
        autoload -Uz compinit && compinit -u -D
        source ./zsh
        told() { zle complete-word; print -r -- "<<$BUFFER>>"; exit }
        zle -N told
        bindkey '^I' told
        print '<<ready>>'
        """);
    String script =
        "zmodload zsh/zpty; zpty -b z 'zsh -f -i'; zpty -w z 'source ./inner'; zpty -r z text '*<<ready>>*';"
            + " zpty -n -w z '"
            + line
            + "'$'\\t'; zpty -r z text '*<<*>>*'; print -r -- $text";
    List<String> lines = OtherShell.lines(folder, "zsh", "-f", "-c", script);
    String all = String.join("", lines);
    return all.substring(all.lastIndexOf("<<") + 2, all.lastIndexOf(">>")).strip();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "aliasfree gener|ate",
        "aliasfree networks ver|ify",
        "aliasfree generate --noise-mode=ra|ndom",
        "aliasfree generate --noise-mode ra|ndom",
        "aliasfree generate --network builtin:emo|ji-portraits",
        "aliasfree convert two.p|kl",
        "aliasfree -v dev|ices"
      })
  void zshCompletesWhatIsClear(String line) throws IOException, InterruptedException {
    String typed = line.substring(0, line.indexOf('|'));
    assertThat(zsh(typed)).isEqualTo(line.replace("|", ""));
  }

  private static Completion root() {
    PrintStream none = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    return Completion.of(Main.commandLine(new Console(none, none, () -> 0)));
  }

  @Test
  void everyValueIsOfferedOrFree() {
    Set<String> unknown = new TreeSet<>();
    root()
        .all()
        .forEach(
            command ->
                command
                    .options()
                    .forEach(
                        option ->
                            option.values().stream()
                                .filter(value -> !value.known() && !FREE.contains(value.label()))
                                .forEach(value -> unknown.add(option.names() + value.label()))));
    assertThat(unknown).isEmpty();
  }

  /** An option that there is not makes sure that no command does anything. */
  private static boolean isTaken(Completion command, String option, String word) {
    List<String> args = new ArrayList<>(List.of("--no-such-option"));
    args.addAll(command.path());
    args.addAll(List.of(option + "=" + word));
    if (command.path().equals(List.of("convert"))) {
      args.addAll(List.of("source.pkl", "target.onnx"));
    }
    if (option.equals("--space")) {
      args.add("--kind=walk");
    }
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.exitCode()).isEqualTo(2);
    return run.err().stream()
        .filter(line -> line.matches("aliasfree: " + option + ":? .*"))
        .noneMatch(line -> line.contains("\"" + word + "\"") || line.contains("can only contain"));
  }

  @Test
  void wordsThatAreOfferedAreTakenAndOthersAreNot() {
    Set<String> wrong = new TreeSet<>();
    for (Completion command : root().all().toList()) {
      for (Flag option : command.options()) {
        String name = option.names().getFirst();
        String of = String.join(" ", command.path()) + " " + name;
        if (DECIDED_LATER.contains(of)) {
          continue;
        }
        for (Value value : option.values()) {
          value.words().stream()
              .filter(word -> !isTaken(command, name, word))
              .forEach(word -> wrong.add(of + "=" + word));
          boolean closed = !value.words().isEmpty() && value.files() == Completion.Files.NONE;
          if (closed && isTaken(command, name, "nonsense")) {
            wrong.add(of + " takes anything");
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void anotherShellIsAnsweredWithThoseThatThereAre() {
    CommandRun run = CommandRun.of("completion", "fish");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).containsExactly("aliasfree: SHELL: \"fish\" is not one of bash, zsh.");
    assertThat(CommandRun.of("completion").exitCode()).isEqualTo(2);
  }
}
