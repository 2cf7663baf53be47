package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.support.Schedule;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.Variable;

/** One graph of a program: what is done, in order, and where everything lies in a run's memory. */
final class Entry {
  /** Memory that is no tensor. */
  private record Piece(Unit unit, Use use, int number) {}

  private enum Use {
    SCRATCH,
    PACKED
  }

  /** A variable's value on its way to another variable. */
  private record Passing(Variable to) {}

  private final String name;
  private final Graph graph;
  private final Schedule schedule;
  private final List<Unit> work;
  private final Layout<Object> layout = new Layout<>();
  private final List<Plan.Step> steps = new ArrayList<>();
  private final List<Plan.Step> workSteps = new ArrayList<>();

  Entry(String name, Graph graph, Graph lowered, Target target) {
    this.name = name;
    this.graph = graph;
    schedule = new Schedule(lowered);
    work = Units.of(schedule, target);
    place();
    Map<Node, Plan.Step> all = schedule.steps(node -> Workload.of(node).flops());
    schedule.prepared().forEach(n -> steps.add(Objects.requireNonNull(all.get(n))));
    for (Unit unit : work) {
      workSteps.add(step(unit, all));
    }
    steps.addAll(workSteps);
  }

  private Plan.Step step(Unit unit, Map<Node, Plan.Step> all) {
    List<Plan.Step> parts =
        unit.nodes().stream().map(n -> Objects.requireNonNull(all.get(n))).toList();
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    List<Tensor> results = unit.results().stream().filter(layout::has).toList();
    long flops = parts.stream().mapToLong(Plan.Step::flops).sum();
    long bytes =
        unit.reads().stream().distinct().mapToLong(t -> t.type().bytes()).sum()
            + results.stream().mapToLong(t -> t.type().bytes()).sum();
    return new Plan.Step(
        String.join("+", parts.stream().map(Plan.Step::op).distinct().toList()),
        parts.getLast().label(),
        unit.reads().stream().map(Tensor::type).toList(),
        results.stream().map(Tensor::type).toList(),
        false,
        new Workload(flops, bytes),
        flops);
  }

  private void place() {
    int end = work.size();
    Map<Tensor, Integer> last = new HashMap<>();
    for (int at = 0; at < end; at++) {
      for (Tensor read : work.get(at).reads()) {
        last.put(read, at);
      }
    }
    schedule.graph().outputs().values().forEach(t -> last.put(Schedule.root(t), end));
    schedule.graph().assignments().values().forEach(t -> last.put(Schedule.root(t), end));
    for (Tensor input : schedule.inputs().values()) {
      layout.need(input, input.type().bytes(), 0, last.getOrDefault(input, 0));
    }
    for (int at = 0; at < end; at++) {
      Unit unit = work.get(at);
      for (Tensor result : unit.results()) {
        if (last.containsKey(result)) {
          layout.need(result, result.type().bytes(), at, Objects.requireNonNull(last.get(result)));
        }
      }
      List<Long> scratch = unit.kernel().scratch();
      for (int i = 0; i < scratch.size(); i++) {
        layout.need(new Piece(unit, Use.SCRATCH, i), scratch.get(i), at, at);
      }
      List<OpKernel.Packing> packings = unit.kernel().packings();
      for (int i = 0; i < packings.size(); i++) {
        if (!schedule.isInvariant(unit.packed(packings.get(i)))) {
          layout.need(new Piece(unit, Use.PACKED, i), packings.get(i).bytes(), at, at);
        }
      }
    }
    assignments()
        .forEach(
            (v, t) -> {
              if (isVariable(t)) {
                layout.need(new Passing(v), t.type().bytes(), end, end);
              }
            });
    layout.close();
  }

  private static boolean isVariable(Tensor tensor) {
    return Schedule.root(tensor).node().op() instanceof Source.Read;
  }

  String name() {
    return name;
  }

  Graph graph() {
    return graph;
  }

  Schedule schedule() {
    return schedule;
  }

  /** All steps, those that are prepared first. */
  List<Plan.Step> steps() {
    return List.copyOf(steps);
  }

  /** The steps of the units, in order. */
  List<Plan.Step> workSteps() {
    return workSteps;
  }

  /** What is done in every run. */
  List<Unit> work() {
    return work;
  }

  /** Bytes of memory of a run. */
  long runBytes() {
    return layout.bytes();
  }

  Map<String, Tensor> inputs() {
    return schedule.inputs();
  }

  Map<String, Tensor> outputs() {
    return schedule.graph().outputs();
  }

  Map<Variable, Tensor> assignments() {
    return schedule.graph().assignments();
  }

  /** Offset of an input's memory in a run. */
  long offset(Tensor input) {
    return layout.offset(input);
  }

  /** Adds what a unit does. */
  void launch(Unit unit, Places places, Launches launches) {
    List<Long> packed = new ArrayList<>();
    List<OpKernel.Packing> packings = unit.kernel().packings();
    for (int i = 0; i < packings.size(); i++) {
      OpKernel.Packing packing = packings.get(i);
      Tensor tensor = unit.packed(packing);
      if (schedule.isInvariant(tensor)) {
        packed.add(places.packed(tensor, packing));
      } else {
        long to = places.memory() + layout.offset(new Piece(unit, Use.PACKED, i));
        packing.packer().pack(address(tensor, places), to, launches);
        packed.add(to);
      }
    }
    List<Long> scratch = new ArrayList<>();
    for (int i = 0; i < unit.kernel().scratch().size(); i++) {
      scratch.add(places.memory() + layout.offset(new Piece(unit, Use.SCRATCH, i)));
    }
    Operands at =
        new Operands(
            unit.nodes().getFirst(),
            t -> address(t, places),
            t -> layout.has(Schedule.root(t)),
            scratch,
            packed);
    unit.kernel().launch(at, launches);
  }

  /** Where a tensor lies during a run. */
  long address(Tensor tensor, Places places) {
    Tensor root = Schedule.root(tensor);
    return layout.has(root) ? places.memory() + layout.offset(root) : places.invariant(root);
  }

  /** Adds the copies that give variables their new values, when all else is done. */
  void assign(Places places, Launches launches) {
    Map<Variable, Long> from = new LinkedHashMap<>();
    assignments()
        .forEach(
            (v, t) -> {
              long value = address(t, places);
              if (isVariable(t)) { // which may be assigned as well: they may change places
                long passing = places.memory() + layout.offset(new Passing(v));
                launches.copy(passing, value, t.type().bytes());
                value = passing;
              }
              from.put(v, value);
            });
    from.forEach((v, value) -> launches.copy(places.variable(v), value, v.type().bytes()));
  }

  /** Where things lie that are not a run's own. */
  interface Places {
    /** Address of the run's memory. */
    long memory();

    /** Address of a variable. */
    long variable(Variable variable);

    /** Address of a tensor that depends on variables and constants only. */
    long invariant(Tensor root);

    /** Address of such a tensor in a rearranged form. */
    long packed(Tensor root, OpKernel.Packing packing);
  }
}
