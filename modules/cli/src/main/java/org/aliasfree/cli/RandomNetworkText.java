package org.aliasfree.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.StyleGan3Config;

/**
 * Reads {@code stylegan3-t-256?seed=1&cmax=64}: a preset and keywords that change it, named as in
 * network files, with the short names of the official training command ({@code cbase}, {@code
 * cmax}) besides.
 */
final class RandomNetworkText {
  private static final Pattern STYLEGAN2 = Pattern.compile("stylegan2-(\\d{1,9})");
  private static final Pattern STYLEGAN3 = Pattern.compile("(?:stylegan3-)?[tr]-\\d{1,9}");

  private long seed;

  private RandomNetworkText() {}

  /** What can be changed of a preset. */
  interface Keys {
    /** Takes the value of each keyword. */
    Map<String, Consumer<String>> setters();

    /** The network with what was set. */
    NetworkSource source(long seed);
  }

  /** Understands what follows {@code random:}. */
  static NetworkSource parse(String text) {
    int question = text.indexOf('?');
    Keys keys = preset(question < 0 ? text : text.substring(0, question));
    RandomNetworkText draft = new RandomNetworkText();
    Map<String, Consumer<String>> setters = new LinkedHashMap<>();
    setters.put("seed", v -> draft.seed = OptionValues.seed(v));
    setters.putAll(keys.setters());
    Set<String> given = new HashSet<>();
    if (question >= 0 && question < text.length() - 1) {
      for (String pair : text.substring(question + 1).split("&", -1)) {
        set(pair, setters, given);
      }
    }
    return keys.source(draft.seed);
  }

  private static Keys preset(String name) {
    Matcher second = STYLEGAN2.matcher(name);
    if (second.matches()) {
      return new RandomStyleGan2(Integer.parseInt(second.group(1)));
    }
    if (STYLEGAN3.matcher(name).matches()) {
      return new RandomStyleGan3(StyleGan3Config.preset(name));
    }
    throw new AliasFreeException(
        "There is no preset called "
            + OptionValues.quoted(name)
            + "; give stylegan3-t-R, stylegan3-r-R (short t-R, r-R) or stylegan2-R, where R is the"
            + " resolution, for example stylegan3-t-256.");
  }

  private static void set(String pair, Map<String, Consumer<String>> setters, Set<String> given) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    Consumer<String> setter = setters.get(key);
    if (equals < 0 || setter == null) {
      throw new AliasFreeException(
          OptionValues.quoted(pair)
              + " does not set a keyword of this network; there are "
              + String.join(", ", setters.keySet())
              + ", each with = and a value.");
    }
    if (!given.add(key)) {
      throw new AliasFreeException(key + ": it is given twice; give it once.");
    }
    try {
      setter.accept(pair.substring(equals + 1));
    } catch (AliasFreeException e) {
      throw new AliasFreeException(key + ": " + e.getMessage(), e);
    }
  }

  static int integer(String text) {
    return OptionValues.integer(text, 0, Integer.MAX_VALUE);
  }

  static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new AliasFreeException(OptionValues.quoted(text) + " is not true or false.");
    };
  }

  static OptionalDouble numberOrNone(String text) {
    return text.equals("none")
        ? OptionalDouble.empty()
        : OptionalDouble.of(OptionValues.number(text));
  }
}
