package org.aliasfree.backend.cuda;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;

/** Tensors that are known when a program is compiled, on the device. */
final class Constants implements AutoCloseable {
  private final IdentityHashMap<HostTensor, Long> offsets = new IdentityHashMap<>();
  private final Allocation memory;

  Constants(CudaBackend backend, List<Entry> entries) {
    Layout<HostKey> layout = new Layout<>();
    for (Entry entry : entries) {
      for (Node node : entry.schedule().prepared()) {
        if (node.op() instanceof Source.Constant constant) {
          layout.need(new HostKey(constant.value()), constant.value().type().bytes(), 0, 0);
          offsets.put(constant.value(), 0L);
        }
      }
    }
    layout.close();
    memory = backend.allocator().allocate(layout.bytes(), "constants");
    try {
      offsets.replaceAll((value, zero) -> layout.offset(new HostKey(value)));
      synchronized (backend.driver()) {
        offsets.forEach((value, at) -> backend.transfers().upload(address(value), value.data()));
      }
    } catch (RuntimeException e) {
      memory.close();
      throw e;
    }
  }

  /** A tensor by identity: equal contents are not looked for. */
  private record HostKey(HostTensor value) {
    @Override
    @SuppressWarnings("ReferenceEquality") // that is what it is for
    public boolean equals(Object o) {
      return o instanceof HostKey k && k.value == value;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(value);
    }
  }

  /** Address of a constant. */
  long address(HostTensor value) {
    return memory.segment().address() + Objects.requireNonNull(offsets.get(value));
  }

  @Override
  public void close() {
    memory.close();
  }
}
