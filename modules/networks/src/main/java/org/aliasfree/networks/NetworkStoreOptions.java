package org.aliasfree.networks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link NetworkStore} works.
 *
 * @param folder where files are kept; made when something is first downloaded
 * @param offline whether nothing is ever downloaded
 * @param connectTimeout how long a server may take to accept a connection
 * @param stallTimeout how long a server may send nothing
 * @param tries how often a download may fail in a row, without a byte more, until it is given up;
 *     at least 1
 * @param backOff the pause before the second try; it doubles each time
 * @param listener hears of downloads
 */
public record NetworkStoreOptions(
    Path folder,
    boolean offline,
    Duration connectTimeout,
    Duration stallTimeout,
    int tries,
    Duration backOff,
    DownloadListener listener) {
  /** The variable of the environment that forbids downloads when it is set and not 0. */
  public static final String OFFLINE_VARIABLE = "ALIASFREE_OFFLINE";

  /** Refuses times that are not positive. */
  public NetworkStoreOptions {
    if (tries < 1) {
      throw new AliasFreeException("tries is " + tries + "; give 1 or more.");
    }
    checkPositive("connectTimeout", connectTimeout);
    checkPositive("stallTimeout", stallTimeout);
    checkPositive("backOff", backOff);
  }

  private static void checkPositive(String name, Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new AliasFreeException(name + " is " + time + "; give a time above 0.");
    }
  }

  /** Files in this folder; downloads allowed; time-outs of 20 s and 60 s, five tries, from 1 s. */
  public static NetworkStoreOptions in(Path folder) {
    return new NetworkStoreOptions(
        folder,
        false,
        Duration.ofSeconds(20),
        Duration.ofSeconds(60),
        5,
        Duration.ofSeconds(1),
        DownloadListener.logging());
  }

  /**
   * As the environment says: files in {@code networks} of the folder {@code ALIASFREE_CACHE},
   * otherwise of {@code $XDG_CACHE_HOME/aliasfree}, {@code ~/.cache/aliasfree}, macOS's {@code
   * ~/Library/Caches/aliasfree} or Windows' {@code %LOCALAPPDATA%\aliasfree}; no downloads where
   * {@code ALIASFREE_OFFLINE} is 1. The system properties {@code aliasfree.cache} and {@code
   * aliasfree.offline} stand for these variables, and come before them.
   *
   * @throws AliasFreeException when there is no such folder
   */
  public static NetworkStoreOptions fromEnvironment() {
    return from(
        NetworkStoreOptions::setting,
        System.getProperty("os.name"),
        System.getProperty("user.home"));
  }

  private static @Nullable String setting(String variable) {
    String property = System.getProperty(variable.toLowerCase(Locale.ROOT).replace('_', '.'));
    return variable.startsWith("ALIASFREE_") && property != null
        ? property
        : System.getenv(variable);
  }

  static NetworkStoreOptions from(
      Function<String, @Nullable String> environment, String system, String home) {
    String forbidden = environment.apply(OFFLINE_VARIABLE);
    return in(CacheFolder.of(environment, system, home).resolve("networks"))
        .withOffline(forbidden != null && !forbidden.isBlank() && !forbidden.strip().equals("0"));
  }

  /** These with or without downloads. */
  public NetworkStoreOptions withOffline(boolean value) {
    return new NetworkStoreOptions(
        folder, value, connectTimeout, stallTimeout, tries, backOff, listener);
  }

  /** These with another listener. */
  public NetworkStoreOptions withListener(DownloadListener value) {
    return new NetworkStoreOptions(
        folder, offline, connectTimeout, stallTimeout, tries, backOff, value);
  }

  /** These with other time-outs. */
  public NetworkStoreOptions withTimeouts(Duration connect, Duration stall) {
    return new NetworkStoreOptions(folder, offline, connect, stall, tries, backOff, listener);
  }

  /** These with other tries. */
  public NetworkStoreOptions withTries(int count, Duration firstPause) {
    return new NetworkStoreOptions(
        folder, offline, connectTimeout, stallTimeout, count, firstPause, listener);
  }
}
