package uk.ac.manchester.tornado.api;

/** Numbers of threads along three axes. */
public class WorkerGrid3D implements WorkerGrid {
  /** Numbers of all threads. */
  public WorkerGrid3D(int x, int y, int z) {}

  @Override
  public void setLocalWork(long x, long y, long z) {
    throw new UnsupportedOperationException("signatures only");
  }
}
