package org.aliasfree.backend.cuda;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class HopperConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new EmulatedHopperProvider();
  }
}
