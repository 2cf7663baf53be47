package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.networks.PublishedNetwork;
import org.aliasfree.networks.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code aliasfree networks verify}: reads what was downloaded, byte by byte. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    description =
        "Compare downloaded networks with the sha256 that they had. Damaged ones are removed.")
final class NetworksVerifyCommand implements Action {
  private final Console console;

  @Parameters(
      paramLabel = "NAME|URL",
      completionCandidates = Words.OfPublishedNetworks.class,
      description = "Which. Default: all that were downloaded.")
  private List<String> names = new ArrayList<>();

  @Option(
      names = "--json",
      description = "Print one JSON object a network on standard output, and nothing else.")
  private boolean json;

  NetworksVerifyCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    problems.throwIfAny();
    NetworkStore store = new NetworkAccess().store(console);
    List<Verification> results = new ArrayList<>();
    if (names.isEmpty()) {
      results.addAll(store.verifyAll());
    }
    for (String name : names) {
      try {
        results.add(store.verify(name));
      } catch (AliasFreeException e) {
        problems.failure(String.valueOf(e.getMessage()));
      }
    }
    for (Verification result : results) {
      print(result);
      if (result.intact().isEmpty()) {
        problems.failure(name(result) + ": " + result.fault() + ".");
      }
    }
    if (results.isEmpty() && names.isEmpty() && !json) {
      console.line("Nothing was downloaded to " + store.folder());
    }
    problems.throwIfAny();
  }

  private static String name(Verification result) {
    return PublishedNetwork.at(result.url())
        .map(PublishedNetwork::name)
        .orElse(result.url().toString());
  }

  private void print(Verification result) {
    if (json) {
      console.line(
          JsonText.of(
              out -> {
                out.writeStartObject();
                out.writeStringProperty("url", result.url().toString());
                out.writeBooleanProperty("intact", result.intact().isPresent());
                if (result.intact().isEmpty()) {
                  out.writeStringProperty("fault", result.fault());
                }
                result.intact().ifPresent(c -> NetworksListCommand.writeFile(c, out));
                out.writeEndObject();
              }));
    } else {
      result
          .intact()
          .ifPresent(c -> console.line(Console.oneLine("ok  " + c.sha256() + "  " + c.name())));
    }
  }
}
