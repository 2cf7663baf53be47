package org.aliasfree.backend.support;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.aliasfree.backend.Allocator;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.BackendOptions;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Variable;

/**
 * A backend that runs on the CPU, given its {@linkplain HostKernels kernels}: lowering, memory,
 * threads, and values that depend on variables only, which are computed once.
 *
 * @param <S> scratch memory of a thread
 */
public final class HostBackend<S> implements Backend {
  private final String id;
  private final String description;
  private final HostKernels<S> kernels;
  private final Allocator allocator;
  private final Workers<S> workers;
  private final Set<HostStore> stores = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Opens a backend with these kernels. */
  public HostBackend(
      String id, String description, HostKernels<S> kernels, BackendOptions options) {
    this.id = id;
    this.description = description;
    this.kernels = kernels;
    allocator = options.allocator().apply(new NativeAllocator());
    workers = new Workers<>(id, options.effectiveThreads(), kernels::newScratch);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public Set<DType> dtypes() {
    return kernels.dtypes();
  }

  @Override
  public boolean isNative(Op op) {
    return kernels.isNative(op);
  }

  @Override
  public double errorFactor(Node node) {
    return kernels.errorFactor(node);
  }

  Allocator allocator() {
    return allocator;
  }

  Workers<S> workers() {
    return workers;
  }

  HostKernels<S> kernels() {
    return kernels;
  }

  void checkOpen() {
    if (closed) {
      throw Refusals.closedBackend(id);
    }
  }

  @Override
  public VariableStore createStore(Collection<Variable> variables) {
    checkOpen();
    return new HostStore(allocator, variables, stores);
  }

  @Override
  public CompiledProgram compile(Program program, VariableStore store) {
    checkOpen();
    if (!(store instanceof HostStore own) || !stores.contains(own)) {
      throw Refusals.foreignStore();
    }
    Map<String, Plan> plans = new LinkedHashMap<>();
    program.entries().forEach((name, graph) -> plans.put(name, plan(name, graph, own)));
    return new CompiledProgram() {
      @Override
      public Map<String, Plan> plans() {
        return java.util.Collections.unmodifiableMap(plans);
      }

      @Override
      public void close() {
        // Plans hold no memory: it belongs to the store and to runs.
      }
    };
  }

  private Plan plan(String name, Graph graph, HostStore store) {
    graph.variables().forEach(store::data); // fails for a variable that the store has not
    return new HostPlan<>(this, store, name, graph, Lowering.lower(graph, kernels::isNative));
  }

  @Override
  public void close() {
    closed = true;
    workers.close();
  }
}
