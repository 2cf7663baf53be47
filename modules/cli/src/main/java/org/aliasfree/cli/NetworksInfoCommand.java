package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.checkpoint.NetworkFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code aliasfree networks info}: the networks in a file, layer by layer, and the settings that
 * the file has besides.
 */
@Command(
    name = "info",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    description = {
      "List the networks in a file: classes, keywords, layers, sizes and training settings.",
      "Output shapes are for one image; data types are those of the official networks on a GPU, which keep"
          + " layers of high resolution in f16."
    })
final class NetworksInfoCommand implements Action {
  private final Console console;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      completionCandidates = Words.OfNetworks.class,
      description =
          "Network file, .pkl or .safetensors: a path, a URL or a published name; or builtin:NAME for a network that comes"
              + " with this program. Default: the first of these.")
  private @Nullable String file;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      completionCandidates = Words.OfNetworksInFiles.class,
      description = "Only this network, for example G_ema. Default: all.")
  private @Nullable String net;

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, and nothing else.")
  private boolean json;

  @Mixin private final NetworkAccess access = new NetworkAccess();

  NetworksInfoCommand(Console console) {
    this.console = console;
  }

  @Override
  public void run(Problems problems) {
    NetworkFile opened = open(problems);
    if (opened != null && net != null && !opened.names().contains(net)) {
      problems.usage(
          "--net: there is no network "
              + OptionValues.quoted(net)
              + " in the file; it has "
              + OptionValues.cut(String.join(", ", opened.names()))
              + ".");
    }
    problems.throwIfAny();
    NetworkFile read = Objects.requireNonNull(opened);
    List<NetworkSummary> networks = new ArrayList<>();
    for (String name : net == null ? read.names() : List.of(net)) {
      networks.add(NetworkSummary.of(read, name));
    }
    if (json) {
      console.line(NetworkInfoJson.of(read, networks));
    } else {
      NetworkInfoText.of(read, networks).forEach(console::line);
    }
  }

  private @Nullable NetworkFile open(Problems problems) {
    NetworkSource source;
    try {
      source = access.local("FILE", NetworkSource.parseOptional(file), console, problems);
    } catch (AliasFreeException e) {
      problems.usage("FILE: " + e.getMessage());
      return null;
    }
    if (source == null) {
      return null;
    }
    try {
      return switch (source) {
        case NetworkSource.File(var path) -> NetworkFile.read(path);
        case NetworkSource.Bundled(var network) -> {
          if (!json) {
            console.line(
                network.name() + ": " + network.description() + "; from " + network.pictures());
          }
          yield BundledNetworks.read(network);
        }
        case NetworkSource.Remote(String text) ->
            throw new IllegalStateException(text + " was made a file above.");
        case NetworkSource.Random _, NetworkSource.RandomStyleGan2 _ -> {
          problems.usage(
              "FILE: a network with random weights is not in a file; give the path of one.");
          yield null;
        }
      };
    } catch (AliasFreeException e) {
      problems.failure("FILE: " + e.getMessage());
      return null;
    }
  }
}
