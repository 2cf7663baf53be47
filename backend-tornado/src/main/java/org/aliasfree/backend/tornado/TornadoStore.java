package org.aliasfree.backend.tornado;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Variable;
import org.jspecify.annotations.Nullable;

/**
 * Variables in arrays of the host, of which each program has a copy on the device. At any time the
 * newest values are on the host or in one program; they go from program to program through the
 * host, and only when another one runs or somebody reads.
 */
final class TornadoStore implements VariableStore {
  private final TornadoBackend backend;
  private final Layout<Variable> layout = new Layout<>();
  private final Map<Variable, Long> versions = new LinkedHashMap<>();
  private final Region region;
  private @Nullable TornadoProgram newest;
  private long changes;
  private boolean closed;

  TornadoStore(TornadoBackend backend, Collection<Variable> variables) {
    this.backend = backend;
    Refusals.checkNames(variables);
    for (Variable v : variables) {
      backend.checkType(v.type(), "the variable " + v);
      layout.need(v, v.type().dtype(), v.type().elements());
      versions.put(v, 0L);
    }
    layout.close();
    region = Region.allocate(backend.arrays(), layout.size(true), layout.size(false), "variables");
  }

  void checkOpen() {
    if (closed) {
      throw Refusals.closedStore();
    }
  }

  /** Place of a variable, in arrays of the host that the device has copies of. */
  Place place(Variable variable) {
    if (!layout.has(variable)) {
      throw Refusals.unknownVariable(variable);
    }
    return layout.place(variable, region);
  }

  List<Object> arrays() {
    return region.arrays();
  }

  /** Grows whenever any variable gets a value. */
  long changes() {
    return changes;
  }

  /** Grows whenever one of these variables gets a value. */
  long changes(Set<Variable> of) {
    return of.stream().mapToLong(v -> java.util.Objects.requireNonNull(versions.get(v))).sum();
  }

  /** The host's arrays get the newest values, unless {@code program} has them. */
  void fetchUnlessIn(@Nullable TornadoProgram program) {
    TornadoProgram owner = newest;
    if (owner != null && owner != program) {
      arrays().forEach(owner.session()::download);
      newest = null;
    }
  }

  /** As the program goes away, the host gets the values that it alone has. */
  void fetchFrom(TornadoProgram program) {
    if (newest == program && !closed) {
      fetchUnlessIn(null);
    }
  }

  /** A program has given these variables values. */
  void assigned(TornadoProgram program, Set<Variable> variables) {
    if (!variables.isEmpty()) {
      newest = program;
      changed(variables);
    }
  }

  private void changed(Set<Variable> variables) {
    changes++;
    variables.forEach(v -> versions.merge(v, 1L, Long::sum));
  }

  @Override
  public Collection<Variable> variables() {
    return Collections.unmodifiableSet(versions.keySet());
  }

  @Override
  public void write(Variable variable, HostTensor value) {
    Refusals.checkValue(variable, value);
    backend.alone(
        () -> {
          checkOpen();
          Place place = place(variable);
          fetchUnlessIn(null);
          Elements.put(value, place);
          changed(Set.of(variable));
        });
  }

  @Override
  public HostTensor read(Variable variable) {
    HostTensor copy = HostTensor.allocate(variable.type());
    backend.alone(
        () -> {
          checkOpen();
          Place place = place(variable);
          fetchUnlessIn(null);
          Elements.get(place, copy);
        });
    return copy;
  }

  @Override
  public long version(Variable variable) {
    place(variable);
    return java.util.Objects.requireNonNull(versions.get(variable));
  }

  @Override
  public Bytes bytes() {
    return new Bytes(
        versions.keySet().stream().mapToLong(v -> v.type().bytes()).sum(), /* prepared= */ 0);
  }

  @Override
  public void close() {
    backend.alone(
        () -> {
          if (!closed) {
            closed = true;
            newest = null;
            backend.forget(this);
            region.close();
          }
        });
  }
}
