package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.aliasfree.op.ShapeException;
import org.aliasfree.tensor.DType;

/** Cases of every op, made by choices. */
public final class CaseGenerators {
  /** More elements than this are not worth their time. */
  private static final long MOST_ELEMENTS = 60_000;

  private static final Map<String, Generator> ALL = new LinkedHashMap<>();

  static {
    ElementwiseCases.putInto(ALL);
    MovementCases.putInto(ALL);
    LinearCases.putInto(ALL);
    ImageCases.putInto(ALL);
  }

  private CaseGenerators() {}

  /** Makes cases of one op; may fail with a ShapeException where choices do not fit together. */
  @FunctionalInterface
  interface Generator {
    /** A case whose floating-point arguments are of this type. */
    Case make(Choices choices, DType type);
  }

  /**
   * Names of what there are cases of: the op's record, or that with a word for a special kind of
   * cases.
   */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /** The case of {@code name} that choices make, its floating-point arguments of this type. */
  public static Case of(String name, DType type, List<Integer> numbers) {
    return of(name, type, new Choices(numbers));
  }

  /** The smallest numbers that make the same case. */
  static List<Integer> taken(String name, DType type, List<Integer> numbers) {
    Choices choices = new Choices(numbers);
    of(name, type, choices);
    return choices.taken();
  }

  private static Case of(String name, DType type, Choices choices) {
    Generator generator = Objects.requireNonNull(ALL.get(name), name);
    for (int attempt = 0; attempt < 40; attempt++) {
      try {
        Case made = generator.make(choices, type);
        if (isWorthwhile(made)) {
          return made;
        }
      } catch (ShapeException e) {
        // These attributes do not fit together; the next choices may, and the simplest do.
      }
    }
    return generator.make(new Choices(List.of()), type);
  }

  private static boolean isWorthwhile(Case made) {
    return made.elements() <= MOST_ELEMENTS
        && made.op().infer(made.arguments().stream().map(Argument::type).toList()).stream()
            .allMatch(t -> t.elements() > 0);
  }

  /** A random case. */
  static Case of(String name, DType type, Random random) {
    return of(name, type, Choices.random(random));
  }
}
