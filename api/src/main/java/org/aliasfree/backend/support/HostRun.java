package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** One execution of a {@link HostPlan}. */
final class HostRun<S> implements Run {
  private final HostPlan<S> plan;
  private final Invariants<S> invariants;
  private final Allocation memory;
  private final Set<String> bound = new HashSet<>();
  private final Map<String, HostTensor> kept = new HashMap<>();
  private boolean executed;
  private boolean closed;

  HostRun(HostPlan<S> plan, Allocation memory) {
    this.plan = plan;
    this.memory = memory;
    invariants = new Invariants<>(plan);
  }

  private void checkOpen() {
    if (closed) {
      throw new AliasFreeException(
          "The run of \"" + plan.name() + "\" was closed and cannot be used any more.");
    }
    plan.backend().checkOpen();
  }

  @Override
  public void bind(String input, HostTensor value) {
    checkOpen();
    Tensor tensor = plan.inputs().get(input);
    if (tensor == null) {
      throw new AliasFreeException(
          "The plan \""
              + plan.name()
              + "\" has no input called \""
              + input
              + "\"; it has "
              + String.join(", ", plan.inputs().keySet())
              + ".");
    }
    if (!value.type().equals(tensor.type())) {
      throw new AliasFreeException(
          "The input \""
              + input
              + "\" of \""
              + plan.name()
              + "\" is "
              + tensor.type()
              + ", but a value of type "
              + value.type()
              + " was bound.");
    }
    MemorySegment segment = dynamic(tensor);
    if (segment != null) {
      segment.copyFrom(value.data());
    }
    bound.add(input);
  }

  @Override
  public void execute(StepListener listener) {
    checkOpen();
    for (String input : plan.inputs().keySet()) {
      if (!bound.contains(input)) {
        throw new AliasFreeException(
            "The input \"" + input + "\" of \"" + plan.name() + "\" was never bound.");
      }
    }
    Lock lock =
        plan.assignments().isEmpty() ? plan.store().lock.readLock() : plan.store().lock.writeLock();
    executed = false;
    lock.lock();
    try {
      plan.store().checkOpen();
      List<Node> work = plan.work();
      for (int at = 0; at < work.size(); at++) {
        long start = System.nanoTime();
        run(work.get(at));
        listener.ran(plan.step(at), System.nanoTime() - start);
      }
      keepOutputs();
      assign();
    } finally {
      lock.unlock();
    }
    executed = true;
  }

  /** Copies the outputs that are not in this run's memory: they would change with the variables. */
  private void keepOutputs() {
    plan.outputs()
        .forEach(
            (name, tensor) -> {
              if (plan.isInvariant(tensor)) {
                kept.computeIfAbsent(name, n -> HostTensor.allocate(tensor.type()))
                    .data()
                    .copyFrom(segment(tensor));
              }
            });
  }

  private void run(Node node) {
    Kernel<S> kernel = plan.kernel(node);
    Workers<S> workers = plan.backend().workers();
    List<Object> packed = new ArrayList<>();
    for (Kernel.Packing<S> p : kernel.packings()) {
      Tensor input = node.inputs().get(p.input());
      packed.add(
          plan.isInvariant(input)
              ? invariants.packed(input, p)
              : p.packer().pack(segment(input), workers).value());
    }
    kernel.run(new HostCall<>(node, this::segment, t -> plan.offset(t) != null, packed, workers));
  }

  private MemorySegment segment(Tensor tensor) {
    if (plan.isInvariant(tensor)) {
      return invariants.value(tensor);
    }
    MemorySegment segment = dynamic(tensor);
    if (segment == null) {
      throw new IllegalStateException("a kernel asked for an output that nobody wants: " + tensor);
    }
    return segment;
  }

  private @Nullable MemorySegment dynamic(Tensor tensor) {
    Long offset = plan.offset(tensor);
    return offset == null ? null : memory.segment().asSlice(offset, tensor.type().bytes());
  }

  private void assign() {
    Map<Variable, MemorySegment> values = new LinkedHashMap<>();
    plan.assignments()
        .forEach(
            (variable, tensor) -> {
              MemorySegment value = segment(tensor);
              if (plan.isInvariant(tensor) && !plan.key(tensor).variables().isEmpty()) {
                // It may be the memory of a variable that is assigned too, or be freed by that.
                value = HostTensor.allocate(tensor.type()).data().copyFrom(value);
              }
              values.put(variable, value);
            });
    values.forEach(plan.store()::assign);
  }

  @Override
  public HostTensor output(String name) {
    checkOpen();
    Tensor tensor = plan.outputs().get(name);
    if (tensor == null) {
      throw new AliasFreeException(
          "The plan \""
              + plan.name()
              + "\" has no output called \""
              + name
              + "\"; it has "
              + String.join(", ", plan.outputs().keySet())
              + ".");
    }
    if (!executed) {
      throw new AliasFreeException(
          "The run of \"" + plan.name() + "\" was not executed yet, so it has no outputs.");
    }
    HostTensor copy = HostTensor.allocate(tensor.type());
    HostTensor fixed = kept.get(name);
    copy.data().copyFrom(fixed == null ? segment(tensor) : fixed.data());
    return copy;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      memory.close();
    }
  }
}
