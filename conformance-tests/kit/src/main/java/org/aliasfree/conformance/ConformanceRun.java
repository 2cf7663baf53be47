package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.ConformanceReport.Row;
import org.aliasfree.conformance.ConformanceReport.Verdict;
import org.aliasfree.tensor.DType;

/** All rules, checked on one backend without any test framework. */
public final class ConformanceRun {
  private final Subject subject;
  private final Settings settings;
  private final Listener listener;
  private final Map<Rule, Violation> broken = new TreeMap<>();
  private final List<Row> ops = new ArrayList<>();
  private int done;

  private ConformanceRun(Subject subject, Settings settings, Listener listener) {
    this.subject = subject;
    this.settings = settings;
    this.listener = listener;
  }

  /** Is told how far a run is. */
  @FunctionalInterface
  public interface Listener {
    /** Part {@code index}, from 0, of {@code count} begins. */
    void begins(String part, int index, int count);
  }

  /**
   * Checks a backend that is available.
   *
   * @param options how it is opened; its allocator is wrapped
   */
  public static ConformanceReport of(
      BackendProvider provider, BackendOptions options, Settings settings, Listener listener) {
    try (Subject subject = new Subject(provider, options)) {
      ConformanceRun run = new ConformanceRun(subject, settings, listener);
      run.tryOps();
      return new ConformanceReport(
          provider.id(), subject.backend().description(), settings, run.ops, run.checkRules());
    }
  }

  private int count() {
    return CaseGenerators.names().size() + Rule.values().length;
  }

  private void tryOps() {
    Trials trials = new Trials(subject);
    for (String name : CaseGenerators.names()) {
      listener.begins(name, done++, count());
      int cases = 0;
      Violation first = null;
      for (DType type : subject.floats()) {
        try {
          trials.random(Rule.OP_1, name, type, settings);
          cases += settings.triesOf(name, Rule.OP_1);
        } catch (Violation v) {
          broken.putIfAbsent(v.rule(), v);
          first = first == null ? v : first;
        }
      }
      String types = String.join(" ", subject.floats().stream().map(DType::label).toList());
      ops.add(
          first == null
              ? new Row(name, Verdict.PASSED, cases, error(trials, name), types)
              : new Row(name, Verdict.FAILED, cases, error(trials, name), sentence(first)));
    }
  }

  /** The op of a kind of cases: what errors are listed by. */
  private static double error(Trials trials, String name) {
    return trials.largestError(name.split(" ", 2)[0]);
  }

  private List<Row> checkRules() {
    RuleChecks checks = new RuleChecks(subject, settings);
    List<Row> rows = new ArrayList<>();
    for (Rule rule : Rule.values()) {
      listener.begins(rule.id(), done++, count());
      rows.add(check(rule, checks));
    }
    return rows;
  }

  private Row check(Rule rule, RuleChecks checks) {
    Violation seen = broken.get(rule);
    try {
      if (seen == null && !isOfOps(rule)) {
        checks.check(rule);
      }
    } catch (Violation v) {
      seen = v;
    } catch (Skipped s) {
      return new Row(rule.id(), Verdict.SKIPPED, 0, 0, String.valueOf(s.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      seen = new Violation(rule, "the backend threw " + e + ".", e);
    }
    if (seen == null) {
      return new Row(rule.id(), Verdict.PASSED, 0, 0, rule.sentence());
    }
    return new Row(rule.id(), rule.isMust() ? Verdict.FAILED : Verdict.NO, 0, 0, sentence(seen));
  }

  /** Rules that {@link #tryOps} has checked already. */
  private boolean isOfOps(Rule rule) {
    return switch (rule) {
      case OP_1, OP_2, OP_3, DET_1 -> true;
      case MEM_1, MEM_2 -> subject.allocator().isHostMemory();
      default -> false;
    };
  }

  private static String sentence(Violation v) {
    return v.rule().id().toUpperCase(Locale.ROOT) + ": " + v.fact();
  }
}
