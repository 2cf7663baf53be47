package org.aliasfree.networks;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;

/**
 * A URL to download from.
 *
 * @param uri absolute, http or https, with a host, without user and fragment; equal files have
 *     equal ones
 * @param sha256 what the file must be, in lower case
 */
record NetworkUrl(URI uri, Optional<String> sha256) {
  private static final Pattern HTTP = Pattern.compile("https?:.*", Pattern.CASE_INSENSITIVE);
  private static final Pattern SHA256 = Pattern.compile("sha256[=:]([0-9a-fA-F]{64})");
  private static final Set<String> EXTENSIONS = Set.of(".pkl", ".safetensors");
  private static final int LONGEST_NAME = 80;

  /** What {@link #fileName} gives. */
  static final String FILE_NAME = ".+-[0-9a-f]{16}(\\.pkl|\\.safetensors)?";

  /** Whether this is meant as a URL to download from. */
  static boolean isMeant(String text) {
    return HTTP.matcher(text).matches();
  }

  static NetworkUrl parse(String text) {
    URI given;
    try {
      given = new URI(text.strip()).parseServerAuthority();
    } catch (URISyntaxException e) {
      throw refused(text, e.getReason() + " at character " + (e.getIndex() + 1), e);
    }
    if (!isMeant(text.strip()) || given.getHost() == null) {
      throw refused(text, "it names no server", null);
    }
    if (given.getRawUserInfo() != null) {
      throw refused(
          text.replace(given.getRawUserInfo() + "@", "…@"),
          "it has a user in it, and passwords are not sent",
          null);
    }
    Optional<String> sha256 = Optional.empty();
    if (given.getRawFragment() != null) {
      Matcher matcher = SHA256.matcher(given.getRawFragment());
      if (matcher.matches()) {
        sha256 = Optional.of(matcher.group(1).toLowerCase(Locale.ROOT));
      } else if (given.getRawFragment().startsWith("sha256")) {
        throw refused(text, "after #sha256= there must be 64 hexadecimal digits", null);
      }
    }
    return new NetworkUrl(plain(given), sha256);
  }

  private static AliasFreeException refused(
      String text, String reason, @org.jspecify.annotations.Nullable Exception cause) {
    return new AliasFreeException(
        "\""
            + text
            + "\" cannot be downloaded: "
            + reason
            + "; give a URL such as https://example.org/network.pkl, with blanks as %20.",
        cause);
  }

  /** One spelling of all that mean the same. */
  static URI plain(URI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost().toLowerCase(Locale.ROOT);
    int port = uri.getPort();
    boolean usual = port < 0 || port == (scheme.equals("https") ? 443 : 80);
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return URI.create(scheme + "://" + host + (usual ? "" : ":" + port) + path + query);
  }

  /** A name for the file that any system takes: letters, digits, dots, hyphens. */
  String fileName() {
    String path = uri.getRawPath();
    String last = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]+", "_");
    String name = last.replaceAll("^[._]+", "");
    int dot = name.lastIndexOf('.');
    String extension =
        dot > 0 && EXTENSIONS.contains(name.substring(dot)) ? name.substring(dot) : "";
    String stem = name.substring(0, name.length() - extension.length());
    String cut = stem.length() > LONGEST_NAME ? stem.substring(0, LONGEST_NAME) : stem;
    // The URL's own digest tells files of one name from each other.
    String digest = Sha256.hex(uri.toString()).substring(0, 16);
    return (cut.isEmpty() ? "network" : cut) + "-" + digest + extension;
  }
}
