package org.aliasfree.backend.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** A graph with a kernel for each node and a place for each tensor. */
final class HostPlan<S> implements Plan {
  private final HostBackend<S> backend;
  private final HostStore store;
  private final String name;
  private final Graph graph;
  private final Schedule schedule;
  private final Map<Node, Kernel<S>> kernels = new HashMap<>();
  private final Map<Tensor, Long> offsets = new HashMap<>();
  private final ValueKey.Keys keys = new ValueKey.Keys();
  private final Map<Node, Step> steps;
  private final BufferPlan layout;

  HostPlan(HostBackend<S> backend, HostStore store, String name, Graph graph, Graph lowered) {
    this.backend = backend;
    this.store = store;
    this.name = name;
    this.graph = graph;
    lowered.nodes().forEach(n -> Refusals.checkTypes(backend.id(), backend.dtypes(), n));
    schedule = new Schedule(lowered);
    schedule.prepared().forEach(node -> kernels.put(node, backend.kernels().kernel(node)));
    schedule.work().forEach(node -> kernels.put(node, backend.kernels().kernel(node)));
    layout = place();
    steps = schedule.steps(backend.kernels()::flops);
  }

  /** Gives every tensor that changes from run to run an offset. */
  private BufferPlan place() {
    List<Tensor> tensors = List.copyOf(schedule.lives().keySet());
    BufferPlan plan =
        BufferPlan.of(
            tensors.stream()
                .map(
                    t -> {
                      Schedule.Life life = Objects.requireNonNull(schedule.lives().get(t));
                      return new BufferPlan.Life(t.type().bytes(), life.first(), life.last());
                    })
                .toList());
    for (int i = 0; i < tensors.size(); i++) {
      offsets.put(tensors.get(i), plan.offset(i));
    }
    return plan;
  }

  @Override
  public Graph graph() {
    return graph;
  }

  @Override
  public List<Step> steps() {
    return List.copyOf(steps.values());
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
    return schedule.work();
  }

  Step step(Node node) {
    return Objects.requireNonNull(steps.get(node));
  }

  Kernel<S> kernel(Node node) {
    Kernel<S> kernel = kernels.get(node);
    if (kernel == null) {
      throw new IllegalStateException("no kernel for " + node);
    }
    return kernel;
  }

  Map<String, Tensor> outputs() {
    return schedule.graph().outputs();
  }

  Map<String, Tensor> inputs() {
    return schedule.inputs();
  }

  Map<Variable, Tensor> assignments() {
    return schedule.graph().assignments();
  }

  /**
   * Offset of a tensor's memory in a run, or null if it is not in a run's memory or nobody wants
   * it.
   */
  @Nullable Long offset(Tensor tensor) {
    return offsets.get(Schedule.root(tensor));
  }

  /** Whether a tensor depends on variables and constants only. */
  boolean isInvariant(Tensor tensor) {
    return schedule.isInvariant(tensor);
  }

  Tensor rootOf(Tensor tensor) {
    return Schedule.root(tensor);
  }

  /** The key of an invariant tensor; several runs may ask at once. */
  ValueKey key(Tensor tensor) {
    synchronized (keys) {
      return keys.of(Schedule.root(tensor));
    }
  }
}
