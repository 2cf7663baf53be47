package org.aliasfree.cli;

import java.util.Objects;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code aliasfree doctor}: whether all is there that the program needs, for reports of faults. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "Tell all about this installation and machine that matters, and make a picture as a test.",
      "Passwords in it are replaced by ***, and your folder by ~, so that it can be shown to others."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a picture could be made, whatever else was found",
      "1:no picture could be made; or standard output could not be written",
      "2:the command line is wrong",
      "130:interrupted (Ctrl-C)",
      "143:ended by SIGTERM"
    })
final class DoctorCommand implements Action {
  private final Console console;

  @Mixin private final ComputeOptions compute = new ComputeOptions();

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else; sizes in bytes.")
  private boolean json;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    BackendOptions options = compute.options(problems);
    problems.throwIfAny();
    Diagnosis diagnosis =
        new Doctor(Machine.here(), () -> open(options))
            .examine(
                section -> {
                  if (!json) {
                    Diagnosis.lines(section).forEach(console::line);
                  }
                });
    if (json) {
      console.line(diagnosis.json());
    } else {
      diagnosis.conclusion().forEach(console::line);
    }
    if (!diagnosis.computes()) {
      problems.failure("No picture could be made; the report says why.");
      problems.throwIfAny();
    }
  }

  /** What is wrong with the choice is part of the report. */
  private Backend open(BackendOptions options) {
    Problems ofChoice = new Problems();
    Backend backend = compute.open(options, ofChoice);
    ofChoice.throwIfAny();
    return Objects.requireNonNull(backend);
  }
}
