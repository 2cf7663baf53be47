package org.aliasfree.networks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A network that NVIDIA published with the papers. It is not part of this project: it is downloaded
 * when somebody asks for it by its name or URL, and its licence is NVIDIA's.
 *
 * @param name by which it is asked for: {@code stylegan3-r-afhqv2-512x512}
 * @param config {@code stylegan3-t}, {@code stylegan3-r} or {@code stylegan2}
 * @param resolution width and height of its images, in pixels
 * @param url where it is
 * @param licence the name of its licence
 */
public record PublishedNetwork(
    String name, String config, int resolution, URI url, String licence) {
  /** Where the licence can be read. */
  public static final URI LICENCE_URL =
      URI.create("https://github.com/NVlabs/stylegan3/blob/main/LICENSE.txt");

  private static final String TABLE = "published.tsv";

  /** More letters than this apart, two names are not meant to be the same. */
  private static final int NEAR = 4;

  /** So many letters of a name say which is meant: {@code stylegan3-r}. */
  private static final int BEGINNING = 11;

  /** Read when it is first asked for. */
  private static final class Table {
    static final List<PublishedNetwork> ROWS = read();
  }

  private static List<PublishedNetwork> read() {
    try (InputStream in = PublishedNetwork.class.getResourceAsStream(TABLE)) {
      if (in == null) {
        throw new IllegalStateException("The resource " + TABLE + " is missing from the module.");
      }
      List<PublishedNetwork> rows = new ArrayList<>();
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (!line.startsWith("#")) {
          List<String> cells = List.of(line.split("\t", -1));
          rows.add(
              new PublishedNetwork(
                  cells.get(0),
                  cells.get(1),
                  Integer.parseInt(cells.get(2)),
                  URI.create(cells.get(3)),
                  cells.get(4)));
        }
      }
      return List.copyOf(rows);
    } catch (IOException e) {
      throw new UncheckedIOException("The resource " + TABLE + " cannot be read.", e);
    }
  }

  /** All of them: StyleGAN3, then StyleGAN2. */
  public static List<PublishedNetwork> all() {
    return Table.ROWS;
  }

  /** The network of exactly this name. */
  public static Optional<PublishedNetwork> named(String name) {
    return all().stream().filter(network -> network.name.equals(name)).findFirst();
  }

  /** The network at this URL. */
  public static Optional<PublishedNetwork> at(URI url) {
    return all().stream().filter(network -> network.url.equals(url)).findFirst();
  }

  /**
   * The network whose name is nearest to {@code text}, a name that is mistyped, cut short, in
   * capitals or followed by {@code .pkl}; empty when none is near.
   */
  public static Optional<PublishedNetwork> near(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    String bare = lower.endsWith(".pkl") ? lower.substring(0, lower.length() - 4) : lower;
    return all().stream()
        .filter(network -> distance(bare, network.name) <= NEAR)
        .min(Comparator.comparingInt(network -> distance(bare, network.name)))
        .or(
            () ->
                all().stream()
                    .filter(n -> bare.length() >= BEGINNING && n.name.startsWith(bare))
                    .findFirst());
  }

  /** How many letters must be put in, taken out or replaced. */
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > NEAR) {
      return Integer.MAX_VALUE;
    }
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] next = new int[b.length() + 1];
      next[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        next[j] = Math.min(replaced, 1 + Math.min(last[j], next[j - 1]));
      }
      last = next;
    }
    return last[b.length()];
  }
}
