package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.networks.NetworkStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aliasfree networks remove}: frees the disk of what was downloaded. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description = "Remove downloaded networks, and what is there of unfinished downloads.")
final class NetworksRemoveCommand implements Action {
  private final Console console;

  @Parameters(
      paramLabel = "NAME|URL",
      completionCandidates = Words.OfPublishedNetworks.class,
      description = "Which.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--all", description = "All that was downloaded.")
  private boolean all;

  @Option(
      names = "--json",
      description = "Print one JSON object a network on standard output, and nothing else.")
  private boolean json;

  NetworksRemoveCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    if (all != names.isEmpty()) {
      problems.usage("give the names or URLs of networks to remove, or --all for every one.");
    }
    problems.throwIfAny();
    NetworkStore store = new NetworkAccess().store(console);
    if (all) {
      print("all", store.removeAll());
    }
    for (String name : names) {
      try {
        long freed = store.remove(name);
        if (freed == 0) {
          problems.failure(
              name + " is not in " + store.folder() + "; see what is: aliasfree networks list.");
        } else {
          print(name, freed);
        }
      } catch (AliasFreeException e) {
        problems.failure(String.valueOf(e.getMessage()));
      }
    }
    problems.throwIfAny();
  }

  private void print(String name, long freed) {
    console.line(
        json
            ? JsonText.of(
                out -> {
                  out.writeStartObject();
                  out.writeStringProperty("removed", name);
                  out.writeNumberProperty("freed", freed);
                  out.writeEndObject();
                })
            : Console.oneLine(
                "Removed " + name + ", which frees " + DownloadProgress.megabytes(freed)));
  }
}
