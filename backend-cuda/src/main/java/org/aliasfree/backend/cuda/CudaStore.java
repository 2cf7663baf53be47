package org.aliasfree.backend.cuda;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * Variables on the device, at addresses that never change, and what was prepared from them, which
 * is computed again in its place when a variable changed.
 */
final class CudaStore implements VariableStore {
  private final CudaBackend backend;
  private final Layout<Variable> layout = new Layout<>();
  private final Map<Variable, Long> versions = new LinkedHashMap<>();
  private final Map<Object, Prepared> prepared = new HashMap<>();
  private final Allocation memory;
  private boolean closed;

  CudaStore(CudaBackend backend, Collection<Variable> variables) {
    this.backend = backend;
    Refusals.checkNames(variables);
    for (Variable v : variables) {
      Refusals.checkType(backend.id(), backend.dtypes(), v.type(), "the variable " + v);
      layout.need(v, v.type().bytes(), 0, 0);
      versions.put(v, 0L);
    }
    layout.close();
    memory = backend.allocator().allocate(layout.bytes(), "variables");
  }

  /** Memory with a value made from variables. */
  static final class Prepared {
    private final Allocation memory;
    private final long bytes;
    private final Set<Variable> from;
    private long state = -1;

    private Prepared(Allocation memory, long bytes, Set<Variable> from) {
      this.memory = memory;
      this.bytes = bytes;
      this.from = from;
    }

    /** The address, for as long as the store is open. */
    long address() {
      return memory.segment().address();
    }
  }

  /** Address of a variable. */
  long address(Variable variable) {
    if (!versions.containsKey(variable)) {
      throw Refusals.unknownVariable(variable);
    }
    return memory.segment().address() + layout.offset(variable);
  }

  /** Grows whenever one of these variables gets a value. */
  private long state(Set<Variable> of) {
    return of.stream().mapToLong(v -> Objects.requireNonNull(versions.get(v))).sum();
  }

  /** The place for a prepared value, whether or not it was computed yet. */
  Prepared prepared(Object key, long bytes, Set<Variable> from) {
    Prepared known = prepared.get(key);
    if (known == null) {
      known =
          new Prepared(
              backend.allocator().allocate(bytes, "values prepared from variables"), bytes, from);
      prepared.put(key, known);
    }
    return known;
  }

  /** Whether the value is that of the variables as they are now. */
  boolean isFresh(Prepared value) {
    return value.state == state(value.from);
  }

  /** The value was computed from the variables as they are now. */
  void computed(Prepared value) {
    value.state = state(value.from);
  }

  /** A run has given these variables values. */
  void assigned(Set<Variable> variables) {
    variables.forEach(v -> versions.merge(v, 1L, Long::sum));
  }

  void checkOpen() {
    if (closed) {
      throw Refusals.closedStore();
    }
  }

  @Override
  public Collection<Variable> variables() {
    return Collections.unmodifiableSet(versions.keySet());
  }

  @Override
  public void write(Variable variable, HostTensor value) {
    Refusals.checkValue(variable, value);
    synchronized (backend.driver()) {
      checkOpen();
      backend.transfers().upload(address(variable), value.data());
      assigned(Set.of(variable));
    }
  }

  @Override
  public HostTensor read(Variable variable) {
    HostTensor copy = HostTensor.allocate(variable.type());
    synchronized (backend.driver()) {
      checkOpen();
      backend.transfers().download(copy.data(), address(variable));
    }
    return copy;
  }

  @Override
  public long version(Variable variable) {
    synchronized (backend.driver()) {
      address(variable);
      return Objects.requireNonNull(versions.get(variable));
    }
  }

  @Override
  public Bytes bytes() {
    synchronized (backend.driver()) {
      return new Bytes(
          versions.keySet().stream().mapToLong(v -> v.type().bytes()).sum(),
          prepared.values().stream().mapToLong(p -> p.bytes).sum());
    }
  }

  @Override
  public void close() {
    synchronized (backend.driver()) {
      if (!closed) {
        closed = true;
        backend.forget(this);
        prepared.values().forEach(p -> p.memory.close());
        prepared.clear();
        memory.close();
      }
    }
  }
}
