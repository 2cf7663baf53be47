package org.aliasfree.conformance;

import java.util.Map;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Graph;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** On every backend, every op and layer gives what the official implementation gives. */
class OpGoldenTest {
  @TestFactory
  Stream<DynamicContainer> opsGiveTheOfficialResults() {
    return TestBackends.ids().stream()
        .map(
            id ->
                DynamicContainer.dynamicContainer(
                    id,
                    OpGolden.KINDS.stream()
                        .flatMap(kind -> Goldens.cases(kind).stream())
                        .map(c -> DynamicTest.dynamicTest(c.file(), () -> check(id, c)))));
  }

  private static void check(String backendId, GoldenCase golden) {
    OpGolden op = new OpGolden(golden);
    Graph graph = Evaluate.graph(op.outputs());
    try (Backend backend = Backends.select(backendId)) {
      Map<String, HostTensor> got = Evaluate.evaluate(backend, graph, op::value);
      got.forEach(golden::assertMatches);
    }
  }
}
