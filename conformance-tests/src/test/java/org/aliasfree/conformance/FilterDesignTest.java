package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.FilterDesign;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class FilterDesignTest {
  /** A length, a width over half the sampling rate, and what Kaiser's formulas give. */
  @ParameterizedTest
  @CsvSource({
    "12, 0.75, 67.172949, 6.443719",
    "24, 0.25, 49.226600, 4.448364",
    "12, 0.231144414, 26.202072, 1.540114",
    "1, 0.5, 7.95, 0"
  })
  void theKaiserWindowFollowsFromTheTransitionWidth(
      int taps, double width, double attenuation, double beta) {
    double a = FilterDesign.kaiserAttenuation(taps, width);
    assertThat(a).isCloseTo(attenuation, within(1e-6));
    assertThat(FilterDesign.kaiserBeta(a)).isCloseTo(beta, within(1e-6));
  }

  /**
   * Values of I0 by Abramowitz and Stegun: I0(2) = 2.279585302336067, I0(10) = 2815.716628466254.
   */
  @Test
  void theEdgeOfAKaiserWindowIsOneOverI0OfBeta() {
    assertThat(FilterDesign.kaiserWindow(5, 2).get(0))
        .isCloseTo(1 / 2.279585302336067, within(1e-15));
    assertThat(FilterDesign.kaiserWindow(5, 10).get(4))
        .isCloseTo(1 / 2815.716628466254, within(1e-18));
    assertThat(FilterDesign.kaiserWindow(5, 10).get(2)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "12, 2, 12, 32, 7.919021e-4, 1.0018318e-2, 0.20130186",
    "24, 4, 8, 64, -1.6382828e-3, -3.0552906e-3, 0.12474386",
    "12, 128, 59.17297, 512, 2.3374248e-2, 3.4449294e-2, 0.43206194"
  })
  void separableFiltersHaveThePublishedTaps(
      int taps,
      double cutoff,
      double width,
      double rate,
      double first,
      double second,
      double middle) {
    HostTensor f = FilterDesign.lowpass(taps, cutoff, width, rate);
    assertThat(f.get(0)).isCloseTo(first, within(3e-8));
    assertThat(f.get(1)).isCloseTo(second, within(3e-8));
    assertThat(f.get(taps / 2 - 1)).isCloseTo(middle, within(3e-8));
    assertThat(f.get(taps - 1)).isEqualTo(f.get(0));
  }

  @Test
  void radialFiltersHaveThePublishedTapsAndBothDiagonalSymmetries() {
    HostTensor f = FilterDesign.radialLowpass(12, 2, 12, 32);
    assertThat(f.type()).isEqualTo(TensorType.of(DType.F64, 12, 12));
    assertThat(f.get(0)).isCloseTo(8.412097e-7, within(1e-12));
    assertThat(f.get(5)).isCloseTo(2.0526213e-4, within(2e-11));
    assertThat(f.get(5 * 12 + 5)).isCloseTo(3.8754884e-2, within(3e-9));
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 12; j++) {
        assertThat(f.get(i * 12 + j)).isEqualTo(f.get(j * 12 + i));
        assertThat(f.get(i * 12 + j)).isEqualTo(f.get((11 - i) * 12 + j));
      }
    }
  }

  @Test
  void filtersThatCannotExistAreRefused() {
    assertThatThrownBy(() -> FilterDesign.lowpass(12, 16, 1, 32))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("below half the sampling rate");
    assertThatThrownBy(() -> FilterDesign.radialLowpass(11, 2, 12, 32))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("must be even");
    assertThatThrownBy(() -> FilterDesign.setupFilter(1, -1))
        .isInstanceOf(AliasFreeException.class);
  }

  static Stream<GoldenCase> setupFilters() {
    return Goldens.cases("op.setup_filter").stream();
  }

  @ParameterizedTest
  @MethodSource("setupFilters")
  void setupFilterIsTheOfficialOne(GoldenCase golden) {
    boolean normalize = !golden.hasParam("normalize") || golden.param("normalize").asBoolean();
    boolean flip = golden.hasParam("flip_filter") && golden.param("flip_filter").asBoolean();
    double gain = golden.hasParam("gain") ? golden.param("gain").asDouble() : 1;
    HostTensor filter = tensor(golden.param("f"));
    HostTensor made =
        golden.hasParam("separable")
            ? FilterDesign.setupFilter(
                filter, normalize, flip, gain, golden.param("separable").asBoolean())
            : FilterDesign.setupFilter(filter, normalize, flip, gain);
    golden.assertMatches("out.f", made);
  }

  private static HostTensor tensor(JsonNode f) {
    if (f.isNull()) {
      return HostTensor.scalar(DType.F32, 1); // what it stands for
    }
    double[] values =
        f.valueStream()
            .flatMap(v -> v.isArray() ? v.valueStream() : Stream.of(v))
            .mapToDouble(v -> v.asDouble())
            .toArray();
    HostTensor t = HostTensor.allocate(TensorType.f32(values.length));
    for (int i = 0; i < values.length; i++) {
      t.set(i, values[i]);
    }
    return f.get(0).isArray() ? t.reshape(f.size(), f.get(0).size()) : t;
  }
}
