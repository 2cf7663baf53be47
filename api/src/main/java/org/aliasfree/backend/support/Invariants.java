package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.support.HostStore.Prepared;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;

/**
 * Values that depend on variables and constants only: computed when first needed, kept in the store
 * until one of their variables changes. What is between is freed at once.
 */
final class Invariants<S> {
  private record PackedKey(ValueKey of, Object layout) {}

  private final HostPlan<S> plan;

  Invariants(HostPlan<S> plan) {
    this.plan = plan;
  }

  /** Memory with the value of an invariant tensor. The caller holds a lock of the store. */
  MemorySegment value(Tensor tensor) {
    Tensor root = plan.rootOf(tensor);
    if (root.node().op() instanceof Source.Read read) {
      return plan.store().data(read.variable());
    }
    ValueKey key = plan.key(root);
    return (MemorySegment) plan.store().prepared(key, () -> compute(root, key));
  }

  /** A rearranged invariant input. The caller holds a lock of the store. */
  Object packed(Tensor input, Kernel.Packing<S> packing) {
    ValueKey key = plan.key(input);
    return plan.store()
        .prepared(
            new PackedKey(key, packing.layout()),
            () -> {
              // The unpacked value is wanted for this only, so it is not kept.
              try (Temporary memory = new Temporary(plan, "packing a weight")) {
                Kernel.Packed packed =
                    packing.packer().pack(memory.value(input), plan.backend().workers());
                return new Prepared(packed.value(), packed.bytes(), key.variables(), null);
              }
            });
  }

  private Prepared compute(Tensor root, ValueKey key) {
    try (Temporary memory = new Temporary(plan, "a value prepared from variables")) {
      MemorySegment value = memory.value(root);
      Allocation kept = memory.release(root);
      return new Prepared(value, value.byteSize(), key.variables(), kept);
    }
  }

  /** The values on the way to one that is prepared. */
  private static final class Temporary implements AutoCloseable {
    private final HostPlan<?> plan;
    private final String holder;
    private final Map<Tensor, Allocation> memory = new HashMap<>();

    Temporary(HostPlan<?> plan, String holder) {
      this.plan = plan;
      this.holder = holder;
    }

    MemorySegment value(Tensor tensor) {
      Deque<Node> todo = new ArrayDeque<>();
      todo.push(plan.rootOf(tensor).node());
      while (!todo.isEmpty()) {
        Node node = todo.peek();
        int before = todo.size();
        for (Tensor input : node.inputs()) {
          Tensor root = plan.rootOf(input);
          if (!isReady(root)) {
            todo.push(root.node());
          }
        }
        if (todo.size() == before) {
          todo.pop();
          if (!isReady(node.outputs().getFirst())) {
            run(plan, node);
          }
        }
      }
      return segment(tensor);
    }

    private boolean isReady(Tensor root) {
      return root.node().op() instanceof Source.Read || memory.containsKey(root);
    }

    private <S> void run(HostPlan<S> of, Node node) {
      for (Tensor out : node.outputs()) {
        memory.put(out, of.store().pieces.allocate(out.type().bytes(), holder));
      }
      Kernel<S> kernel = of.kernel(node);
      Workers<S> workers = of.backend().workers();
      List<Object> packed = new ArrayList<>();
      for (Kernel.Packing<S> p : kernel.packings()) {
        packed.add(p.packer().pack(segment(node.inputs().get(p.input())), workers).value());
      }
      kernel.run(new HostCall<>(node, this::segment, t -> true, packed, workers));
    }

    private MemorySegment segment(Tensor tensor) {
      Tensor root = plan.rootOf(tensor);
      if (root.node().op() instanceof Source.Read read) {
        return plan.store().data(read.variable());
      }
      return Objects.requireNonNull(memory.get(root)).segment();
    }

    Allocation release(Tensor root) {
      return Objects.requireNonNull(memory.remove(root));
    }

    @Override
    public void close() {
      memory.values().forEach(Allocation::close);
    }
  }
}
