package org.aliasfree.cli;

import java.nio.file.Files;
import org.aliasfree.AliasFreeException;
import org.aliasfree.networks.NetworkStore;
import org.aliasfree.networks.NetworkStoreOptions;
import org.aliasfree.networks.PublishedNetwork;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Networks by URL or published name: the options about them of a command, and how they come. */
final class NetworkAccess {
  @Option(
      names = "--offline",
      description =
          "Download nothing: networks by URL or name must be in the cache "
              + "(the environment variable ALIASFREE_OFFLINE=1 does the same).")
  private boolean offline;

  /** The user's store, which tells this console what it downloads. */
  NetworkStore store(Console console) {
    NetworkStoreOptions options = NetworkStoreOptions.fromEnvironment();
    return new NetworkStore(
        options
            .withOffline(offline || options.offline())
            .withListener(new DownloadProgress(console)));
  }

  /**
   * The source with a network of the web replaced by its file, which is downloaded unless it is
   * here. Null, and a problem more, when it cannot be had; and null when the command has problems
   * already: nothing is downloaded for a command that will not run.
   *
   * @param option for the message: {@code --network}
   */
  @Nullable NetworkSource local(
      String option, NetworkSource source, Console console, Problems problems) {
    try {
      return switch (source) {
        case NetworkSource.Remote(String text) -> {
          NetworkStore store = store(console);
          boolean idle = !problems.isEmpty() && store.find(text).isEmpty();
          yield idle ? null : new NetworkSource.File(store.fetch(text).file());
        }
        case NetworkSource.File(var path) when !Files.exists(path) -> {
          var near = PublishedNetwork.near(path.toString());
          if (near.isPresent()) {
            throw new AliasFreeException(
                "there is no file " + path + NetworkStore.hint(path.toString()));
          }
          yield source;
        }
        default -> source;
      };
    } catch (AliasFreeException e) {
      problems.failure(option + ": " + e.getMessage());
      return null;
    }
  }
}
