package org.aliasfree.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * On every backend, gradients of every op and layer, and gradients of these, are what the official
 * implementation gives.
 */
class OpGradientGoldenTest {
  private static final String FIRST = "grad.";
  private static final String SECOND = "grad2.";

  @TestFactory
  Stream<DynamicContainer> gradientsOfBothOrdersAreTheOfficialOnes() {
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
    Graph graph = Evaluate.graph(gradients(golden, op));
    try (Backend backend = Backends.select(backendId)) {
      Map<String, HostTensor> got = Evaluate.evaluate(backend, graph, op::value);
      got.forEach(golden::assertMatches);
    }
  }

  /**
   * {@code grad.X} is the gradient of Σ y·dy, {@code grad2.X} that of Σ_K Σ grad.K·v.K, in X; X may
   * be dy.
   */
  private static Map<String, Tensor> gradients(GoldenCase golden, OpGolden op) {
    Tensor y = Objects.requireNonNull(op.outputs().get("out.y"));
    Gradients first = Gradients.of(y, op.in("dy"));
    Map<String, Tensor> results = new LinkedHashMap<>();
    List<Tensor> weighed = new ArrayList<>();
    List<Tensor> weights = new ArrayList<>();
    for (String name : named(golden, FIRST)) {
      Tensor gradient = wrt(first, op, y, name);
      results.put(FIRST + name, gradient);
      if (golden.hasTensor("in.v." + name)) {
        weighed.add(gradient);
        weights.add(op.in("v." + name));
      }
    }
    for (String name : named(golden, SECOND)) {
      results.put(SECOND + name, wrt(Gradients.of(weighed, weights), op, y, name));
    }
    return results;
  }

  private static List<String> named(GoldenCase golden, String prefix) {
    return golden.tensors().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  /** The gradient in an input, or in a variable wherever it is read. */
  private static Tensor wrt(Gradients gradients, OpGolden op, Tensor y, String name) {
    List<Tensor> reads = new ArrayList<>();
    for (Node node : Graph.builder().output("y", y).build().nodes()) {
      if (node.op() instanceof Source.Read read && read.variable().name().equals(name)) {
        reads.add(node.outputs().getFirst());
      }
    }
    return gradients.wrt(reads.isEmpty() ? List.of(op.in(name)) : reads).stream()
        .reduce(Tensor::add)
        .orElseThrow();
  }
}
