package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.OutOfMemoryException;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** The rules about variables, memory, and what is closed. All in f32. */
final class StateChecks {
  static final TensorType TYPE = TensorType.f32(37);
  static final Variable WEIGHT = new Variable("weight", TYPE);
  static final Variable OTHER = new Variable("other", TYPE);

  private final Subject subject;
  private final Backend backend;

  StateChecks(Subject subject) {
    this.subject = subject;
    backend = subject.backend();
  }

  /** y = x·weight² + 1: the square can be prepared. */
  static Graph product() {
    Tensor w = Ops.read(WEIGHT);
    return Graph.builder().output("y", Ops.input("x", TYPE).mul(w.square()).add(1)).build();
  }

  static HostTensor of(double value) {
    HostTensor t = HostTensor.allocate(TYPE);
    for (long i = 0; i < TYPE.elements(); i++) {
      t.set(i, value);
    }
    return t;
  }

  static void expect(Rule rule, String what, double expected, HostTensor got) {
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

  static HostTensor run(Run run, double x) {
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
    ErrorChecks.refused(Rule.RES_2, "executing a closed run", run::execute, "closed");
    ErrorChecks.refused(Rule.RES_2, "reading from a closed run", () -> run.output("y"), "closed");
    ErrorChecks.refused(
        Rule.RES_2, "binding to a closed run", () -> run.bind("x", of(1)), "closed");
    program.close();
    program.close();
    store.close();
    store.close();
    ErrorChecks.refused(Rule.RES_2, "reading a closed store", () -> store.read(WEIGHT), "closed");
    ErrorChecks.refused(
        Rule.RES_2, "writing a closed store", () -> store.write(WEIGHT, of(1)), "closed");
    second.close();
    second.close();
    ErrorChecks.refused(
        Rule.RES_2,
        "making a store of a closed backend",
        () -> second.createStore(List.of(WEIGHT)),
        "closed");
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
        Throwable thrown = ErrorChecks.thrown(() -> all(second));
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
