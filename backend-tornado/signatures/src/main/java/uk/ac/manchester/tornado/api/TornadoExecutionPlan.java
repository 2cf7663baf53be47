package uk.ac.manchester.tornado.api;

import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.ProfilerMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;

/** Task graphs that share device memory. */
public class TornadoExecutionPlan implements AutoCloseable {
  /** A plan of these graphs. */
  public TornadoExecutionPlan(ImmutableTaskGraph... graphs) {}

  /** Chooses the graph that is executed next. */
  public TornadoExecutionPlan withGraph(int index) {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Chooses the device of all graphs. */
  public TornadoExecutionPlan withDevice(TornadoDevice device) {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Gives tasks their grids. */
  public TornadoExecutionPlan withGridScheduler(GridScheduler grids) {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Measures. */
  public TornadoExecutionPlan withProfiler(ProfilerMode mode) {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Does not measure. */
  public TornadoExecutionPlan withoutProfiler() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Runs the chosen graph. */
  public TornadoExecutionResult execute() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Gives the memory of the device back. */
  public TornadoExecutionPlan freeDeviceMemory() {
    throw new UnsupportedOperationException("signatures only");
  }

  @Override
  public void close() throws TornadoExecutionPlanException {
    throw new UnsupportedOperationException("signatures only");
  }
}
