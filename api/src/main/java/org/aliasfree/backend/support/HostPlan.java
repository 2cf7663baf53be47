package org.aliasfree.backend.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.graph.Workload;
import org.aliasfree.op.Elementwise;
import org.aliasfree.op.Movement;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** A graph with a kernel for each node and a place for each tensor. */
final class HostPlan<S> implements Plan {
  private final HostBackend<S> backend;
  private final HostStore store;
  private final String name;
  private final Graph graph;
  private final Map<Node, Boolean> invariant = new HashMap<>();
  private final Map<Node, Kernel<S>> kernels = new HashMap<>();
  private final Map<Tensor, Integer> buffers = new HashMap<>();
  private final ValueKey.Keys keys = new ValueKey.Keys();
  private final List<Node> work = new ArrayList<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Step> workSteps = new ArrayList<>();
  private final Map<String, Tensor> outputs;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private final Map<Variable, Tensor> assignments;
  private final BufferPlan layout;

  HostPlan(HostBackend<S> backend, HostStore store, String name, Graph graph, Graph lowered) {
    this.backend = backend;
    this.store = store;
    this.name = name;
    this.graph = graph;
    outputs = lowered.outputs();
    assignments = lowered.assignments();
    Map<Tensor, String> labels = new HashMap<>();
    lowered.names().forEach((label, tensor) -> labels.putIfAbsent(root(tensor), label));
    for (Node node : lowered.nodes()) {
      checkTypes(node);
      boolean fixed =
          !(node.op() instanceof Source.Input)
              && node.inputs().stream().allMatch(t -> isInvariant(t.node()));
      invariant.put(node, fixed);
      if (node.op() instanceof Source.Input input) {
        inputs.put(input.inputName(), node.outputs().getFirst());
      } else if (!(node.op() instanceof Source.Read) && !isAlias(node)) {
        kernels.put(node, backend.kernels().kernel(node));
        if (!fixed) {
          work.add(node);
        }
      }
    }
    layout = place();
    for (Node node : lowered.nodes()) {
      if (kernels.containsKey(node)) {
        Step step = step(node, labels);
        steps.add(step);
        if (!step.prepared()) {
          workSteps.add(step);
        }
      }
    }
  }

  private Step step(Node node, Map<Tensor, String> labels) {
    Tensor first = node.outputs().getFirst();
    boolean fixed = isInvariant(node);
    Predicate<Tensor> wanted = output -> fixed || buffers.containsKey(output);
    return new Step(
        node.op().name(),
        labels.getOrDefault(first, ""),
        node.inputs().stream().map(Tensor::type).toList(),
        node.outputs().stream()
            .filter(t -> t.equals(first) || wanted.test(t))
            .map(Tensor::type)
            .toList(),
        fixed,
        Workload.of(node, wanted),
        backend.kernels().flops(node));
  }

  private void checkTypes(Node node) {
    for (Tensor t : node.outputs()) {
      if (!backend.dtypes().contains(t.dtype())) {
        throw new AliasFreeException(
            "The backend "
                + backend.id()
                + " has no "
                + t.dtype().label()
                + ", which "
                + node
                + " makes; it has "
                + backend.dtypes()
                + ". Choose another precision or backend.");
      }
    }
  }

  private boolean isInvariant(Node node) {
    return Boolean.TRUE.equals(invariant.get(node));
  }

  /** Whether a node's output is its input's memory. */
  private static boolean isAlias(Node node) {
    return node.op() instanceof Movement.Reshape || node.op() instanceof Elementwise.StopGradient;
  }

  /** The tensor whose memory a tensor is. */
  private static Tensor root(Tensor t) {
    Tensor root = t;
    while (isAlias(root.node())) {
      root = root.node().inputs().getFirst();
    }
    return root;
  }

  /** Gives every tensor that changes from run to run a buffer, and every buffer an offset. */
  private BufferPlan place() {
    List<TensorType> types = new ArrayList<>();
    List<int[]> lives = new ArrayList<>();
    int end = work.size();
    for (Tensor input : inputs.values()) {
      buffers.put(input, types.size());
      types.add(input.type());
      lives.add(new int[] {0, end}); // An input stays bound from run to run.
    }
    for (int at = 0; at < end; at++) {
      for (Tensor in : work.get(at).inputs()) {
        extend(lives, in, at);
      }
      for (Tensor out : work.get(at).outputs()) {
        buffers.put(out, types.size());
        types.add(out.type());
        lives.add(new int[] {at, -1});
      }
    }
    outputs.values().forEach(t -> extend(lives, t, end));
    assignments.values().forEach(t -> extend(lives, t, end));
    List<BufferPlan.Life> used =
        IntStream.range(0, types.size())
            .mapToObj(
                i -> {
                  int[] life = lives.get(i);
                  boolean wanted = life[1] >= 0;
                  return new BufferPlan.Life(
                      wanted ? types.get(i).bytes() : 0, life[0], Math.max(life[0], life[1]));
                })
            .toList();
    buffers.entrySet().removeIf(e -> lives.get(e.getValue())[1] < 0);
    return BufferPlan.of(used);
  }

  private void extend(List<int[]> lives, Tensor tensor, int at) {
    Integer buffer = buffers.get(root(tensor));
    if (buffer != null) {
      int[] life = lives.get(buffer);
      life[1] = Math.max(life[1], at); // An input lives to the end anyway.
    }
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<Step> steps() {
    return java.util.Collections.unmodifiableList(steps);
  }

  @Override
  public long runBytes() {
    return layout.bytes();
  }

  @Override
  public Run newRun() {
    backend.checkOpen();
    return new HostRun<>(
        this, backend.allocator().allocate(layout.bytes(), "activations of " + name));
  }

  HostBackend<S> backend() {
    return backend;
  }

  HostStore store() {
    return store;
  }

  String name() {
    return name;
  }

  List<Node> work() {
    return work;
  }

  Step step(int at) {
    return workSteps.get(at);
  }

  Kernel<S> kernel(Node node) {
    Kernel<S> kernel = kernels.get(node);
    if (kernel == null) {
      throw new IllegalStateException("no kernel for " + node);
    }
    return kernel;
  }

  Map<String, Tensor> outputs() {
    return outputs;
  }

  Map<String, Tensor> inputs() {
    return inputs;
  }

  Map<Variable, Tensor> assignments() {
    return assignments;
  }

  /**
   * Offset of a tensor's memory in a run, or null if it is not in a run's memory or nobody wants
   * it.
   */
  @Nullable Long offset(Tensor tensor) {
    Integer buffer = buffers.get(root(tensor));
    return buffer == null ? null : layout.offset(buffer);
  }

  /** Whether a tensor depends on variables and constants only. */
  boolean isInvariant(Tensor tensor) {
    return isInvariant(tensor.node());
  }

  Tensor rootOf(Tensor tensor) {
    return root(tensor);
  }

  /** The key of an invariant tensor; several runs may ask at once. */
  ValueKey key(Tensor tensor) {
    synchronized (keys) {
      return keys.of(root(tensor));
    }
  }
}
