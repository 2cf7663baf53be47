package uk.ac.manchester.tornado.api;

/** What was measured. */
public class TornadoProfilerResult {
  private TornadoProfilerResult() {}

  /** Everything, in JSON. */
  public String getProfileLog() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Bytes copied to the device. */
  public long getTotalBytesCopyIn() {
    throw new UnsupportedOperationException("signatures only");
  }

  /** Bytes copied to the host. */
  public long getTotalBytesCopyOut() {
    throw new UnsupportedOperationException("signatures only");
  }
}
