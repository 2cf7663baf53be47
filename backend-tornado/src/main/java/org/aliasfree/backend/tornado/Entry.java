package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.support.Schedule;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * One graph of a program: what it needs memory for, and the jobs that compute it. Inputs and
 * outputs have arrays of their own, which are copied in every run; everything between stays on the
 * device.
 */
final class Entry {
  /** Key of what is no tensor: scratch memory, and copies of variables on their way. */
  private record Piece(Object of, int number) {}

  private final String name;
  private final Graph graph;
  private final Schedule schedule;
  private final Map<Node, OpKernel> kernels = new LinkedHashMap<>();
  private final List<Plan.Step> workSteps = new ArrayList<>();
  private final List<Plan.Step> steps;
  private final Set<Variable> preparedFrom = new HashSet<>();
  private final Layout<Tensor> inputs = new Layout<>();
  private final Layout<Object> outputs = new Layout<>();
  private final Layout<Tensor> kept = new Layout<>();
  private final Layout<Object> preparing = new Layout<>();
  private final Layout<Object> working = new Layout<>();
  private final Map<Tensor, HostTensor> constants = new LinkedHashMap<>();

  Entry(String name, Graph graph, Graph lowered, boolean tiles) {
    this.name = name;
    this.graph = graph;
    schedule = new Schedule(lowered);
    Map<Node, Plan.Step> all = schedule.steps(node -> Workload.of(node).flops());
    steps = List.copyOf(all.values());
    for (Node node : schedule.prepared()) {
      if (node.op() instanceof Source.Constant constant) {
        constants.put(node.outputs().getFirst(), constant.value());
      } else {
        kernels.put(node, OpKernels.of(node, tiles));
      }
    }
    for (Node node : schedule.work()) {
      kernels.put(node, OpKernels.of(node, tiles));
      workSteps.add(Objects.requireNonNull(all.get(node)));
    }
    needForPreparing();
    needForWork();
    List.of(inputs, outputs, kept, preparing, working).forEach(Layout::close);
  }

  /** What work reads of what is prepared is kept; the rest is needed only on the way to it. */
  private void needForPreparing() {
    Set<Tensor> read = new HashSet<>();
    schedule.work().forEach(n -> n.inputs().forEach(t -> read.add(Schedule.root(t))));
    schedule.graph().outputs().values().forEach(t -> read.add(Schedule.root(t)));
    schedule.graph().assignments().values().forEach(t -> read.add(Schedule.root(t)));
    List<Node> nodes = schedule.prepared();
    Map<Tensor, Integer> last = new HashMap<>();
    for (int at = 0; at < nodes.size(); at++) {
      for (Tensor input : nodes.get(at).inputs()) {
        Tensor root = Schedule.root(input);
        last.put(root, at);
        if (root.node().op() instanceof Source.Read r) {
          preparedFrom.add(r.variable());
        }
      }
    }
    for (int at = 0; at < nodes.size(); at++) {
      OpKernel kernel = kernels.get(nodes.get(at));
      if (kernel == null) {
        continue; // a constant
      }
      for (Tensor out : nodes.get(at).outputs()) {
        if (read.contains(out)) {
          kept.need(out, out.dtype(), out.type().elements());
        } else {
          int end = last.getOrDefault(out, at);
          preparing.need(out, out.dtype(), out.type().elements(), at, end);
        }
      }
      needScratch(preparing, nodes.get(at), kernel, at);
    }
  }

  private static void needScratch(Layout<Object> layout, Node node, OpKernel kernel, int at) {
    List<Long> sizes = kernel.scratch();
    for (int i = 0; i < sizes.size(); i++) {
      layout.need(new Piece(node, i), org.aliasfree.tensor.DType.F32, sizes.get(i), at, at);
    }
  }

  private void needForWork() {
    schedule.inputs().values().forEach(t -> inputs.need(t, t.dtype(), t.type().elements()));
    schedule
        .graph()
        .outputs()
        .forEach(
            (output, t) -> {
              Object key = isComputed(t) ? Schedule.root(t) : output;
              outputs.need(key, t.dtype(), t.type().elements());
            });
    schedule
        .lives()
        .forEach(
            (t, life) -> {
              if (!(t.node().op() instanceof Source.Input) && !outputs.has(t)) {
                working.need(t, t.dtype(), t.type().elements(), life.first(), life.last());
              }
            });
    List<Node> nodes = schedule.work();
    for (int at = 0; at < nodes.size(); at++) {
      needScratch(working, nodes.get(at), kernel(nodes.get(at)), at);
    }
    schedule
        .graph()
        .assignments()
        .forEach(
            (v, t) -> {
              if (isVariable(t)) {
                working.need(
                    new Piece(v, 0), t.dtype(), t.type().elements(), nodes.size(), nodes.size());
              }
            });
  }

  /** Whether a tensor is computed in every run, so that it can be computed where it is wanted. */
  private boolean isComputed(Tensor tensor) {
    return !schedule.isInvariant(tensor)
        && !(Schedule.root(tensor).node().op() instanceof Source.Input);
  }

  private static boolean isVariable(Tensor tensor) {
    return Schedule.root(tensor).node().op() instanceof Source.Read;
  }

  private OpKernel kernel(Node node) {
    return Objects.requireNonNull(kernels.get(node));
  }

  String name() {
    return name;
  }

  Graph graph() {
    return graph;
  }

  List<Plan.Step> steps() {
    return steps;
  }

  /** The steps of every run, in order: the numbers of jobs. */
  List<Plan.Step> workSteps() {
    return workSteps;
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

  /** Values that are known when the program is compiled. */
  Map<Tensor, HostTensor> constants() {
    return constants;
  }

  /** Whether anything is prepared. */
  boolean prepares() {
    return schedule.prepared().stream().anyMatch(kernels::containsKey);
  }

  /** The variables that what is prepared depends on. */
  Set<Variable> preparedFrom() {
    return preparedFrom;
  }

  Layout<Tensor> inputLayout() {
    return inputs;
  }

  Layout<Object> outputLayout() {
    return outputs;
  }

  Layout<Tensor> keptLayout() {
    return kept;
  }

  /** Elements of memory that nobody needs between runs. */
  long passing(boolean floats) {
    return Math.max(working.size(floats), preparing.size(floats));
  }

  /** Bytes that a run needs: inputs, outputs, and what is between. */
  long runBytes() {
    long elements = 0;
    for (boolean floats : new boolean[] {true, false}) {
      elements += inputs.size(floats) + outputs.size(floats) + working.size(floats);
    }
    return 4 * elements;
  }

  /** Where the parts of an entry lie. */
  record Regions(
      TornadoStore store,
      IdentityHashMap<HostTensor, Place> constants,
      Region inputs,
      Region outputs,
      Region kept,
      Region passing) {}

  /** Place of an output in the arrays that are copied to the host. */
  Place output(String output, Regions regions) {
    Tensor t = Objects.requireNonNull(outputs().get(output));
    return outputs.place(isComputed(t) ? Schedule.root(t) : output, regions.outputs());
  }

  private Place place(Tensor tensor, Layout<Object> passing, Regions regions) {
    Tensor root = Schedule.root(tensor);
    if (root.node().op() instanceof Source.Read read) {
      return regions.store().place(read.variable());
    }
    if (root.node().op() instanceof Source.Input) {
      return inputs.place(root, regions.inputs());
    }
    HostTensor constant = constants.get(root);
    if (constant != null) {
      return Objects.requireNonNull(regions.constants().get(constant));
    }
    if (kept.has(root)) {
      return kept.place(root, regions.kept());
    }
    return outputs.has(root)
        ? outputs.place(root, regions.outputs())
        : passing.place(root, regions.passing());
  }

  private Engine.Job job(int step, Node node, Layout<Object> passing, Regions regions) {
    OpKernel kernel = kernel(node);
    List<Place> scratch = new ArrayList<>();
    for (int i = 0; i < kernel.scratch().size(); i++) {
      scratch.add(passing.place(new Piece(node, i), regions.passing()));
    }
    Operands at = new Operands(node, t -> place(t, passing, regions), schedule::isWanted, scratch);
    return new Engine.Job(step, tasks -> kernel.launch(at, tasks));
  }

  /** What prepares values from variables. */
  List<Engine.Job> prepareJobs(Regions regions) {
    return schedule.prepared().stream()
        .filter(kernels::containsKey)
        .map(node -> job(-1, node, preparing, regions))
        .toList();
  }

  /** What is done in every run. */
  List<Engine.Job> workJobs(Regions regions) {
    List<Engine.Job> jobs = new ArrayList<>();
    List<Node> nodes = schedule.work();
    for (int at = 0; at < nodes.size(); at++) {
      jobs.add(job(at, nodes.get(at), working, regions));
    }
    outputs()
        .forEach(
            (output, t) -> {
              if (!isComputed(t)) {
                jobs.add(copy(t, place(t, working, regions), output(output, regions)));
              }
            });
    // Variables that are given the value of variables first go elsewhere: they may change places.
    Map<Variable, Place> from = new LinkedHashMap<>();
    assignments()
        .forEach(
            (v, t) -> {
              Place value = place(t, working, regions);
              if (isVariable(t)) {
                Place between = working.place(new Piece(v, 0), regions.passing());
                jobs.add(copy(t, value, between));
                value = between;
              }
              from.put(v, value);
            });
    from.forEach((v, value) -> jobs.add(copy(v, value, regions.store().place(v))));
    return jobs;
  }

  private static Engine.Job copy(Tensor t, Place from, Place to) {
    return new Engine.Job(-1, tasks -> Copies.add(tasks, from, to, t.type().elements()));
  }

  private static Engine.Job copy(Variable v, Place from, Place to) {
    return new Engine.Job(-1, tasks -> Copies.add(tasks, from, to, v.type().elements()));
  }
}
