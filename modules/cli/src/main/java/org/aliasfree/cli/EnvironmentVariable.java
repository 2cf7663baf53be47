package org.aliasfree.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A variable of the environment that changes what the command does.
 *
 * @param name as it is set
 * @param meaning sentences for the manual
 */
record EnvironmentVariable(String name, String meaning) {
  /** Proxies as other programs take them; Java does not. */
  static final List<String> PROXIES =
      Stream.of("http_proxy", "https_proxy", "all_proxy", "no_proxy")
          .flatMap(name -> Stream.of(name, name.toUpperCase(Locale.ROOT)))
          .toList();

  private static final List<EnvironmentVariable> ALL =
      List.of(
          new EnvironmentVariable(
              "ALIASFREE_OPTS", "More options for Java, split at blanks, such as -Xmx8g."),
          new EnvironmentVariable(
              "ALIASFREE_JAVA_HOME",
              "The JDK to use. Otherwise JAVA_HOME, java on the PATH, or the usual folders."),
          new EnvironmentVariable(
              "ALIASFREE_CACHE", "The folder for downloads, instead of the user's cache folder."),
          new EnvironmentVariable(
              "ALIASFREE_OFFLINE", "1: download nothing, as the option --offline."),
          new EnvironmentVariable(
              "ALIASFREE_DEBUG",
              "Not empty: print stack traces of failures, as the option --debug."),
          new EnvironmentVariable(
              "XDG_CACHE_HOME", "The folder in which that for downloads is; otherwise ~/.cache."),
          new EnvironmentVariable("NO_COLOR", "Not empty: no colours (https://no-color.org)."),
          new EnvironmentVariable(
              "TERM", "dumb: no colours, and no line that shows progress and is rewritten."),
          new EnvironmentVariable("COLUMNS", "Width of the line that shows progress."),
          new EnvironmentVariable("JAVA_HOME", "A JDK; not needed where one is found."),
          new EnvironmentVariable(
              "JAVA_TOOL_OPTIONS", "More options for every Java program, this one too."),
          new EnvironmentVariable(
              "JDK_JAVA_OPTIONS", "More options for every program started by java, this one too."));

  /** All, for the manual. */
  static List<EnvironmentVariable> all() {
    return ALL;
  }

  /** Whether it, or one that may be meant, belongs into a report. */
  static boolean matters(String name) {
    return name.startsWith("ALIASFREE_")
        || PROXIES.contains(name)
        || Set.of("LANG", "LC_ALL", "LC_CTYPE").contains(name)
        || ALL.stream().anyMatch(variable -> variable.name.equals(name));
  }
}
