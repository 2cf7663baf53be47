package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.aliasfree.backend.Backend;
import org.aliasfree.conformance.Oracle.Expected;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;

/** The rules for single ops, checked case by case. */
final class OpChecks {
  private static final int DECOY = 1;

  private final Subject subject;
  private final Map<String, Comparison> seen = new TreeMap<>();
  private final Map<String, Integer> cases = new TreeMap<>();

  OpChecks(Subject subject) {
    this.subject = subject;
  }

  /** Comparisons so far by op. */
  synchronized Map<String, Comparison> seen() {
    return new LinkedHashMap<>(seen);
  }

  /** Cases so far by op. */
  synchronized Map<String, Integer> cases() {
    return new LinkedHashMap<>(cases);
  }

  /**
   * Checks values, gradients and their gradients, memory and repetition.
   *
   * @throws Violation if a rule was broken
   */
  void check(Case c) {
    naming(c, () -> checkAll(c));
  }

  /** Adds to a violation the case that it was met with. */
  static void naming(Case c, Runnable check) {
    try {
      check.run();
    } catch (Violation v) {
      throw new Violation(v, c);
    } catch (RuntimeException | AssertionError | LinkageError e) {
      throw new Violation(new Violation(Rule.OP_1, "the backend threw " + e + ".", e), c);
    }
  }

  private void checkAll(Case c) {
    CaseGraph tried = new CaseGraph(c, true);
    Graph graph = tried.graph();
    Map<String, HostTensor> values = tried.values(0);
    KitAllocator allocator = subject.allocator();
    int before = allocator.livePieces();
    Map<String, HostTensor> got;
    try (Execution execution = new Execution(subject.backend(), graph, allocator)) {
      execution.bind(tried.values(DECOY));
      execution.execute();
      execution.bind(values);
      got = execution.execute();
      compare(c, graph, values, got);
      sameBits(Rule.DET_1, "a second execution of the same run", got, execution.execute());
      execution.renew();
      execution.bind(values);
      sameBits(
          Rule.MEM_2,
          "the first execution of a run whose memory held rubbish",
          got,
          execution.execute());
    }
    checkMemory(allocator, before);
  }

  static void checkMemory(KitAllocator allocator, int before) {
    String broken = allocator.brokenFence();
    if (!broken.isEmpty()) {
      throw new Violation(Rule.MEM_1, broken + ".");
    }
    if (allocator.livePieces() > before) {
      throw new Violation(
          Rule.RES_1, "after everything was closed there were still: " + allocator.holders() + ".");
    }
  }

  private void compare(
      Case c, Graph graph, Map<String, HostTensor> values, Map<String, HostTensor> got) {
    Map<String, Expected> expected =
        subject.oracle().expect(graph, values, subject.backend()::errorFactor);
    Comparison comparison = new Comparison();
    for (Map.Entry<String, Expected> e : expected.entrySet()) {
      String wrong =
          comparison.wrong(e.getKey(), e.getValue(), Objects.requireNonNull(got.get(e.getKey())));
      if (wrong != null) {
        throw new Violation(CaseGraph.rule(e.getKey()), wrong);
      }
    }
    record(c.op().getClass().getSimpleName(), comparison);
  }

  private synchronized void record(String op, Comparison comparison) {
    seen.computeIfAbsent(op, o -> new Comparison()).add(comparison);
    cases.merge(op, 1, Integer::sum);
  }

  static void sameBits(
      Rule rule, String what, Map<String, HostTensor> first, Map<String, HostTensor> second) {
    first.forEach(
        (name, value) -> {
          HostTensor other = Objects.requireNonNull(second.get(name));
          long at = value.data().mismatch(other.data());
          if (at >= 0) {
            long i = at / value.dtype().bytes();
            throw new Violation(
                rule,
                what
                    + " gave "
                    + other.get(i)
                    + " instead of "
                    + value.get(i)
                    + " as element "
                    + i
                    + " of "
                    + name
                    + " "
                    + value.type()
                    + ".");
          }
        });
  }

  /** An op on the backend against its definition, lowered to the core, on the same backend. */
  void checkDefinition(Case c) {
    naming(
        c,
        () -> {
          Graph graph = new CaseGraph(c, false).graph();
          Graph core = Lowering.lower(graph, Op::isCore);
          Map<String, HostTensor> values = c.values(0);
          Map<String, Expected> expected =
              subject.oracle().expect(graph, values, subject.backend()::errorFactor);
          Map<String, HostTensor> got = Execution.once(subject.backend(), core, values);
          Comparison comparison = new Comparison();
          expected.forEach(
              (name, e) -> {
                String wrong = comparison.wrong(name, e, Objects.requireNonNull(got.get(name)));
                if (wrong != null) {
                  throw new Violation(Rule.OP_4, "by the definition " + wrong);
                }
              });
        });
  }

  /** The same bits with other numbers of threads. */
  void checkThreads(Case c) {
    naming(
        c,
        () -> {
          CaseGraph tried = new CaseGraph(c, true);
          Map<String, HostTensor> values = tried.values(0);
          Map<String, HostTensor> got = Execution.once(subject.backend(), tried.graph(), values);
          for (Subject.Opened other : subject.otherThreads()) {
            sameBits(
                Rule.DET_2,
                other.backend().description(),
                got,
                Execution.once(other.backend(), tried.graph(), values));
          }
        });
  }

  /** The same bits for an image alone and in a batch. */
  void checkBatch(Case c) {
    if (!c.isPerImage()) {
      return;
    }
    naming(
        c,
        () -> {
          Backend backend = subject.backend();
          Map<String, HostTensor> values = c.values(0);
          Map<String, HostTensor> batch =
              Execution.once(backend, new CaseGraph(c, false).graph(), values);
          Graph alone = new CaseGraph(c.ofOneImage(), false).graph();
          for (long n = 0; n < c.arguments().getFirst().type().shape().dim(0); n++) {
            Map<String, HostTensor> one = new LinkedHashMap<>(values);
            for (int i = 0; i < c.arguments().size(); i++) {
              if (c.arguments().get(i).batched()) {
                one.computeIfPresent(Case.name(i), cut(n));
              }
            }
            Map<String, HostTensor> row = new LinkedHashMap<>();
            long image = n;
            batch.forEach((name, t) -> row.put(name, cut(image).apply(name, t)));
            sameBits(Rule.DET_3, "image " + n + " alone", row, Execution.once(backend, alone, one));
          }
        });
  }

  private static java.util.function.BiFunction<String, HostTensor, HostTensor> cut(long n) {
    return (name, t) -> {
      HostTensor row = t.row(n);
      return new HostTensor(row.type().withShape(t.shape().with(0, 1)), row.data());
    };
  }

  /** Whether the backend has the types of a case. */
  boolean supports(Case c) {
    return subject.backend().dtypes().containsAll(types(c));
  }

  private static java.util.Set<DType> types(Case c) {
    java.util.Set<DType> types = new java.util.HashSet<>();
    c.arguments().forEach(a -> types.add(a.type().dtype()));
    c.op()
        .infer(c.arguments().stream().map(Argument::type).toList())
        .forEach(t -> types.add(t.dtype()));
    return types;
  }
}
