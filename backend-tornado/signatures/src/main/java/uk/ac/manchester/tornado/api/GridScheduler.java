package uk.ac.manchester.tornado.api;

/** Grids of tasks by their names. */
public class GridScheduler {
  /** Without grids. */
  public GridScheduler() {}

  /** The grid of a task. */
  public void addWorkerGrid(String taskName, WorkerGrid workerGrid) {
    throw new UnsupportedOperationException("signatures only");
  }
}
