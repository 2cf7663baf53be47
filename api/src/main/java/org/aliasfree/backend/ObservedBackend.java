package org.aliasfree.backend;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.aliasfree.graph.Node;
import org.aliasfree.op.Op;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;

/**
 * A backend that does what another does, and tells an observer of it: the one place that all
 * stores, plans and runs come from. It computes nothing itself, so the results have the same bits.
 */
public final class ObservedBackend implements Backend {
  private final Backend backend;
  private final BackendObserver observer;

  private ObservedBackend(Backend backend, BackendObserver observer) {
    this.backend = backend;
    this.observer = observer;
  }

  /**
   * Observes a backend, which closing the result closes; itself for {@link BackendObserver#NONE}.
   */
  public static Backend of(Backend backend, BackendObserver observer) {
    return observer.equals(BackendObserver.NONE) ? backend : new ObservedBackend(backend, observer);
  }

  /**
   * Who is to be told of what a program does around this backend's work; {@link
   * BackendObserver#NONE} if nobody. Of several it is who came last.
   */
  public static BackendObserver observer(Backend backend) {
    return backend instanceof ObservedBackend observed ? observed.observer : BackendObserver.NONE;
  }

  @Override
  public String id() {
    return backend.id();
  }

  @Override
  public String description() {
    return backend.description();
  }

  @Override
  public Set<DType> dtypes() {
    return backend.dtypes();
  }

  @Override
  public boolean isNative(Op op) {
    return backend.isNative(op);
  }

  @Override
  public double errorFactor(Node node) {
    return backend.errorFactor(node);
  }

  @Override
  public boolean prefersHalf() {
    return backend.prefersHalf();
  }

  @Override
  public VariableStore createStore(Collection<Variable> variables) {
    long bytes = variables.stream().mapToLong(v -> v.type().bytes()).sum();
    try (var _ = observer.begin(new Activity.CreateStore(id(), variables.size(), bytes))) {
      return new Store(backend.createStore(variables), observer);
    }
  }

  @Override
  public CompiledProgram compile(Program program, VariableStore store) {
    VariableStore own = store instanceof Store observed ? observed.store : store;
    try (var _ = observer.begin(new Activity.Compile(id(), program))) {
      CompiledProgram compiled = backend.compile(program, own);
      Map<String, Plan> plans = new LinkedHashMap<>();
      compiled
          .plans()
          .forEach(
              (entry, plan) -> plans.put(entry, new ObservedPlan(plan, id(), entry, observer)));
      return new Compiled(compiled, Collections.unmodifiableMap(plans));
    }
  }

  @Override
  public void close() {
    try {
      backend.close();
    } finally {
      observer.backendClosed();
    }
  }

  private record Compiled(CompiledProgram program, Map<String, Plan> plans)
      implements CompiledProgram {
    @Override
    public void close() {
      program.close();
    }
  }

  private record Store(VariableStore store, BackendObserver observer) implements VariableStore {
    @Override
    public Collection<Variable> variables() {
      return store.variables();
    }

    @Override
    public void write(Variable variable, HostTensor value) {
      try (var _ = observer.begin(new Activity.WriteVariable(variable))) {
        store.write(variable, value);
      }
    }

    @Override
    public HostTensor read(Variable variable) {
      try (var _ = observer.begin(new Activity.ReadVariable(variable))) {
        return store.read(variable);
      }
    }

    @Override
    public long version(Variable variable) {
      return store.version(variable);
    }

    @Override
    public Bytes bytes() {
      return store.bytes();
    }

    @Override
    public void close() {
      store.close();
    }
  }
}
