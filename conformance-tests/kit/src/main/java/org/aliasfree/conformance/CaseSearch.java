package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.aliasfree.tensor.DType;
import org.jspecify.annotations.Nullable;

/**
 * Makes a failing case smaller: numbers are left out, set to 0, halved and counted down, as long as
 * the case still breaks the same rule.
 */
final class CaseSearch {
  private static final int MOST_TRIES = 400;
  private static final long MOST_NANOS = 15_000_000_000L;

  private final String name;
  private final DType type;
  private final Consumer<Case> check;
  private final long end = System.nanoTime() + MOST_NANOS;
  private int tries;

  CaseSearch(String name, DType type, Consumer<Case> check) {
    this.name = name;
    this.type = type;
    this.check = check;
  }

  /** The violation of the smallest case found, from one that these numbers make. */
  Violation smallest(List<Integer> numbers, Violation first) {
    Violation best = first;
    List<Integer> current = new ArrayList<>(CaseGenerators.taken(name, type, numbers));
    boolean progress = true;
    while (progress && tries < MOST_TRIES && System.nanoTime() < end) {
      progress = false;
      for (int i = current.size() - 1; i >= 0; i--) {
        for (List<Integer> simpler : simpler(current, i)) {
          Violation violation = breaks(simpler, first.rule());
          if (violation != null) {
            best = violation;
            current = simpler;
            progress = true;
            break;
          }
        }
        i = Math.min(i, current.size());
      }
    }
    return best;
  }

  private static List<List<Integer>> simpler(List<Integer> numbers, int i) {
    List<List<Integer>> simpler = new ArrayList<>();
    int value = numbers.get(i);
    if (value == 0) {
      return simpler;
    }
    for (int smaller : new int[] {0, value / 2, value - 1}) {
      if (smaller < value) {
        List<Integer> changed = new ArrayList<>(numbers);
        changed.set(i, smaller);
        simpler.add(changed);
      }
    }
    return simpler;
  }

  private @Nullable Violation breaks(List<Integer> numbers, Rule rule) {
    if (tries++ >= MOST_TRIES || System.nanoTime() >= end) {
      return null;
    }
    try {
      check.accept(CaseGenerators.of(name, type, numbers));
      return null;
    } catch (Violation v) {
      return v.rule() == rule ? v : null;
    }
  }
}
