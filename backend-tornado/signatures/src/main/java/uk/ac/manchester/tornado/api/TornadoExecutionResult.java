package uk.ac.manchester.tornado.api;

/** An execution that has ended. */
public class TornadoExecutionResult {
  private TornadoExecutionResult() {}

  /** What was measured. */
  public TornadoProfilerResult getProfilerResult() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Copies to the host what is on the device. */
  public TornadoExecutionResult transferToHost(Object... objects) {
    throw new UnsupportedOperationException("signatures only");
  }
}
