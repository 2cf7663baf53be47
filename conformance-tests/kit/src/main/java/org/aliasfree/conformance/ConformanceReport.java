package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a {@link ConformanceRun} found.
 *
 * @param backend id of the backend
 * @param description of the open backend
 * @param settings how thoroughly it was tried
 * @param ops a row for each op
 * @param rules a row for each rule
 */
public record ConformanceReport(
    String backend, String description, Settings settings, List<Row> ops, List<Row> rules) {

  /** Copies the lists. */
  public ConformanceReport {
    ops = List.copyOf(ops);
    rules = List.copyOf(rules);
  }

  /** How a check ended. */
  public enum Verdict {
    /** The rule holds. */
    PASSED,
    /** A rule that every backend must follow is broken. */
    FAILED,
    /** A rule that a backend may follow does not hold. */
    NO,
    /** The rule does not apply. */
    SKIPPED
  }

  /**
   * An op or a rule.
   *
   * @param name the op, or the rule's id
   * @param verdict how it ended
   * @param cases random cases tried; 0 for a rule
   * @param largestError largest error, as a part of what is allowed; 0 for a rule
   * @param note why, or what
   */
  public record Row(String name, Verdict verdict, int cases, double largestError, String note) {}

  /** Whether the backend follows all rules that it must. */
  public boolean passed() {
    return failed().isEmpty();
  }

  /** What failed. */
  public List<Row> failed() {
    List<Row> all = new ArrayList<>(ops);
    all.addAll(rules);
    return all.stream().filter(r -> r.verdict() == Verdict.FAILED).toList();
  }

  /** The report as lines for people. */
  public List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add(backend + ": " + description);
    lines.add("");
    lines.add(
        String.format(Locale.ROOT, "%-26s %6s %13s  %s", "OP", "CASES", "ERROR/ALLOWED", "RESULT"));
    for (Row row : ops) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%-26s %6d %13.3f  %s",
              row.name(),
              row.cases(),
              row.largestError(),
              result(row)));
    }
    lines.add("");
    lines.add(String.format(Locale.ROOT, "%-6s  %s", "RULE", "RESULT"));
    for (Row row : rules) {
      lines.add(String.format(Locale.ROOT, "%-6s  %s", row.name(), result(row)));
    }
    lines.add("");
    int failures = failed().size();
    lines.add(
        failures == 0
            ? backend + " follows every rule that it must."
            : backend + " FAILED " + failures + " of " + (ops.size() + rules.size()) + " checks.");
    return lines;
  }

  private static String result(Row row) {
    return switch (row.verdict()) {
      case PASSED -> "passed  " + row.note();
      case FAILED -> "FAILED  " + row.note();
      case NO -> "no      " + row.note();
      case SKIPPED -> "skipped " + row.note();
    };
  }
}
