package org.aliasfree.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Whether every benchmark can be run; none is measured here. */
class KernelBenchmarkTest {
  static Stream<Arguments> shapes() {
    return KernelFamilies.all().entrySet().stream()
        .flatMap(
            family ->
                KernelFamilies.shapes(family.getValue()).stream()
                    .map(shape -> Arguments.of(family.getKey(), shape)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void everyShapeIsPreparedAndExecutedOnce(String family, String shape) {
    KernelCase kernel = Objects.requireNonNull(KernelFamilies.all().get(family)).kernel(shape);
    assertThat(kernel.work().flops()).isPositive();
    assertThat(SingleOp.flops(kernel, "cpu-vector"))
        .isPositive()
        .isLessThanOrEqualTo(kernel.work().flops());
    new SingleOp(kernel, "cpu-vector", 0).close();
  }

  @Test
  void everyBenchmarkHasItsState() {
    List<String> benchmarks =
        Arrays.stream(KernelBenchmark.class.getMethods())
            .filter(method -> method.isAnnotationPresent(Benchmark.class))
            .map(java.lang.reflect.Method::getName)
            .toList();
    assertThat(benchmarks).containsExactlyInAnyOrderElementsOf(KernelFamilies.all().keySet());
  }
}
