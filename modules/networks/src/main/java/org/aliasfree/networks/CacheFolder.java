package org.aliasfree.networks;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.jspecify.annotations.Nullable;

/** Where programs of this system keep what can be had again. */
final class CacheFolder {
  static final String VARIABLE = "ALIASFREE_CACHE";
  private static final String NAME = "aliasfree";

  private CacheFolder() {}

  /**
   * The folder: {@code ALIASFREE_CACHE}; or the system's usual place.
   *
   * @param environment gives variables of the environment, null for those that are not set
   * @param system the name of the operating system
   * @param home the user's folder
   */
  static Path of(Function<String, @Nullable String> environment, String system, String home) {
    String chosen = environment.apply(VARIABLE);
    if (chosen != null && !chosen.isBlank()) {
      return path(chosen).toAbsolutePath();
    }
    String lower = system.toLowerCase(Locale.ROOT);
    if (lower.startsWith("windows")) {
      String local = environment.apply("LOCALAPPDATA");
      return local == null || local.isBlank()
          ? home(home).resolve("AppData").resolve("Local").resolve(NAME)
          : path(local).resolve(NAME);
    }
    String shared = environment.apply("XDG_CACHE_HOME");
    if (shared != null && !shared.isBlank() && path(shared).isAbsolute()) {
      return path(shared).resolve(NAME); // relative ones are to be ignored, its specification says
    }
    return lower.startsWith("mac")
        ? home(home).resolve("Library").resolve("Caches").resolve(NAME)
        : home(home).resolve(".cache").resolve(NAME);
  }

  private static Path home(String home) {
    if (home.isBlank() || home.equals("?")) {
      throw new AliasFreeException(
          "There is no folder to keep downloads in, since this user has none: set "
              + VARIABLE
              + " to a folder.");
    }
    return path(home);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new AliasFreeException(
          "\"" + text + "\" is not a folder to keep downloads in; set " + VARIABLE + " to one.", e);
    }
  }
}
