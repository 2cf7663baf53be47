package org.aliasfree.conformance;

import java.util.Set;
import org.aliasfree.backend.BackendProvider;
import org.aliasfree.backend.cpu.reference.CpuReferenceProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class CpuReferenceConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new CpuReferenceProvider();
  }

  @Override
  protected Set<Rule> promises() {
    return Set.of(Rule.DET_3);
  }
}
