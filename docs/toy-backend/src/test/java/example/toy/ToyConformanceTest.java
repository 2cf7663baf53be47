package example.toy;

import org.aliasfree.backend.BackendProvider;
import org.aliasfree.conformance.junit.BackendConformance;

class ToyConformanceTest extends BackendConformance {
  @Override
  protected BackendProvider provider() {
    return new ToyProvider();
  }
}
