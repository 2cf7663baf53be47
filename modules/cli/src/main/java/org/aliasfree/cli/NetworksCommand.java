package org.aliasfree.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code aliasfree networks}: the commands about network files. */
@Command(
    name = "networks",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Look into network files, and keep those of the web in order.")
final class NetworksCommand implements Action {
  private final Console console;

  @Spec private @org.jspecify.annotations.Nullable CommandSpec spec;

  private NetworksCommand(Console console) {
    this.console = console;
  }

  /** With its commands. */
  static CommandLine commandLine(Console console) {
    return new CommandLine(new NetworksCommand(console))
        .addSubcommand(new NetworksInfoCommand(console))
        .addSubcommand(new NetworksListCommand(console))
        .addSubcommand(new NetworksVerifyCommand(console))
        .addSubcommand(new NetworksRemoveCommand(console));
  }

  /** Without a command there is nothing to do but to say which there are. */
  @Override
  public void run(Problems problems) {
    problems.throwIfAny();
    if (spec != null) {
      spec.commandLine().usage(console.out());
    }
  }
}
