package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Lock;
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
  private final RunContract contract;
  private final Map<String, HostTensor> kept = new HashMap<>();

  HostRun(HostPlan<S> plan, Allocation memory) {
    this.plan = plan;
    this.memory = memory;
    contract = new RunContract(plan.name(), plan.inputs(), plan.outputs());
    invariants = new Invariants<>(plan);
  }

  @Override
  public void bind(String input, HostTensor value) {
    plan.backend().checkOpen();
    MemorySegment segment = dynamic(contract.bind(input, value));
    if (segment != null) {
      segment.copyFrom(value.data());
    }
  }

  @Override
  public void execute(StepListener listener) {
    contract.begin();
    plan.backend().checkOpen();
    Lock lock =
        plan.assignments().isEmpty() ? plan.store().lock.readLock() : plan.store().lock.writeLock();
    lock.lock();
    try {
      plan.store().checkOpen();
      for (Node node : plan.work()) {
        long start = System.nanoTime();
        run(node);
        listener.ran(plan.step(node), System.nanoTime() - start);
      }
      keepOutputs();
      assign();
    } finally {
      lock.unlock();
    }
    contract.end();
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
    Tensor tensor = contract.output(name);
    plan.backend().checkOpen();
    HostTensor copy = HostTensor.allocate(tensor.type());
    HostTensor fixed = kept.get(name);
    copy.data().copyFrom(fixed == null ? segment(tensor) : fixed.data());
    return copy;
  }

  @Override
  public void close() {
    if (contract.close()) {
      memory.close();
    }
  }
}
