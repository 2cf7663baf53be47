package org.aliasfree.guice;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.Precision;
import org.jspecify.annotations.Nullable;

/**
 * What an application chooses. Each setting can also come from a system property, whose name is in
 * brackets; {@link #fromSystemProperties()} reads them all.
 *
 * @param backends what computes, tried in this order until one can be used: {@code auto} for the
 *     best there is, or an id with an optional device, {@code cuda:1} [{@code aliasfree.backend},
 *     with commas]. The list is the only way to fall back to another
 * @param threads CPU threads that a run may use; 0 for one a processor [{@code aliasfree.threads}]
 * @param network what {@link Networks#load()} takes: a path, URL, published name, or {@code
 *     builtin:NAME}; empty for the network that comes in a jar [{@code aliasfree.network}]
 * @param generator which generator of a file, {@code G_ema} or {@code G} [{@code aliasfree.net}]
 * @param precision element types of the layers [{@code aliasfree.precision}: {@code f32} or {@code
 *     official-f16}]
 * @param runs images or batches that are made at the same time, each with memory of its own; more
 *     requests wait [{@code aliasfree.runs}]
 * @param cacheFolder where downloads are kept; empty for the user's cache folder [{@code
 *     aliasfree.cache}]
 * @param offline whether nothing is ever downloaded [{@code aliasfree.offline}]
 */
public record AliasFreeSettings(
    List<String> backends,
    int threads,
    Optional<String> network,
    String generator,
    Precision precision,
    int runs,
    Optional<Path> cacheFolder,
    boolean offline) {
  private static final String PREFIX = "aliasfree.";
  private static final int MOST = 4096;

  /** Checks numbers, and that there is a backend to try. */
  public AliasFreeSettings {
    backends = List.copyOf(backends);
    if (backends.isEmpty() || backends.stream().anyMatch(String::isBlank)) {
      throw new AliasFreeException(
          "The backends to try are " + backends + "; name one or more, such as auto.");
    }
    if (threads < 0 || threads > MOST) {
      throw new AliasFreeException(
          "The number of threads is "
              + threads
              + "; it must be 1 to 4096, or 0 for one a processor.");
    }
    if (runs < 1 || runs > MOST) {
      throw new AliasFreeException(
          "The number of runs at the same time is " + runs + "; it must be 1 to 4096.");
    }
  }

  /** The best backend, all processors, the network in the jar, f32, two runs, downloads allowed. */
  public static AliasFreeSettings defaults() {
    return new AliasFreeSettings(
        List.of("auto"),
        0,
        Optional.empty(),
        GeneratorFiles.AVERAGE,
        Precision.F32,
        ImageGenerator.DEFAULT_RUNS,
        Optional.empty(),
        false);
  }

  /**
   * The defaults, changed by the system properties that are set.
   *
   * @throws AliasFreeException naming the property whose value means nothing
   */
  public static AliasFreeSettings fromSystemProperties() {
    return defaults().with(System::getProperty);
  }

  /**
   * These settings, changed by properties from elsewhere.
   *
   * @param properties gives the value of a property such as {@code aliasfree.threads}, or null
   */
  public AliasFreeSettings with(Function<String, @Nullable String> properties) {
    return new AliasFreeSettings(
        read(properties, "backend", AliasFreeSettings::list, backends),
        read(properties, "threads", Integer::valueOf, threads),
        read(properties, "network", Optional::of, network),
        read(properties, "net", text -> text, generator),
        read(properties, "precision", AliasFreeSettings::precision, precision),
        read(properties, "runs", Integer::valueOf, runs),
        read(properties, "cache", text -> Optional.of(Path.of(text)), cacheFolder),
        read(properties, "offline", AliasFreeSettings::flag, offline));
  }

  private static <T> T read(
      Function<String, @Nullable String> properties,
      String name,
      Function<String, T> parser,
      T otherwise) {
    String text = properties.apply(PREFIX + name);
    if (text == null || text.isBlank()) {
      return otherwise;
    }
    try {
      return parser.apply(text.strip());
    } catch (NumberFormatException | InvalidPathException e) {
      throw new AliasFreeException(
          "The property " + PREFIX + name + " is \"" + text + "\", which cannot be understood.", e);
    } catch (AliasFreeException e) {
      throw new AliasFreeException(
          "The property " + PREFIX + name + " is \"" + text + "\": " + e.getMessage(), e);
    }
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).toList();
  }

  private static Precision precision(String text) {
    for (Precision precision : Precision.values()) {
      if (label(precision).equals(text)) {
        return precision;
      }
    }
    throw new AliasFreeException(
        "it must be one of "
            + String.join(
                ", ", Arrays.stream(Precision.values()).map(AliasFreeSettings::label).toList())
            + ".");
  }

  private static String label(Precision precision) {
    return precision.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "true" -> true;
      case "0", "false" -> false;
      default -> throw new AliasFreeException("it must be true or false.");
    };
  }

  /** These with other backends to try, in this order. */
  public AliasFreeSettings withBackends(String... inOrder) {
    return new AliasFreeSettings(
        List.of(inOrder), threads, network, generator, precision, runs, cacheFolder, offline);
  }

  /** These with another number of threads. */
  public AliasFreeSettings withThreads(int value) {
    return new AliasFreeSettings(
        backends, value, network, generator, precision, runs, cacheFolder, offline);
  }

  /** These with a network: a path, URL, published name, or {@code builtin:NAME}. */
  public AliasFreeSettings withNetwork(String value) {
    return new AliasFreeSettings(
        backends, threads, Optional.of(value), generator, precision, runs, cacheFolder, offline);
  }

  /** These with another generator of the file. */
  public AliasFreeSettings withGenerator(String value) {
    return new AliasFreeSettings(
        backends, threads, network, value, precision, runs, cacheFolder, offline);
  }

  /** These in another precision. */
  public AliasFreeSettings withPrecision(Precision value) {
    return new AliasFreeSettings(
        backends, threads, network, generator, value, runs, cacheFolder, offline);
  }

  /** These with so many runs at the same time. */
  public AliasFreeSettings withRuns(int value) {
    return new AliasFreeSettings(
        backends, threads, network, generator, precision, value, cacheFolder, offline);
  }

  /** These with downloads kept in a folder. */
  public AliasFreeSettings withCacheFolder(Path value) {
    return new AliasFreeSettings(
        backends, threads, network, generator, precision, runs, Optional.of(value), offline);
  }

  /** These with or without downloads. */
  public AliasFreeSettings withOffline(boolean value) {
    return new AliasFreeSettings(
        backends, threads, network, generator, precision, runs, cacheFolder, value);
  }
}
