package org.aliasfree.backend.cuda;

import java.util.List;
import org.aliasfree.backend.Plan;
import org.aliasfree.backend.Run;
import org.aliasfree.graph.Graph;

/** An entry of a program, ready to run. */
final class CudaPlan implements Plan {
  private final CudaBackend backend;
  private final CudaProgram program;
  private final Entry entry;
  private final Preparation preparation;

  CudaPlan(CudaBackend backend, CudaProgram program, Entry entry, Preparation preparation) {
    this.backend = backend;
    this.program = program;
    this.entry = entry;
    this.preparation = preparation;
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
    program.checkOpen();
    return CudaRun.of(backend, this);
  }

  Entry entry() {
    return entry;
  }

  Preparation preparation() {
    return preparation;
  }

  CudaStore store() {
    return program.store();
  }

  void checkOpen() {
    program.checkOpen();
  }
}
