package org.aliasfree.conformance;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** The rules about what is refused, and how. */
final class ErrorChecks {
  private final Subject subject;
  private final Backend backend;

  ErrorChecks(Subject subject) {
    this.subject = subject;
    backend = subject.backend();
  }

  void wrongBindingsAreRefused() {
    try (VariableStore store = backend.createStore(List.of(StateChecks.WEIGHT));
        CompiledProgram program =
            backend.compile(Program.of("main", StateChecks.product()), store);
        Run run = program.plan("main").newRun()) {
      HostTensor scalar = HostTensor.scalar(DType.F32, 1);
      refused(
          Rule.ERR_2,
          "binding an unknown input",
          () -> run.bind("q", StateChecks.of(1)),
          "\"q\"",
          "x");
      refused(
          Rule.ERR_2,
          "binding another shape",
          () -> run.bind("x", scalar),
          "\"x\"",
          "f32[37]",
          "f32[]");
      refused(
          Rule.ERR_2,
          "binding another element type",
          () -> run.bind("x", HostTensor.allocate(TensorType.of(DType.I32, 37))),
          "f32[37]",
          "i32[37]");
      refused(
          Rule.ERR_2,
          "writing another shape",
          () -> store.write(StateChecks.WEIGHT, scalar),
          "weight",
          "f32[]");
      refused(
          Rule.ERR_2,
          "writing an unknown variable",
          () -> store.write(StateChecks.OTHER, StateChecks.of(1)),
          "other");
      StateChecks.expect(Rule.ERR_2, "a run after refusals", 1, StateChecks.run(run, 7));
      refused(Rule.ERR_2, "reading an unknown output", () -> run.output("q"), "\"q\"", "y");
    }
  }

  void runsThatAreNotReadyAreRefused() {
    try (VariableStore store = backend.createStore(List.of(StateChecks.WEIGHT));
        CompiledProgram program =
            backend.compile(Program.of("main", StateChecks.product()), store);
        Run run = program.plan("main").newRun()) {
      refused(Rule.ERR_3, "executing with an unbound input", run::execute, "\"x\"");
      run.bind("x", StateChecks.of(1));
      refused(Rule.ERR_3, "reading before executing", () -> run.output("y"));
      refused(Rule.ERR_3, "asking for an unknown entry", () -> program.plan("other"), "\"other\"");
    }
  }

  void foreignStoresAndVariablesAreRefused() {
    try (VariableStore store = backend.createStore(List.of(StateChecks.OTHER));
        VariableStore foreign =
            subject.oracle().reference().createStore(List.of(StateChecks.WEIGHT))) {
      refused(
          Rule.ERR_5,
          "a variable that the store has not",
          () -> backend.compile(Program.of("main", StateChecks.product()), store),
          "weight");
      refused(
          Rule.ERR_5,
          "a store of another backend",
          () -> backend.compile(Program.of("main", StateChecks.product()), foreign));
      refused(
          Rule.ERR_5,
          "two variables of one name",
          () ->
              backend.createStore(
                  List.of(StateChecks.OTHER, new Variable("other", TensorType.f32(2)))),
          "other");
    }
  }

  /**
   * Either the index is named, or the result is 0: memory is never read where it does not belong.
   */
  void indicesOutOfRangeReachNoOtherMemory() {
    TensorType index = TensorType.of(DType.I32, 5);
    Graph graph =
        Graph.builder()
            .output("y", Ops.gather(Ops.input("x", StateChecks.TYPE), 0, Ops.input("i", index)))
            .build();
    for (int wrong : new int[] {37, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      HostTensor i = HostTensor.allocate(index);
      i.set(4, wrong);
      int before = subject.allocator().livePieces();
      try (Execution execution = new Execution(backend, graph, subject.allocator())) {
        execution.bind(Map.of("x", StateChecks.of(3), "i", i));
        Throwable thrown =
            thrown(
                () -> {
                  double y = java.util.Objects.requireNonNull(execution.execute().get("y")).get(4);
                  if (y != 0) {
                    throw new Violation(Rule.ERR_4, "index " + wrong + " of 37 read " + y + ".");
                  }
                });
        if (thrown instanceof Violation v) {
          throw v;
        } else if (thrown != null && !(thrown instanceof AliasFreeException)) {
          throw new Violation(Rule.ERR_4, "index " + wrong + " ended with " + thrown + ".", thrown);
        }
      }
      OpChecks.checkMemory(subject.allocator(), before);
    }
  }

  /** Something must end with an AliasFreeException that has these words. */
  static void refused(Rule rule, String what, Runnable action, String... words) {
    Throwable thrown = thrown(action);
    if (thrown == null) {
      throw new Violation(rule, what + " was allowed.");
    }
    if (!(thrown instanceof AliasFreeException)) {
      throw new Violation(
          rule, what + " ended with " + thrown + ", not with an AliasFreeException.", thrown);
    }
    String message = String.valueOf(thrown.getMessage());
    for (String word : words) {
      if (!message.toLowerCase(Locale.ROOT).contains(word)) {
        throw new Violation(
            rule,
            what + " ended with \"" + message + "\", which does not say " + word + ".",
            thrown);
      }
    }
  }

  static @Nullable Throwable thrown(Runnable action) {
    try {
      action.run();
      return null;
    } catch (RuntimeException | Error t) {
      return t;
    }
  }
}
