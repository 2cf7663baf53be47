package org.aliasfree.conformance;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.aliasfree.tensor.DType;

/** Tries rules on random cases, and makes a case that breaks one smaller. */
public final class Trials {
  private final Subject subject;
  private final OpChecks ops;
  private final LawChecks laws;

  /** Trials of a backend. */
  public Trials(Subject subject) {
    this.subject = subject;
    ops = new OpChecks(subject);
    laws = new LawChecks(subject);
  }

  /** Whether cases are what a rule is tried on. */
  static boolean isTriedOnCases(Rule rule) {
    return switch (rule) {
      case OP_1, OP_2, OP_3, OP_4, LAW_1, LAW_2, LAW_4, DET_1, DET_2, DET_3, MEM_1, MEM_2 -> true;
      default -> false;
    };
  }

  private Consumer<Case> check(Rule rule) {
    return switch (rule) {
      case OP_4 -> ops::checkDefinition;
      case LAW_1 -> laws::checkAdjoint;
      case LAW_2 -> laws::checkLinear;
      case LAW_4 -> new DifferenceLaw(subject)::check;
      case DET_2 -> ops::checkThreads;
      case DET_3 -> ops::checkBatch;
      default -> ops::check; // the rules that belong to every execution
    };
  }

  /**
   * Tries a rule on one case: OP-1 to OP-3, DET-1, MEM-1 and MEM-2 are tried together.
   *
   * @param numbers the choices that make the case
   * @throws Violation with the smallest case found
   * @throws Skipped if the backend has not the element type
   */
  public void trial(Rule rule, String op, DType type, List<Integer> numbers) {
    require(type);
    Consumer<Case> check = check(rule);
    Case made = CaseGenerators.of(op, type, numbers);
    if (!ops.supports(made)) {
      return;
    }
    try {
      check.accept(made);
    } catch (Violation v) {
      throw new CaseSearch(op, type, check).smallest(numbers, v);
    }
  }

  /**
   * Tries every rule about cases on one case.
   *
   * @throws Violation if one is broken
   * @throws Skipped if the backend has not the element types of the case
   */
  public void all(Case c) {
    if (!ops.supports(c)) {
      throw new Skipped(
          subject.backend().id()
              + " has only the element types "
              + subject.backend().dtypes()
              + ".");
    }
    for (Rule rule : Rule.values()) {
      if (isTriedOnCases(rule)) {
        check(rule).accept(c);
      }
    }
  }

  /** Fails with the reason if the backend has not an element type. */
  public void require(DType type) {
    if (!subject.backend().dtypes().contains(type)) {
      throw new Skipped(
          subject.backend().id()
              + " has no "
              + type.label()
              + "; it has "
              + subject.backend().dtypes()
              + ".");
    }
  }

  /** Tries a rule on random cases of an op. */
  void random(Rule rule, String op, DType type, Settings settings) {
    Random random =
        new Random(settings.seed() * 31 + op.hashCode() + 1009L * rule.name().hashCode());
    for (int i = settings.triesOf(op, rule); i > 0; i--) {
      trial(rule, op, type, Choices.random(random));
    }
  }

  /** What was compared so far, by op. */
  Map<String, Comparison> seen() {
    return ops.seen();
  }

  /** The largest error so far of an op, as a part of what is allowed; 0 when there was none. */
  public double largestError(String op) {
    Comparison comparison = ops.seen().get(op);
    return comparison == null ? 0 : comparison.worst();
  }

  /** The largest error so far, as a part of what is allowed. */
  public double largestError() {
    return ops.seen().values().stream().mapToDouble(Comparison::worst).max().orElse(0);
  }
}
