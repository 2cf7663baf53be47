package org.aliasfree.conformance;

import java.util.Set;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.cpu.vector.CpuVectorProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class CpuVectorConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new CpuVectorProvider();
  }

  @Override
  protected Set<Rule> promises() {
    return Set.of(Rule.DET_3);
  }
}
