package org.aliasfree.backend.tornado;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/** A device of TornadoVM. */
final class TornadoBackend implements Backend {
  /** TornadoVM builds and runs graphs for one thread at a time. */
  private static final ReentrantLock TORNADO = new ReentrantLock();

  private static final Set<DType> DTYPES = EnumSet.of(DType.F32, DType.I32, DType.U8);

  private final String id;
  private final Engine engine;
  private final DeviceArrays arrays;
  private final Set<TornadoStore> stores = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  TornadoBackend(String id, Engine engine, BackendOptions options) {
    this.id = id;
    this.engine = engine;
    arrays = new DeviceArrays(engine.device(), options);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String description() {
    return engine.device().description();
  }

  @Override
  public Set<DType> dtypes() {
    return EnumSet.copyOf(DTYPES);
  }

  @Override
  public boolean isNative(Op op) {
    return true; // OpKernels has them all
  }

  Engine engine() {
    return engine;
  }

  DeviceArrays arrays() {
    return arrays;
  }

  void checkOpen() {
    if (closed) {
      throw Refusals.closedBackend(id);
    }
  }

  void checkTypes(Node node) {
    Refusals.checkTypes(id, DTYPES, node);
  }

  void checkType(TensorType type, String who) {
    Refusals.checkType(id, DTYPES, type, who);
  }

  /** Does something while no other thread uses TornadoVM. */
  void alone(Runnable what) {
    TORNADO.lock();
    try {
      what.run();
    } finally {
      TORNADO.unlock();
    }
  }

  /** As {@link #alone(Runnable)}, with a result. */
  <T> T alone(Supplier<T> what) {
    TORNADO.lock();
    try {
      return what.get();
    } finally {
      TORNADO.unlock();
    }
  }

  @Override
  public VariableStore createStore(Collection<Variable> variables) {
    checkOpen();
    TornadoStore store = new TornadoStore(this, variables);
    stores.add(store);
    return store;
  }

  void forget(TornadoStore store) {
    stores.remove(store);
  }

  @Override
  public CompiledProgram compile(Program program, VariableStore store) {
    checkOpen();
    if (!(store instanceof TornadoStore own) || !stores.contains(own)) {
      throw Refusals.foreignStore();
    }
    return new TornadoProgram(this, program, own);
  }

  @Override
  public void close() {
    closed = true;
  }
}
