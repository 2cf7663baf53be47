package org.aliasfree.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.backend.Backends;
import org.jspecify.annotations.Nullable;

/**
 * What {@code aliasfree doctor} asks: this machine, or in tests another.
 *
 * @param environment variables
 * @param properties tells system properties; null for those that are not set
 * @param root where the system's own files are looked up, {@code /}
 * @param javaOptions what Java was started with
 * @param backends lists them, as {@code aliasfree devices}
 */
record Machine(
    Map<String, String> environment,
    Function<String, @Nullable String> properties,
    Path root,
    List<String> javaOptions,
    Supplier<List<Backends.Found>> backends) {
  /** This one. */
  static Machine here() {
    return new Machine(
        System.getenv(),
        System::getProperty,
        Path.of("/"),
        ManagementFactory.getRuntimeMXBean().getInputArguments(),
        Backends::list);
  }

  /** A system property, or an empty text. */
  String property(String name) {
    String value = properties.apply(name);
    return value == null ? "" : value;
  }

  /** The text of a file of the system; empty where there is none, as on another system. */
  Optional<String> file(String path) {
    try {
      return Optional.of(
          new String(Files.readAllBytes(root.resolve(path)), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a group of a pattern is in a file of the system, the first time that it is there. */
  Optional<String> find(String path, String pattern) {
    return file(path)
        .map(text -> Pattern.compile(pattern, Pattern.MULTILINE).matcher(text))
        .filter(Matcher::find)
        .map(matcher -> matcher.group(1).strip());
  }
}
