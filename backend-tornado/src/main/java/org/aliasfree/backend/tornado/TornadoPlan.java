package org.aliasfree.backend.tornado;

import java.util.List;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Graph;

/** An entry of a program, ready to run. Its runs take turns: they share the device's memory. */
final class TornadoPlan implements Plan {
  private final TornadoBackend backend;
  private final TornadoProgram program;
  private final Entry entry;
  private final Entry.Regions regions;
  private final int prepare;
  private long prepared = -1;

  /**
   * @param prepare number of the graph that prepares values; the next does the work of every run
   */
  TornadoPlan(
      TornadoBackend backend,
      TornadoProgram program,
      Entry entry,
      Entry.Regions regions,
      int prepare) {
    this.backend = backend;
    this.program = program;
    this.entry = entry;
    this.regions = regions;
    this.prepare = prepare;
  }

  @Override
  public Graph graph() {
    return entry.graph();
  }

  @Override
  public List<Step> steps() {
    return entry.steps();
  }

  @Override
  public long runBytes() {
    return entry.runBytes();
  }

  @Override
  public Run newRun() {
    backend.checkOpen();
    return new TornadoRun(backend, this, entry);
  }

  Entry entry() {
    return entry;
  }

  Entry.Regions regions() {
    return regions;
  }

  void checkOpen() {
    program.checkOpen();
  }

  /** Runs on what is in the arrays of inputs, and leaves the results in those of outputs. */
  void execute(Run.StepListener listener) {
    program.synchronise();
    Engine.Session session = program.session();
    long now = program.store().changes(entry.preparedFrom());
    if (entry.prepares() && prepared != now) {
      prepared = -1;
      session.execute(prepare);
      prepared = now;
    }
    if (listener.equals(Run.StepListener.NONE)) {
      session.execute(prepare + 1);
    } else {
      session.execute(
          prepare + 1, (step, nanos) -> listener.ran(entry.workSteps().get(step), nanos));
    }
    program.assigned(entry);
    regions.outputs().arrays().forEach(session::download);
  }
}
