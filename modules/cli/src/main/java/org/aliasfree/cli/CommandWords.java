package org.aliasfree.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;

/**
 * A command line taken apart as a shell does: at blanks, with quotes and backslashes, and settings
 * of environment variables before the command. No shell is started, so nothing else of a shell
 * works. Words in braces stand for what is only known when the command is run.
 *
 * @param environment variables to set
 * @param words the command and its arguments
 */
record CommandWords(Map<String, String> environment, List<String> words) {
  private static final Pattern SETTING =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=(.*)", Pattern.DOTALL);
  private static final Pattern PLACE = Pattern.compile("\\{([a-z]+)\\}");

  /**
   * Takes a line apart.
   *
   * @param places the words that may stand in braces
   */
  static CommandWords parse(String line, Set<String> places) {
    Map<String, String> environment = new LinkedHashMap<>();
    List<String> words = new ArrayList<>();
    for (String word : split(line)) {
      checkPlaces(word, places);
      Matcher setting = SETTING.matcher(word);
      if (words.isEmpty() && setting.matches()) {
        environment.put(setting.group(1), setting.group(2));
      } else {
        words.add(word);
      }
    }
    if (words.isEmpty() || words.getFirst().isBlank()) {
      throw new AliasFreeException(
          OptionValues.quoted(line) + " names no command; give one such as \"python measure.py\".");
    }
    return new CommandWords(environment, words);
  }

  private static void checkPlaces(String word, Set<String> places) {
    Matcher place = PLACE.matcher(word);
    while (place.find()) {
      if (!places.contains(place.group(1))) {
        throw new AliasFreeException(
            place.group()
                + " stands for nothing; there are {"
                + String.join("}, {", new TreeSet<>(places))
                + "}.");
      }
    }
  }

  private static List<String> split(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
        }
        word = null;
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        char next = line.charAt(++i);
        word.append(quote == '"' && next != '"' && next != '\\' ? "\\" + next : next);
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new AliasFreeException(
          "a quote " + quote + " is opened and never closed in " + OptionValues.quoted(line) + ".");
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }

  /** This with something in each place. */
  CommandWords with(Map<String, String> values) {
    Map<String, String> filled = new LinkedHashMap<>();
    environment.forEach((name, value) -> filled.put(name, fill(value, values)));
    return new CommandWords(filled, words.stream().map(word -> fill(word, values)).toList());
  }

  private static String fill(String word, Map<String, String> values) {
    return PLACE
        .matcher(word)
        .replaceAll(m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), m.group())));
  }
}
