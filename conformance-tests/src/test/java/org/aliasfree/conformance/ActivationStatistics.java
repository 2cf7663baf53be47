package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.Function;
import org.aliasfree.tensor.HostTensor;

/**
 * Mean, standard deviation, smallest and largest of a layer's result, as golden files have them.
 */
final class ActivationStatistics {
  private ActivationStatistics() {}

  /** Compares the rows of a golden tensor with those of the layers. */
  static void assertMatch(
      GoldenCase golden, String name, List<String> layers, Function<String, HostTensor> results) {
    HostTensor expected = golden.tensor(name);
    double atol = golden.atol(name);
    for (int i = 0; i < layers.size(); i++) {
      double[] statistics = of(results.apply(layers.get(i)));
      for (int k = 0; k < 4; k++) {
        assertThat(statistics[k])
            .as("%s, statistic %d", layers.get(i), k)
            .isCloseTo(expected.get(i * 4L + k), within(atol));
      }
    }
  }

  private static double[] of(HostTensor t) {
    double sum = 0;
    double squares = 0;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    long n = t.type().elements();
    for (long i = 0; i < n; i++) {
      double v = t.get(i);
      sum += v;
      squares += v * v;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
    double mean = sum / n;
    return new double[] {mean, Math.sqrt(squares / n - mean * mean), min, max};
  }
}
