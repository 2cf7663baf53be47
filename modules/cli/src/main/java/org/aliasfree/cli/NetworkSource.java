package org.aliasfree.cli;

import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.BundledNetwork;
import org.aliasfree.checkpoint.BundledNetworks;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.networks.NetworkStore;
import org.jspecify.annotations.Nullable;

/** Where a network comes from: the value of {@code --network}. */
sealed interface NetworkSource {
  /** A network file. */
  record File(Path path) implements NetworkSource {}

  /** A network that comes with the command. */
  record Bundled(BundledNetwork network) implements NetworkSource {}

  /** A network of the web, by URL or published name; {@link NetworkAccess} makes a file of it. */
  record Remote(String nameOrUrl) implements NetworkSource {}

  /** A new StyleGAN3 network with random weights. */
  record Random(StyleGan3Config config, long seed) implements NetworkSource {}

  /** A new StyleGAN2 network with random weights. */
  record RandomStyleGan2(StyleGan2Config config, long seed) implements NetworkSource {}

  /** Two letters or more: one is a drive of Windows. */
  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+):.*");

  /**
   * Understands a path, a URL of a file or of the web, the name of a published network, {@code
   * builtin:NAME}, or {@code random:PRESET?key=value&…}; opens nothing.
   */
  static NetworkSource parse(String text) {
    var matcher = SCHEME.matcher(text);
    String scheme = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "";
    return switch (scheme) {
      case "random" -> RandomNetworkText.parse(text.substring(scheme.length() + 1));
      case "builtin" -> new Bundled(BundledNetworks.find(text.substring(scheme.length() + 1)));
      case "file" -> new File(pathOf(text));
      case "http", "https" -> {
        NetworkStore.requireUrl(text);
        yield new Remote(text);
      }
      default -> {
        Path path = localPath(text);
        // A file comes before a network of the same name, and needs no look at the list of names.
        yield !Files.exists(path) && NetworkStore.isRemote(text)
            ? new Remote(text)
            : new File(path);
      }
    };
  }

  /** As {@link #parse}; where nothing is given, the first network that comes with the command. */
  static NetworkSource parseOptional(@Nullable String text) {
    return text == null ? new Bundled(BundledNetworks.first()) : parse(text);
  }

  private static Path pathOf(String url) {
    try {
      return Path.of(URI.create(url));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw new AliasFreeException(
          OptionValues.quoted(url)
              + " is not the URL of a local file; give one such as file:///data/network.pkl, with"
              + " blanks as %20, or a path.",
          e);
    }
  }

  private static Path localPath(String text) {
    if (text.isBlank()) {
      throw new AliasFreeException(
          "the name of the file is empty; give a path, or random:stylegan3-t-256?seed=1.");
    }
    return OptionValues.path(text);
  }
}
