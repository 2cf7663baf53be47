package org.aliasfree.backend.support;

import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Allocator.Allocation;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/** Variables in host memory, and what was prepared from them. */
final class HostStore implements VariableStore {
  private final Map<Variable, Slot> slots = new LinkedHashMap<>();
  private final Map<Object, Prepared> prepared = new HashMap<>();
  private final Allocation memory;
  private final Set<HostStore> open;

  /** Memory of what is prepared from variables, and of what is on the way to it. */
  final PiecePool pieces;

  /**
   * Runs hold the read lock while they execute; whoever changes a variable holds the write lock.
   */
  final ReadWriteLock lock = new ReentrantReadWriteLock();

  HostStore(Allocator allocator, Collection<Variable> variables, Set<HostStore> open) {
    List<BufferPlan.Life> lives =
        variables.stream().map(v -> new BufferPlan.Life(v.type().bytes(), 0, 0)).toList();
    BufferPlan layout = BufferPlan.of(lives);
    Refusals.checkNames(variables);
    memory = allocator.allocate(layout.bytes(), "variables");
    pieces = new PiecePool(allocator);
    int i = 0;
    for (Variable v : variables) {
      slots.put(v, new Slot(memory.segment().asSlice(layout.offset(i++), v.type().bytes())));
    }
    this.open = open;
    open.add(this);
  }

  private static final class Slot {
    final MemorySegment data;
    long version;

    Slot(MemorySegment data) {
      this.data = data;
    }
  }

  /** A value made from variables, and how to free it. */
  record Prepared(Object value, long bytes, Set<Variable> from, @Nullable Allocation memory) {}

  @Override
  public Collection<Variable> variables() {
    return java.util.Collections.unmodifiableSet(slots.keySet());
  }

  private Slot slot(Variable variable) {
    Slot slot = slots.get(variable);
    if (slot == null) {
      throw Refusals.unknownVariable(variable);
    }
    return slot;
  }

  MemorySegment data(Variable variable) {
    return slot(variable).data;
  }

  @Override
  public void write(Variable variable, HostTensor value) {
    Refusals.checkValue(variable, value);
    lock.writeLock().lock();
    try {
      checkOpen();
      assign(variable, value.data());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Stores a value; the caller holds the write lock. */
  void assign(Variable variable, MemorySegment value) {
    Slot slot = slot(variable);
    slot.data.copyFrom(value);
    slot.version++;
    synchronized (prepared) {
      if (prepared.values().stream().anyMatch(p -> p.from.contains(variable))) {
        pieces.keepFromNow();
        prepared.values().removeIf(p -> p.from.contains(variable) && free(p));
      }
    }
  }

  private static boolean free(Prepared p) {
    if (p.memory != null) {
      p.memory.close();
    }
    return true;
  }

  /**
   * The prepared value of a key, made now if it is not there; the caller holds a lock of the store.
   */
  Object prepared(Object key, Supplier<Prepared> make) {
    synchronized (prepared) {
      Prepared p = prepared.get(key);
      if (p == null) {
        p = make.get();
        prepared.put(key, p);
      }
      return p.value;
    }
  }

  @Override
  public HostTensor read(Variable variable) {
    lock.readLock().lock();
    try {
      checkOpen();
      HostTensor copy = HostTensor.allocate(variable.type());
      copy.data().copyFrom(data(variable));
      return copy;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public long version(Variable variable) {
    lock.readLock().lock();
    try {
      return slot(variable).version;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public Bytes bytes() {
    synchronized (prepared) {
      return new Bytes(
          slots.keySet().stream().mapToLong(v -> v.type().bytes()).sum(),
          prepared.values().stream().mapToLong(Prepared::bytes).sum());
    }
  }

  /** Fails when the store was closed; the caller holds a lock of the store. */
  void checkOpen() {
    if (!open.contains(this)) {
      throw Refusals.closedStore();
    }
  }

  /** Waits for the runs that use the store. */
  @Override
  public void close() {
    lock.writeLock().lock();
    try {
      if (open.remove(this)) {
        synchronized (prepared) {
          prepared.values().forEach(HostStore::free);
          prepared.clear();
        }
        pieces.close();
        memory.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
