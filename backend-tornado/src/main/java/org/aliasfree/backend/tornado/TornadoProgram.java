package org.aliasfree.backend.tornado;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Program;
import org.aliasfree.backend.support.Refusals;
import org.aliasfree.graph.Lowering;
import org.aliasfree.tensor.HostTensor;

/**
 * A program on the device: one execution plan of TornadoVM, with graphs for each entry that share
 * the copy of the variables, the values prepared from them, and the memory between.
 */
final class TornadoProgram implements CompiledProgram {
  private final TornadoBackend backend;
  private final TornadoStore store;
  private final Map<String, Plan> plans = new LinkedHashMap<>();
  private final List<Region> regions = new ArrayList<>();
  private final Engine.Session session;
  private long uploaded = -1;
  private boolean closed;

  TornadoProgram(TornadoBackend backend, Program program, TornadoStore store) {
    this.backend = backend;
    this.store = store;
    List<Entry> entries = new ArrayList<>();
    boolean tiles = backend.engine().device().tiles();
    program
        .entries()
        .forEach(
            (name, graph) -> {
              graph.nodes().forEach(backend::checkTypes);
              graph.variables().forEach(store::place); // fails for one that the store has not
              entries.add(new Entry(name, graph, Lowering.lower(graph, backend::isNative), tiles));
            });
    try {
      session = open(entries);
    } catch (Throwable t) {
      regions.forEach(Region::close);
      throw t;
    }
  }

  private Region region(long floats, long ints, String holder) {
    Region region = Region.allocate(backend.arrays(), floats, ints, holder);
    regions.add(region);
    return region;
  }

  private Region region(Layout<?> layout, String holder) {
    return region(layout.size(true), layout.size(false), holder);
  }

  private Engine.Session open(List<Entry> entries) {
    Layout<HostTensor> layout = new Layout<>();
    IdentityHashMap<HostTensor, Place> constants = new IdentityHashMap<>();
    for (Entry entry : entries) {
      for (HostTensor value : entry.constants().values()) {
        layout.need(value, value.dtype(), value.type().elements());
      }
    }
    layout.close();
    Region known = region(layout, "constants");
    for (Entry entry : entries) {
      for (HostTensor value : entry.constants().values()) {
        Place place = layout.place(value, known);
        Elements.put(value, place);
        constants.put(value, place);
      }
    }
    Region passing =
        region(
            entries.stream().mapToLong(e -> e.passing(true)).max().orElse(0),
            entries.stream().mapToLong(e -> e.passing(false)).max().orElse(0),
            "activations");
    List<Engine.Work> graphs = new ArrayList<>();
    for (Entry entry : entries) {
      String of = " of " + entry.name();
      Entry.Regions places =
          new Entry.Regions(
              store,
              constants,
              region(entry.inputLayout(), "inputs" + of),
              region(entry.outputLayout(), "outputs" + of),
              region(entry.keptLayout(), "values prepared for " + entry.name()),
              passing);
      int prepare = graphs.size();
      graphs.add(new Engine.Work(entry.name(), List.of(), entry.prepareJobs(places)));
      graphs.add(new Engine.Work(entry.name(), places.inputs().arrays(), entry.workJobs(places)));
      plans.put(entry.name(), new TornadoPlan(backend, this, entry, places, prepare));
    }
    List<Object> uploads = new ArrayList<>(store.arrays());
    uploads.addAll(known.arrays());
    List<Object> resident = new ArrayList<>();
    regions.stream().filter(r -> r != known).forEach(r -> resident.addAll(r.arrays()));
    return backend.alone(() -> backend.engine().open(uploads, resident, graphs));
  }

  Engine.Session session() {
    return session;
  }

  TornadoStore store() {
    return store;
  }

  void checkOpen() {
    backend.checkOpen();
    if (closed) {
      throw Refusals.closedProgram();
    }
    store.checkOpen();
  }

  /** The device gets the newest values of the variables, if it has not. */
  void synchronise() {
    if (uploaded != store.changes()) {
      store.fetchUnlessIn(this);
      session.upload();
      uploaded = store.changes();
    }
  }

  /** This program has given variables values: its copy is the newest. */
  void assigned(Entry entry) {
    store.assigned(this, entry.assignments().keySet());
    uploaded = store.changes();
  }

  @Override
  public Map<String, Plan> plans() {
    return Collections.unmodifiableMap(plans);
  }

  @Override
  public void close() {
    backend.alone(
        () -> {
          if (!closed) {
            closed = true;
            store.fetchFrom(this);
            session.close();
            regions.forEach(Region::close);
          }
        });
  }
}
