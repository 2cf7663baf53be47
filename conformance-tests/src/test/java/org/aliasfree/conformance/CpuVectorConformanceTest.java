package org.aliasfree.conformance;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.cpu.vector.CpuVectorProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class CpuVectorConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new CpuVectorProvider();
  }
}
