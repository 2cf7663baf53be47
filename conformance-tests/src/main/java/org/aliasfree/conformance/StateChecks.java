package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** The rules about variables, memory, what is closed, and errors. All in f32. */
final class StateChecks {
  private static final TensorType TYPE = TensorType.f32(37);
  private static final Variable WEIGHT = new Variable("weight", TYPE);
  private static final Variable OTHER = new Variable("other", TYPE);

  private final Subject subject;
  private final Backend backend;

  StateChecks(Subject subject) {
    this.subject = subject;
    backend = subject.backend();
  }

  /** y = x·weight² + 1: the square can be prepared. */
  private static Graph product() {
    Tensor w = Ops.read(WEIGHT);
    return Graph.builder().output("y", Ops.input("x", TYPE).mul(w.square()).add(1)).build();
  }

  private static HostTensor of(double value) {
    HostTensor t = HostTensor.allocate(TYPE);
    for (long i = 0; i < TYPE.elements(); i++) {
      t.set(i, value);
    }
    return t;
  }

  private static void expect(Rule rule, String what, double expected, HostTensor got) {
    for (long i = 0; i < got.type().elements(); i++) {
      if (got.get(i) != expected) {
        throw new Violation(
            rule, what + " has " + got.get(i) + " instead of " + expected + " at " + i + ".");
      }
    }
  }

  private CompiledProgram compile(Graph graph, VariableStore store) {
    return backend.compile(Program.of("main", graph), store);
  }

  private static HostTensor run(Run run, double x) {
    run.bind("x", of(x));
    run.execute();
    return run.output("y");
  }

  void variablesBeginAsZero() {
    try (VariableStore store = backend.createStore(List.of(WEIGHT, OTHER))) {
      expect(Rule.MEM_3, "a variable that was never written", 0, store.read(WEIGHT));
      store.write(WEIGHT, of(3));
    }
    try (VariableStore store = backend.createStore(List.of(OTHER, WEIGHT))) {
      expect(Rule.MEM_3, "a variable of a second store", 0, store.read(OTHER));
      expect(Rule.MEM_3, "a variable of a second store", 0, store.read(WEIGHT));
    }
  }

  void executingAgainKeepsNothing() {
    try (VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = compile(product(), store);
        Run run = program.plan("main").newRun()) {
      store.write(WEIGHT, of(2));
      run(run, 1);
      int pieces = subject.allocator().livePieces();
      for (int i = 0; i < 4; i++) {
        run(run, i);
      }
      if (subject.allocator().livePieces() != pieces) {
        throw new Violation(
            Rule.MEM_4,
            "four more executions left "
                + subject.allocator().livePieces()
                + " pieces of memory, not "
                + pieces
                + ": "
                + subject.allocator().holders()
                + ".");
      }
    }
  }

  /** In a backend of its own, so that what closing the backend frees is seen as well. */
  void closingGivesAllMemoryBack() {
    Subject.Opened own = subject.open(subject.options());
    try (Backend second = own.backend()) {
      all(second);
    }
    if (own.allocator().made() == 0) {
      throw new Violation(Rule.RES_1, "no memory came from the allocator of the options.");
    }
    OpChecks.checkMemory(own.allocator(), 0);
  }

  private static double all(Backend on) {
    try (VariableStore store = on.createStore(List.of(WEIGHT));
        CompiledProgram program = on.compile(Program.of("main", product()), store);
        Run run = program.plan("main").newRun()) {
      store.write(WEIGHT, of(2));
      return run(run, 5).get(TYPE.elements() - 1);
    }
  }

  void whatWasClosedRefusesWork() {
    Subject.Opened own = subject.open(subject.options());
    Backend second = own.backend();
    VariableStore store = second.createStore(List.of(WEIGHT));
    CompiledProgram program = second.compile(Program.of("main", product()), store);
    Run run = program.plan("main").newRun();
    run(run, 1);
    run.close();
    run.close();
    refused(Rule.RES_2, "executing a closed run", run::execute, "closed");
    refused(Rule.RES_2, "reading from a closed run", () -> run.output("y"), "closed");
    refused(Rule.RES_2, "binding to a closed run", () -> run.bind("x", of(1)), "closed");
    program.close();
    program.close();
    store.close();
    store.close();
    refused(Rule.RES_2, "reading a closed store", () -> store.read(WEIGHT), "closed");
    refused(Rule.RES_2, "writing a closed store", () -> store.write(WEIGHT, of(1)), "closed");
    second.close();
    second.close();
    refused(
        Rule.RES_2,
        "making a store of a closed backend",
        () -> second.createStore(List.of(WEIGHT)),
        "closed");
  }

  /** Something must end with an AliasFreeException that has these words. */
  private static void refused(Rule rule, String what, Runnable action, String... words) {
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

  private static @Nullable Throwable thrown(Runnable action) {
    try {
      action.run();
      return null;
    } catch (RuntimeException | Error t) {
      return t;
    }
  }

  void failingAllocationsLeaveTheBackendUsable() {
    Subject.Opened own = subject.open(subject.options());
    try (Backend second = own.backend()) {
      KitAllocator allocator = own.allocator();
      all(second); // What a backend keeps from its first use on is there now.
      int before = allocator.livePieces();
      long made = allocator.made();
      all(second);
      long needed = allocator.made() - made;
      for (int allowed = 0; allowed < needed; allowed++) {
        allocator.allow(allowed);
        Throwable thrown = thrown(() -> all(second));
        allocator.allowAll();
        if (!(thrown instanceof OutOfMemoryException)) {
          throw new Violation(
              Rule.ERR_1,
              "when allocation "
                  + (allowed + 1)
                  + " of "
                  + needed
                  + " failed it ended with "
                  + thrown
                  + ".",
              thrown);
        }
        if (allocator.livePieces() != before) {
          throw new Violation(
              Rule.ERR_1,
              "after allocation "
                  + (allowed + 1)
                  + " failed there were still: "
                  + allocator.holders()
                  + ".");
        }
      }
      if (all(second) != 21) {
        throw new Violation(
            Rule.ERR_1, "after failures the result is " + all(second) + ", not 21.");
      }
    }
  }

  void wrongBindingsAreRefused() {
    try (VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = compile(product(), store);
        Run run = program.plan("main").newRun()) {
      HostTensor scalar = HostTensor.scalar(DType.F32, 1);
      refused(Rule.ERR_2, "binding an unknown input", () -> run.bind("q", of(1)), "\"q\"", "x");
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
          () -> store.write(WEIGHT, scalar),
          "weight",
          "f32[]");
      refused(Rule.ERR_2, "writing an unknown variable", () -> store.write(OTHER, of(1)), "other");
      expect(Rule.ERR_2, "a run after refusals", 1, run(run, 7));
      refused(Rule.ERR_2, "reading an unknown output", () -> run.output("q"), "\"q\"", "y");
    }
  }

  void runsThatAreNotReadyAreRefused() {
    try (VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = compile(product(), store);
        Run run = program.plan("main").newRun()) {
      refused(Rule.ERR_3, "executing with an unbound input", run::execute, "\"x\"");
      run.bind("x", of(1));
      refused(Rule.ERR_3, "reading before executing", () -> run.output("y"));
      refused(Rule.ERR_3, "asking for an unknown entry", () -> program.plan("other"), "\"other\"");
    }
  }

  void foreignStoresAndVariablesAreRefused() {
    try (VariableStore store = backend.createStore(List.of(OTHER));
        VariableStore foreign = subject.oracle().reference().createStore(List.of(WEIGHT))) {
      refused(
          Rule.ERR_5,
          "a variable that the store has not",
          () -> compile(product(), store),
          "weight");
      refused(Rule.ERR_5, "a store of another backend", () -> compile(product(), foreign));
      refused(
          Rule.ERR_5,
          "two variables of one name",
          () -> backend.createStore(List.of(OTHER, new Variable("other", TensorType.f32(2)))),
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
            .output("y", Ops.gather(Ops.input("x", TYPE), 0, Ops.input("i", index)))
            .build();
    for (int wrong : new int[] {37, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      HostTensor i = HostTensor.allocate(index);
      i.set(4, wrong);
      int before = subject.allocator().livePieces();
      try (Execution execution = new Execution(backend, graph, subject.allocator())) {
        execution.bind(Map.of("x", of(3), "i", i));
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

  void variablesAreAssignedWhenTheRunEnds() {
    Tensor a = Ops.read(WEIGHT);
    Tensor b = Ops.read(OTHER);
    Graph swap =
        Graph.builder().output("sum", a.add(b.mul(10))).assign(WEIGHT, b).assign(OTHER, a).build();
    try (VariableStore store = backend.createStore(List.of(WEIGHT, OTHER));
        CompiledProgram program = compile(swap, store);
        Run run = program.plan("main").newRun()) {
      store.write(WEIGHT, of(1));
      store.write(OTHER, of(2));
      long version = store.version(WEIGHT);
      run.execute();
      expect(Rule.VAR_1, "the output of a swap", 21, run.output("sum"));
      expect(Rule.VAR_1, "the first variable after a swap", 2, store.read(WEIGHT));
      expect(Rule.VAR_1, "the second variable after a swap", 1, store.read(OTHER));
      run.execute();
      expect(Rule.VAR_1, "the output of a second swap", 12, run.output("sum"));
      expect(Rule.VAR_1, "the first variable after two swaps", 1, store.read(WEIGHT));
      if (store.version(WEIGHT) <= version) {
        throw new Violation(Rule.VAR_1, "the version of an assigned variable did not grow.");
      }
    }
  }

  void writesShowInEveryPlan() {
    try (VariableStore store = backend.createStore(List.of(WEIGHT))) {
      List<AutoCloseable> opened = new ArrayList<>();
      List<Run> runs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        CompiledProgram program = compile(product(), store);
        opened.add(program);
        runs.add(program.plan("main").newRun());
      }
      for (int value = 1; value < 4; value++) {
        store.write(WEIGHT, of(value));
        for (Run run : runs) {
          expect(Rule.VAR_2, "a run after a write", 2.0 * value * value + 1, run(run, 2));
        }
      }
      runs.forEach(Run::close);
      opened.forEach(o -> ((CompiledProgram) o).close());
    }
  }

  void outputsStayThoseOfTheLastExecution() {
    Tensor w = Ops.read(WEIGHT);
    Graph graph =
        Graph.builder().output("w", w).output("y", Ops.input("x", TYPE).mul(w.add(w))).build();
    try (VariableStore store = backend.createStore(List.of(WEIGHT));
        CompiledProgram program = compile(graph, store);
        Run run = program.plan("main").newRun();
        Run second = program.plan("main").newRun()) {
      store.write(WEIGHT, of(2));
      expect(Rule.VAR_3, "an output", 12, run(run, 3));
      HostTensor kept = run.output("y");
      store.write(WEIGHT, of(5));
      expect(Rule.VAR_3, "an output after a write", 12, run.output("y"));
      expect(Rule.VAR_3, "an output that is a variable, after a write", 2, run.output("w"));
      Supplier<HostTensor> other = () -> run(second, 1);
      expect(Rule.VAR_3, "an output of another run", 10, other.get());
      expect(Rule.VAR_3, "an output after another run", 12, run.output("y"));
      run(run, 1);
      expect(Rule.VAR_3, "a copy of an output, after the run was executed again", 12, kept);
    }
  }
}
