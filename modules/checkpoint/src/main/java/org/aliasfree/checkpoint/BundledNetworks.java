package org.aliasfree.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;

/** Finds the networks that come in jars. */
public final class BundledNetworks {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,80}");

  private BundledNetworks() {}

  /**
   * All that the service loader finds, by name.
   *
   * @throws AliasFreeException if one cannot be loaded or is named wrongly, or two have one name
   */
  public static List<BundledNetwork> list() {
    return list(List.of());
  }

  private static List<BundledNetwork> list(Collection<? extends BundledNetwork> more) {
    List<BundledNetwork> all = load();
    all.addAll(more);
    all.sort(Comparator.comparing(BundledNetwork::name));
    for (int i = 0; i < all.size(); i++) {
      String name = all.get(i).name();
      if (!NAME.matcher(name).matches()) {
        throw new AliasFreeException(
            "A bundled network is called "
                + Quoted.of(name)
                + "; small letters, digits and dashes are expected.");
      }
      if (i > 0 && name.equals(all.get(i - 1).name())) {
        throw new AliasFreeException(
            "Two bundled networks are called " + name + "; remove the jar of one.");
      }
    }
    return List.copyOf(all);
  }

  private static List<BundledNetwork> load() {
    try {
      List<BundledNetwork> all = new ArrayList<>();
      ServiceLoader.load(BundledNetwork.class).forEach(all::add);
      return all;
    } catch (ServiceConfigurationError e) {
      throw new AliasFreeException(
          "A bundled network could not be loaded: " + e.getMessage() + ". Remove its jar.", e);
    }
  }

  /**
   * The one that is taken where none was chosen: the first by name.
   *
   * @throws AliasFreeException if there is none
   */
  public static BundledNetwork first() {
    return list().stream()
        .findFirst()
        .orElseThrow(
            () ->
                new AliasFreeException(
                    "no network was chosen, and none comes with this installation; name a file, or add the artifact"
                        + " aliasfree-network-portraits."));
  }

  /**
   * The one of a name.
   *
   * @throws AliasFreeException naming all, if there is none
   */
  public static BundledNetwork find(String name) {
    return find(name, List.of());
  }

  /**
   * As {@link #find(String)}, among those that the service loader finds and these.
   *
   * @param more for programs that bring networks of their own; none may have another's name
   */
  public static BundledNetwork find(String name, Collection<? extends BundledNetwork> more) {
    List<BundledNetwork> all = list(more);
    return all.stream()
        .filter(network -> network.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new AliasFreeException(
                    "no network comes with this installation as "
                        + Quoted.of(name)
                        + "; there "
                        + (all.isEmpty()
                            ? "is none: add the artifact aliasfree-network-portraits."
                            : "are: "
                                + String.join(", ", all.stream().map(BundledNetwork::name).toList())
                                + ".")));
  }

  /**
   * Reads one, into memory.
   *
   * @throws NetworkFileException when it is missing or damaged
   */
  public static NetworkFile read(BundledNetwork network) {
    Path name = Path.of(network.name() + ".safetensors");
    try (InputStream in = network.open()) {
      return NetworkFile.read(MemorySegment.ofArray(in.readAllBytes()), name);
    } catch (IOException e) {
      throw new NetworkFileException(
          name, -1, "the bundled network cannot be read: " + e.getMessage() + ".", e);
    }
  }
}
