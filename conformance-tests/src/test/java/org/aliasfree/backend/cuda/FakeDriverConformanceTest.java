package org.aliasfree.backend.cuda;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

/** In a process of its own: see the pom. */
class FakeDriverConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new FakeDriverProvider();
  }
}
