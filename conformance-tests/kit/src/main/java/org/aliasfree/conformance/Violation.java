package org.aliasfree.conformance;

import org.jspecify.annotations.Nullable;

/** A backend broke a rule: which, and how to see it again. */
public final class Violation extends AssertionError {
  private static final long serialVersionUID = 1L;

  private final Rule rule;
  private final String fact;

  /** A rule broken in a way that {@code fact} tells in a sentence. */
  public Violation(Rule rule, String fact) {
    this(rule, fact, null);
  }

  /** As above, with what the backend threw. */
  public Violation(Rule rule, String fact, @Nullable Throwable cause) {
    super("[" + rule.id() + "] " + rule.sentence() + " But " + fact, cause);
    this.rule = rule;
    this.fact = fact;
  }

  /** As {@code other}, met with this case, which a system property runs again. */
  Violation(Violation other, Case c) {
    this(other.rule, other.fact + " Again: -Dconformance.case='" + c + "'", other.getCause());
  }

  /** The rule. */
  public Rule rule() {
    return rule;
  }

  /** What was met. */
  public String fact() {
    return fact;
  }
}
