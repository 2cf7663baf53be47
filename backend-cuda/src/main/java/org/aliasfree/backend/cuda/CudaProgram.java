package org.aliasfree.backend.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Lowering;

/** The plans of a program, and its constants on the device. */
final class CudaProgram implements CompiledProgram {
  private final CudaBackend backend;
  private final CudaStore store;
  private final Constants constants;
  private final Map<String, Plan> plans = new LinkedHashMap<>();
  private boolean closed;

  CudaProgram(CudaBackend backend, Program program, CudaStore store) {
    this.backend = backend;
    this.store = store;
    List<Entry> entries = new ArrayList<>();
    program
        .entries()
        .forEach(
            (name, graph) -> {
              graph.variables().forEach(store::address); // fails for one that the store has not
              graph.nodes().forEach(backend::checkTypes);
              Graph lowered = Lowering.lower(graph, backend::isNative);
              entries.add(new Entry(name, graph, lowered, backend.target()));
            });
    constants = new Constants(backend, entries);
    try {
      for (Entry entry : entries) {
        plans.put(
            entry.name(),
            new CudaPlan(backend, this, entry, new Preparation(backend, store, entry, constants)));
      }
    } catch (RuntimeException e) {
      constants.close();
      throw e;
    }
  }

  CudaStore store() {
    return store;
  }

  void checkOpen() {
    backend.checkOpen();
    if (closed) {
      throw Refusals.closedProgram();
    }
    store.checkOpen();
  }

  @Override
  public Map<String, Plan> plans() {
    return Collections.unmodifiableMap(plans);
  }

  @Override
  public void close() {
    synchronized (backend.driver()) {
      if (!closed) {
        closed = true;
        constants.close();
      }
    }
  }
}
