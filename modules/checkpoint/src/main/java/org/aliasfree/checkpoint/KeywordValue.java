package org.aliasfree.checkpoint;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.op.Activation;
import org.jspecify.annotations.Nullable;

/**
 * The value of a constructor keyword in a file, which may be of any kind.
 *
 * @param whose for messages: {@code the generator}
 * @param name of the keyword, after that of the keyword that holds it: {@code
 *     mapping_kwargs.num_layers}
 * @param value as in {@link StoredModule}
 */
record KeywordValue(String whose, String name, @Nullable Object value) {
  private static final int MOST_TAPS = 4096;

  int integer() {
    double number = number("an integer of at most 31 bits");
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrongKind("an integer of at most 31 bits");
    }
    return (int) number;
  }

  double number() {
    return number("a number");
  }

  /** Empty for {@code None}. */
  OptionalInt integerOrNone() {
    return value == null ? OptionalInt.empty() : OptionalInt.of(integer());
  }

  /** Empty for {@code None}. */
  OptionalDouble numberOrNone() {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(number());
  }

  boolean bool() {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw wrongKind("True or False");
  }

  /** The one of these that the value is the name of. */
  <T> T oneOf(T[] choices, Function<T, String> label) {
    for (T choice : choices) {
      if (label.apply(choice).equals(value)) {
        return choice;
      }
    }
    throw wrongKind("one of " + Arrays.stream(choices).map(label).collect(joining(", ")));
  }

  Activation activation() {
    return oneOf(Activation.values(), Activation::label);
  }

  BlockArchitecture architecture() {
    return oneOf(BlockArchitecture.values(), BlockArchitecture::label);
  }

  /** Taps of a resampling filter: a list, one number, or {@code None} for no filtering. */
  List<Double> taps() {
    String expected = "a list of numbers, one number, or None";
    return switch (value) {
      case null -> List.of(1.0);
      case List<?> rows when rows.stream().anyMatch(List.class::isInstance) ->
          throw wrongKind(
              expected + " (filters that are given in two dimensions are not supported)");
      case List<?> list when list.size() <= MOST_TAPS ->
          list.stream().map(tap -> new KeywordValue(whose, name, tap).number()).toList();
      default -> List.of(number(expected));
    };
  }

  private double number(String expected) {
    return switch (value) {
      case Integer integer -> integer;
      case Long integer -> integer;
      case Double real -> real;
      case null, default -> throw wrongKind(expected);
    };
  }

  private AliasFreeException wrongKind(String expected) {
    return new AliasFreeException(
        "In the file, "
            + whose
            + "'s "
            + name
            + " is "
            + Quoted.bare(String.valueOf(value))
            + "; "
            + expected
            + " is expected.");
  }
}
