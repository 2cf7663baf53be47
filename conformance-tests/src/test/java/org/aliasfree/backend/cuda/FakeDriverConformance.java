package org.aliasfree.backend.cuda;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

/**
 * All rules over JCuda. {@link FakeDriverTest} is what every build runs of it; this is for {@code
 * mvn test -pl conformance-tests -Dtest=FakeDriverConformance}, and takes minutes.
 */
class FakeDriverConformance extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new FakeDriverProvider();
  }
}
