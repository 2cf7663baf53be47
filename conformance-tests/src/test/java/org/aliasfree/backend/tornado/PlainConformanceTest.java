package org.aliasfree.backend.tornado;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class PlainConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new PlainProvider();
  }
}
