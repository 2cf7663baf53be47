package org.aliasfree.backend.tornado;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

/** The whole kit on TornadoVM, where that can be used. */
class TornadoConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new TornadoProvider();
  }
}
