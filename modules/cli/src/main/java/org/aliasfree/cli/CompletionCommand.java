package org.aliasfree.cli;

import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code aliasfree completion}: what makes a shell complete the command line. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = {
      "Print a script for a shell, so that it completes commands, options and values.",
      "Backends and names of networks are those of this machine now; make it again when they change."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(aliasfree completion bash)",
      "  aliasfree completion bash > ~/.local/share/bash-completion/completions/aliasfree",
      "  aliasfree completion zsh > \"${fpath[1]}/_aliasfree\""
    })
final class CompletionCommand implements Action {
  private final Console console;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "SHELL",
      completionCandidates = Words.OfShells.class,
      description = "bash or zsh.")
  private @Nullable String shell;

  CompletionCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    Shell which = problems.parse("SHELL", shell, CompletionCommand::which);
    problems.throwIfAny();
    Completion root = Completion.of(Objects.requireNonNull(spec).root().commandLine());
    console
        .out()
        .print(
            switch (Objects.requireNonNull(which)) {
              case BASH -> BashCompletion.of(root);
              case ZSH -> ZshCompletion.of(root);
            });
    console.out().flush();
  }

  private enum Shell {
    BASH,
    ZSH
  }

  private static Shell which(String text) {
    return switch (text) {
      case "bash" -> Shell.BASH;
      case "zsh" -> Shell.ZSH;
      default ->
          throw new AliasFreeException(OptionValues.quoted(text) + " is not one of bash, zsh.");
    };
  }
}
