package org.aliasfree.backend;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Availability.Available;
import org.aliasfree.backend.Availability.Unavailable;

/** Finds the backends that are present and opens the one that was chosen. */
public final class Backends {
  private static final Logger LOG = System.getLogger(Backends.class.getName());

  private Backends() {}

  /** A provider and what its probe said. */
  public record Found(BackendProvider provider, Availability availability) {}

  /**
   * All backends that the service loader finds, the best first, then those that cannot be used.
   *
   * @throws AliasFreeException if two have the same id, or one was made for another version of the
   *     interface; the message names where they come from
   */
  public static List<Found> list() {
    return list(List.of());
  }

  /**
   * As {@link #list()}, and besides those of the service loader these: for programs that make
   * providers of their own.
   */
  public static List<Found> list(Collection<? extends BackendProvider> more) {
    Map<String, BackendProvider> byId = new LinkedHashMap<>();
    List<BackendProvider> providers = load();
    providers.addAll(more);
    for (BackendProvider provider : providers) {
      if (provider.spiVersion() != BackendProvider.SPI_VERSION) {
        throw new AliasFreeException(
            "The backend \""
                + provider.id()
                + "\" in "
                + origin(provider)
                + " was made for version "
                + provider.spiVersion()
                + " of the backend interface, but "
                + origin(BackendProvider.class)
                + " has version "
                + BackendProvider.SPI_VERSION
                + "; use releases that belong together.");
      }
      BackendProvider other = byId.putIfAbsent(provider.id(), provider);
      if (other != null && other.getClass() != provider.getClass()) {
        throw new AliasFreeException(
            "Two backends are called \""
                + provider.id()
                + "\": in "
                + origin(other)
                + " and in "
                + origin(provider)
                + "; remove one of them.");
      }
    }
    return byId.values().stream()
        .map(p -> new Found(p, probe(p)))
        .sorted(
            Comparator.comparingInt((Found f) -> -score(f)).thenComparing(f -> f.provider().id()))
        .toList();
  }

  /** A probe that breaks its word and throws makes its own backend unusable, not the others. */
  private static Availability probe(BackendProvider provider) {
    try {
      return provider.probe();
    } catch (RuntimeException | LinkageError e) {
      LOG.log(Level.DEBUG, "The probe of " + provider.id() + " failed.", e);
      return new Unavailable(
          "its probe failed: " + e + ". Report it to the makers of " + origin(provider) + ".");
    }
  }

  /** As {@link #select(String, BackendOptions)} with the default options. */
  public static Backend select(String choice) {
    return select(choice, BackendOptions.defaults());
  }

  /**
   * Opens a backend.
   *
   * @param choice {@code auto} for the best that can be used, or an id with an optional device:
   *     {@code cpu-vector}, {@code cuda:1}. An explicit choice never falls back to another.
   * @throws BackendUnavailableException if it does not exist or cannot be used
   */
  public static Backend select(String choice, BackendOptions options) {
    return select(choice, options, List.of());
  }

  /**
   * As {@link #select(String, BackendOptions)}, among those of the service loader and these.
   *
   * @param more for programs that make providers of their own
   */
  public static Backend select(
      String choice, BackendOptions options, Collection<? extends BackendProvider> more) {
    List<Found> all = list(more);
    if (choice.equals("auto")) {
      Found best = all.isEmpty() ? null : all.getFirst();
      if (best == null || !(best.availability() instanceof Available a)) {
        throw new BackendUnavailableException(
            "No backend can be used: "
                + reasons(all)
                + " Add the artifact aliasfree-backend-cpu-vector, which runs anywhere.");
      }
      LOG.log(
          Level.DEBUG,
          () ->
              "auto chose "
                  + best.provider().id()
                  + " (score "
                  + a.score()
                  + "; "
                  + a.note()
                  + ")");
      return open(best.provider(), options);
    }
    int colon = choice.indexOf(':');
    String id = colon < 0 ? choice : choice.substring(0, colon);
    for (Found found : all) {
      if (found.provider().id().equals(id)) {
        if (found.availability() instanceof Unavailable u) {
          throw new BackendUnavailableException(
              "The backend \"" + id + "\" cannot be used: " + u.reason());
        }
        return open(
            found.provider(),
            colon < 0 ? options : options.withDevice(choice.substring(colon + 1)));
      }
    }
    throw new BackendUnavailableException(
        "There is no backend called \""
            + id
            + "\"; there are: auto, "
            + String.join(", ", all.stream().map(f -> f.provider().id()).toList())
            + ".");
  }

  /** Whatever is chosen here can be recorded. */
  private static Backend open(BackendProvider provider, BackendOptions options) {
    return ObservedBackend.of(provider.open(options), BackendObserver.flightRecorder());
  }

  private static List<BackendProvider> load() {
    List<BackendProvider> providers = new ArrayList<>();
    var loader = ServiceLoader.load(BackendProvider.class).iterator();
    while (true) {
      try {
        if (!loader.hasNext()) {
          return providers;
        }
        providers.add(loader.next());
      } catch (ServiceConfigurationError e) {
        throw new AliasFreeException(
            "A backend could not be loaded: "
                + e.getMessage()
                + ". Remove its jar or use the release that belongs to this one.",
            e);
      }
    }
  }

  private static int score(Found found) {
    return found.availability() instanceof Available a ? a.score() : -1;
  }

  private static String reasons(List<Found> all) {
    StringBuilder text = new StringBuilder(all.isEmpty() ? "none is installed." : "");
    for (Found f : all) {
      if (f.availability() instanceof Unavailable u) {
        text.append(f.provider().id()).append(": ").append(u.reason()).append(' ');
      }
    }
    return text.toString().strip();
  }

  private static String origin(BackendProvider provider) {
    return origin(provider.getClass());
  }

  private static String origin(Class<?> type) {
    var source = type.getProtectionDomain().getCodeSource();
    return source == null || source.getLocation() == null
        ? type.getModule().toString()
        : source.getLocation().toString();
  }
}
