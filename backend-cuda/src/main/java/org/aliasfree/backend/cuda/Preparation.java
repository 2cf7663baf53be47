package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.support.Schedule;
import org.aliasfree.backend.support.ValueKey;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;

/**
 * What an entry's work reads of what depends on variables and constants only: kept in the store,
 * shared by all plans, and computed again when a variable changed. What is between is freed.
 */
final class Preparation {
  private record PackedKey(ValueKey of, Object layout) {}

  private record Packed(Tensor root, OpKernel.Packing packing) {}

  private record Scratch(Node node, int number) {}

  private final CudaBackend backend;
  private final CudaStore store;
  private final Entry entry;
  private final Constants constants;
  private final ValueKey.Keys keys = new ValueKey.Keys();
  private final Map<Node, OpKernel> kernels = new HashMap<>();
  private final Set<Tensor> values = new HashSet<>();
  private final Map<PackedKey, Packed> packings = new LinkedHashMap<>();

  Preparation(CudaBackend backend, CudaStore store, Entry entry, Constants constants) {
    this.backend = backend;
    this.store = store;
    this.entry = entry;
    this.constants = constants;
    for (Unit unit : entry.work()) {
      unit.plainReads().forEach(this::keep);
      for (OpKernel.Packing packing : unit.kernel().packings()) {
        Tensor root = unit.packed(packing);
        if (entry.schedule().isInvariant(root)) {
          packings.put(key(root, packing), new Packed(root, packing));
        }
      }
    }
    entry.outputs().values().forEach(t -> keep(Schedule.root(t)));
    entry.assignments().values().forEach(t -> keep(Schedule.root(t)));
    for (Node node : entry.schedule().prepared()) {
      if (!(node.op() instanceof Source.Constant)) {
        kernels.put(node, OpKernels.of(node, backend.target()));
      }
    }
  }

  private void keep(Tensor root) {
    if (entry.schedule().isInvariant(root) && isComputed(root)) {
      values.add(root);
    }
  }

  private static boolean isComputed(Tensor root) {
    return !(root.node().op() instanceof Source.Read)
        && !(root.node().op() instanceof Source.Constant);
  }

  private PackedKey key(Tensor root, OpKernel.Packing packing) {
    return new PackedKey(keys.of(root), packing.layout());
  }

  private CudaStore.Prepared value(Tensor root) {
    ValueKey key = keys.of(root);
    return store.prepared(key, root.type().bytes(), key.variables());
  }

  private CudaStore.Prepared value(Packed packed) {
    PackedKey key = key(packed.root(), packed.packing());
    return store.prepared(key, packed.packing().bytes(), key.of().variables());
  }

  /** Address of a tensor that the work reads. */
  long address(Tensor root) {
    return switch (root.node().op()) {
      case Source.Read read -> store.address(read.variable());
      case Source.Constant c -> constants.address(c.value());
      default -> {
        if (!values.contains(root)) {
          throw new IllegalStateException("a kernel reads what it said it would pack: " + root);
        }
        yield value(root).address();
      }
    };
  }

  /** Address of a rearranged tensor. */
  long packed(Tensor root, OpKernel.Packing packing) {
    return value(new Packed(root, packing)).address();
  }

  /** Computes what is not there, or is of old values. Under the driver's monitor. */
  void refresh() {
    Set<Tensor> stale = new HashSet<>();
    for (Tensor root : values) {
      if (!store.isFresh(value(root))) {
        stale.add(root);
      }
    }
    List<Packed> stalePacked = new ArrayList<>();
    for (Packed packed : packings.values()) {
      if (!store.isFresh(value(packed))) {
        stalePacked.add(packed);
      }
    }
    if (!stale.isEmpty() || !stalePacked.isEmpty()) {
      new Refresh(stale, stalePacked).run();
    }
  }

  /** One computation of everything that is stale. */
  private final class Refresh {
    private final Set<Tensor> stale;
    private final List<Packed> packs;
    private final Set<Node> needed = new HashSet<>();
    private final Layout<Object> between = new Layout<>();

    Refresh(Set<Tensor> stale, List<Packed> packs) {
      this.stale = stale;
      this.packs = packs;
      stale.forEach(this::need);
      packs.forEach(p -> need(p.root()));
    }

    private void need(Tensor tensor) {
      List<Tensor> todo = new ArrayList<>(List.of(tensor));
      while (!todo.isEmpty()) {
        Tensor root = Schedule.root(todo.removeLast());
        boolean known = values.contains(root) && !stale.contains(root);
        if (isComputed(root) && !known && needed.add(root.node())) {
          todo.addAll(root.node().inputs());
        }
      }
    }

    void run() {
      List<Node> nodes = entry.schedule().prepared().stream().filter(needed::contains).toList();
      layOut(nodes);
      List<Allocation> tables = new ArrayList<>();
      try (Allocation memory =
          backend
              .allocator()
              .allocate(
                  between.bytes(), "values on the way to those prepared for " + entry.name())) {
        long base = memory.segment().address();
        Launches launches = new Launches(bytes -> backend.table(bytes, tables));
        packs.stream()
            .filter(p -> !needed.contains(p.root().node()))
            .forEach(p -> pack(p, base, launches));
        for (Node node : nodes) {
          compute(node, base, launches);
          packs.stream()
              .filter(p -> p.root().node().equals(node))
              .forEach(p -> pack(p, base, launches));
        }
        backend.driver().submit(launches.commands());
        backend.driver().await();
      } finally {
        tables.forEach(Allocation::close);
      }
      stale.forEach(t -> store.computed(value(t)));
      packs.forEach(p -> store.computed(value(p)));
    }

    private void layOut(List<Node> nodes) {
      Map<Tensor, Integer> last = new HashMap<>();
      for (int at = 0; at < nodes.size(); at++) {
        for (Tensor input : nodes.get(at).inputs()) {
          last.put(Schedule.root(input), at);
        }
      }
      for (int at = 0; at < nodes.size(); at++) {
        Node node = nodes.get(at);
        for (Tensor out : node.outputs()) {
          if (!stale.contains(out)) {
            between.need(out, out.type().bytes(), at, last.getOrDefault(out, at));
          }
        }
        OpKernel kernel = Objects.requireNonNull(kernels.get(node));
        List<Long> pieces = new ArrayList<>(kernel.scratch());
        kernel.packings().forEach(p -> pieces.add(p.bytes()));
        for (int i = 0; i < pieces.size(); i++) {
          between.need(new Scratch(node, i), pieces.get(i), at, at);
        }
      }
      between.close();
    }

    private long place(Tensor tensor, long base) {
      Tensor root = Schedule.root(tensor);
      return between.has(root) ? base + between.offset(root) : address(root);
    }

    private void pack(Packed packed, long base, Launches launches) {
      packed.packing().packer().pack(place(packed.root(), base), value(packed).address(), launches);
    }

    private void compute(Node node, long base, Launches launches) {
      OpKernel kernel = Objects.requireNonNull(kernels.get(node));
      int pieces = kernel.scratch().size();
      List<Long> scratch = new ArrayList<>();
      for (int i = 0; i < pieces; i++) {
        scratch.add(base + between.offset(new Scratch(node, i)));
      }
      List<Long> packed = new ArrayList<>();
      for (int i = 0; i < kernel.packings().size(); i++) {
        OpKernel.Packing packing = kernel.packings().get(i);
        long to = base + between.offset(new Scratch(node, pieces + i));
        packing.packer().pack(place(node.inputs().get(packing.input()), base), to, launches);
        packed.add(to);
      }
      kernel.launch(new Operands(node, t -> place(t, base), t -> true, scratch, packed), launches);
    }
  }
}
