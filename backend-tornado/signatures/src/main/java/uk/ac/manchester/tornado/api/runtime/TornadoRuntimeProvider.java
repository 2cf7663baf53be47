package uk.ac.manchester.tornado.api.runtime;

import uk.ac.manchester.tornado.api.TornadoRuntime;

/** Finds the runtime. */
public class TornadoRuntimeProvider {
  private TornadoRuntimeProvider() {}

  /** The runtime. */
  public static TornadoRuntime getTornadoRuntime() {
    throw new UnsupportedOperationException("signatures only");
  }
}
