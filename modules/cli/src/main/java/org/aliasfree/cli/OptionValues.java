package org.aliasfree.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.checkpoint.GeneratorFiles;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.random.RandomState;

/** Values of options that are more than a word, in the grammar of the official tools. */
final class OptionValues {
  /** More seeds than anybody waits for; guards against 0-4294967295 filling the memory. */
  static final int MAX_SEEDS = 1_000_000;

  private static final Pattern RANGE = Pattern.compile("(\\d{1,18})-(\\d{1,18})");
  private static final Pattern SEED = Pattern.compile("\\+?(\\d{1,18})");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?");
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,5})d)?(?:(\\d{1,7})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?");
  private static final Pattern GRID = Pattern.compile("(\\d{1,9})[xX,](\\d{1,9})");

  private OptionValues() {}

  /** A point or a shift. */
  record Vector2(double x, double y) {}

  /** Columns and rows of a grid. */
  record GridSize(int width, int height) {
    long cells() {
      return (long) width * height;
    }
  }

  /** {@code 1,2,5-10}: seeds and ranges with both ends, in this order, repetitions kept. */
  static List<Long> seeds(String text) {
    return list(text, "seed", "seeds", RandomState.MAX_SEED);
  }

  /** One seed. */
  static long seed(String text) {
    List<Long> seeds = seeds(text);
    if (seeds.size() != 1) {
      throw new AliasFreeException(
          "give one seed from 0 to " + RandomState.MAX_SEED + ", not " + quoted(text) + ".");
    }
    return seeds.getFirst();
  }

  /**
   * {@code 1,2,5-10}: things counted from 0.
   *
   * @param one what such a thing is called
   * @param many what several are
   */
  static List<Integer> indices(String text, String one, String many) {
    return list(text, one, many, Integer.MAX_VALUE - 1).stream().map(Long::intValue).toList();
  }

  private static List<Long> list(String text, String one, String many, long max) {
    List<Long> list = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      String piece = part.strip();
      Matcher range = RANGE.matcher(piece);
      Matcher single = SEED.matcher(piece);
      boolean isRange = range.matches();
      if (!isRange && !single.matches()) {
        throw new AliasFreeException(
            quoted(piece)
                + (" is neither a " + one + " nor a range of " + many)
                + "; give a list such as 1,2,5-10.");
      }
      long first = Long.parseLong((isRange ? range : single).group(1));
      long last = isRange ? Long.parseLong(range.group(2)) : first;
      if (Math.max(first, last) > max) {
        throw new AliasFreeException(
            "the "
                + one
                + " "
                + Math.max(first, last)
                + " is too large; "
                + many
                + " go from 0 to "
                + max
                + ".");
      }
      addRange(list, piece, first, last, one, many);
    }
    return list;
  }

  private static void addRange(
      List<Long> list, String piece, long first, long last, String one, String many) {
    if (first > last) {
      throw new AliasFreeException(
          "the range " + piece + " ends before it begins; give the smaller " + one + " first.");
    }
    if (list.size() + (last - first + 1) > MAX_SEEDS) {
      throw new AliasFreeException(
          "these are more than "
              + MAX_SEEDS
              + " "
              + many
              + "; split the work into several commands.");
    }
    for (long value = first; value <= last; value++) {
      list.add(value);
    }
  }

  /** {@code -1,0.5,1}: numbers, in this order. */
  static List<Double> numbers(String text) {
    return Stream.of(text.split(",", -1)).map(OptionValues::number).toList();
  }

  /** A finite number, written with digits. */
  static double number(String text) {
    String digits = text.strip();
    double value = NUMBER.matcher(digits).matches() ? Double.parseDouble(digits) : Double.NaN;
    if (!Double.isFinite(value) || Float.isInfinite((float) value)) {
      throw new AliasFreeException(quoted(text) + " is not a number; give one such as 0.7.");
    }
    return value;
  }

  /** A whole number from {@code min} to {@code max}. */
  static int integer(String text, int min, int max) {
    String digits = text.strip();
    long value = INTEGER.matcher(digits).matches() ? Long.parseLong(digits) : Long.MIN_VALUE;
    if (value < min || value > max) {
      throw new AliasFreeException(
          quoted(text) + " is not a whole number from " + min + " to " + max + ".");
    }
    return (int) value;
  }

  /** A number from {@code min} to {@code max}. */
  static double number(String text, double min, double max) {
    double value = number(text);
    if (value < min || value > max) {
      throw new AliasFreeException(
          quoted(text)
              + (max == Double.MAX_VALUE
                  ? " is not a number of " + min + " or more."
                  : " is not a number from " + min + " to " + max + "."));
    }
    return value;
  }

  /** Yes or no, in the words that the official tools take. */
  static boolean flag(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "1", "true", "t", "yes", "y", "on" -> true;
      case "0", "false", "f", "no", "n", "off" -> false;
      default ->
          throw new AliasFreeException(quoted(text) + " is not a valid boolean; give 1 or 0.");
    };
  }

  /** {@code 90s}, {@code 90m}, {@code 8h}, {@code 1d12h}. */
  static Duration duration(String text) {
    Matcher m = DURATION.matcher(text.strip());
    long[] units = {86_400, 3_600, 60, 1};
    long seconds = 0;
    if (m.matches()) {
      for (int i = 0; i < units.length; i++) {
        String digits = m.group(i + 1);
        seconds += digits == null ? 0 : Long.parseLong(digits) * units[i];
      }
    }
    if (seconds == 0) {
      throw new AliasFreeException(
          quoted(text) + " is not a time; give one such as 90m, 8h or 1d12h.");
    }
    return Duration.ofSeconds(seconds);
  }

  /** {@code x,y}. */
  static Vector2 vector2(String text) {
    List<String> parts = List.of(text.split(",", -1));
    if (parts.size() == 2) {
      try {
        return new Vector2(number(parts.get(0)), number(parts.get(1)));
      } catch (AliasFreeException e) {
        throw cannotParseVector(text, e);
      }
    }
    throw cannotParseVector(text, null);
  }

  private static AliasFreeException cannotParseVector(
      String text, @org.jspecify.annotations.Nullable AliasFreeException cause) {
    return new AliasFreeException(
        "cannot parse 2-vector " + quoted(text) + "; give two numbers x,y such as 0.1,-0.05.",
        cause);
  }

  /** {@code WxH} or {@code W,H}. */
  static GridSize grid(String text) {
    Matcher m = GRID.matcher(text.strip());
    GridSize grid =
        m.matches()
            ? new GridSize(Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)))
            : new GridSize(0, 0);
    if (grid.cells() == 0) {
      throw new AliasFreeException(
          "cannot parse tuple " + quoted(text) + "; give columns and rows such as 4x3.");
    }
    return grid;
  }

  /** {@code const}, {@code random} or {@code none}. */
  static NoiseMode noiseMode(String text) {
    for (NoiseMode mode : NoiseMode.values()) {
      if (mode.label().equals(text)) {
        return mode;
      }
    }
    throw new AliasFreeException(quoted(text) + " is not one of const, random, none.");
  }

  /** A path, of something that need not exist. */
  static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new AliasFreeException(
          quoted(text) + " cannot be the name of a file: " + e.getReason() + ".", e);
    }
  }

  /** {@code G_ema} or {@code G}. */
  static String generatorName(String text) {
    if (!text.equals(GeneratorFiles.AVERAGE) && !text.equals("G")) {
      throw new AliasFreeException(
          quoted(text) + " does not make pictures; the generators of a file are G_ema and G.");
    }
    return text;
  }

  static String quoted(String text) {
    return '"' + cut(text) + '"';
  }

  /** At most 80 characters of it: messages and tables are not endless. */
  static String cut(String text) {
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
