package org.aliasfree.conformance;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/** What the reference backend computes in f64, and how far from it an answer may be. */
final class Oracle implements AutoCloseable {
  private final Backend reference = Backends.select("cpu-reference");

  /**
   * An output.
   *
   * @param value exact, in f64 or integers
   * @param variance of the rounding error that is allowed; null for none
   * @param doubt integers that rounding may change; null for none
   */
  record Expected(HostTensor value, @Nullable HostTensor variance, @Nullable HostTensor doubt) {}

  Backend reference() {
    return reference;
  }

  /** The outputs of a graph for these values of its inputs and variables. */
  Map<String, Expected> expect(
      Graph graph, Map<String, HostTensor> values, ToDoubleFunction<Node> factor) {
    Map<String, ErrorModel.Bounded> bounded = ErrorModel.of(graph, factor);
    Graph.Builder builder = Graph.builder();
    bounded.forEach(
        (name, b) -> {
          builder.output("value " + name, b.value());
          if (b.variance() != null) {
            builder.output("variance " + name, b.variance());
          }
          if (b.doubt() != null) {
            builder.output("doubt " + name, b.doubt());
          }
        });
    Map<String, HostTensor> wide = new LinkedHashMap<>();
    values.forEach((name, value) -> wide.put(name, ErrorModel.wide(value)));
    Map<String, HostTensor> results = Execution.once(reference, builder.build(), wide);
    Map<String, Expected> expected = new LinkedHashMap<>();
    for (String name : bounded.keySet()) {
      expected.put(
          name,
          new Expected(
              Objects.requireNonNull(results.get("value " + name)),
              results.get("variance " + name),
              results.get("doubt " + name)));
    }
    return expected;
  }

  @Override
  public void close() {
    reference.close();
  }
}
