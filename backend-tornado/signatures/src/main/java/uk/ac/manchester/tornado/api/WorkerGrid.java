package uk.ac.manchester.tornado.api;

/** Numbers of threads. */
public interface WorkerGrid {
  /** Threads of a work-group along each axis. */
  void setLocalWork(long x, long y, long z);
}
