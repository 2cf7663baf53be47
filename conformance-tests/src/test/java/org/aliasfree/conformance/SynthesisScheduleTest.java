package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.LayerGeometry;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.SynthesisSchedule;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SynthesisScheduleTest {
  static Stream<GoldenCase> filters() {
    return Goldens.cases("filters").stream();
  }

  private static StyleGan3Config config(GoldenCase golden) {
    String preset = golden.param("cfg").asString() + "-" + golden.param("img_resolution").asInt();
    double emaBeta = golden.param("kwargs").get("magnitude_ema_beta").asDouble();
    return StyleGan3Config.preset(preset).with(b -> b.magnitudeEmaBeta(emaBeta));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void presetsHaveTheOfficialKeywords(GoldenCase golden) {
    StyleGan3Config config = config(golden);
    JsonNode kwargs = golden.param("kwargs");
    assertThat(config.channelBase()).isEqualTo(kwargs.get("channel_base").asInt());
    assertThat(config.channelMax()).isEqualTo(kwargs.get("channel_max").asInt());
    assertThat(config.convKernel()).isEqualTo(kwargs.path("conv_kernel").asInt(3));
    assertThat(config.useRadialFilters())
        .isEqualTo(kwargs.path("use_radial_filters").asBoolean(false));
    assertThat(config.numWs()).isEqualTo(golden.param("num_ws").asInt());
  }

  @ParameterizedTest
  @MethodSource("filters")
  void everyFieldOfEveryLayerIsTheOfficialOne(GoldenCase golden) {
    StyleGan3Config config = config(golden);
    SynthesisSchedule schedule = config.schedule();
    JsonNode input = golden.param("input");
    assertThat(schedule.input().channels()).isEqualTo(input.get("channels").asInt());
    assertThat(schedule.input().size()).isEqualTo(input.get("size").get(0).asInt());
    assertThat(schedule.input().samplingRate()).isEqualTo(input.get("sampling_rate").asInt());
    assertThat(schedule.input().bandwidth()).isEqualTo(input.get("bandwidth").asDouble());
    JsonNode layers = golden.param("layers");
    assertThat(schedule.layers()).hasSize(layers.size());
    assertThat(schedule.numWs()).isEqualTo(golden.param("num_ws").asInt());
    for (LayerGeometry layer : schedule.layers()) {
      JsonNode expected = layers.get(layer.index());
      Map<String, Object> fields = fields(layer, config);
      assertThat(fields.keySet()).containsExactlyInAnyOrderElementsOf(expected.propertyNames());
      fields.forEach(
          (name, value) -> assertField(layer.name() + "." + name, value, expected.get(name)));
    }
  }

  private static void assertField(String name, Object value, JsonNode expected) {
    switch (value) {
      case Double d ->
          assertThat(d)
              .as(name)
              .isCloseTo(expected.asDouble(), within(1e-12 * expected.asDouble()));
      case Integer i -> assertThat((double) i).as(name).isEqualTo(expected.asDouble());
      case Boolean b -> assertThat(b).as(name).isEqualTo(expected.asBoolean());
      case List<?> l ->
          assertThat(l.toString()).as(name).isEqualTo(expected.toString().replace(",", ", "));
      default -> assertThat(value).as(name).isEqualTo(expected.asString());
    }
  }

  private static Map<String, Object> fields(LayerGeometry g, StyleGan3Config config) {
    Map<String, Object> f = new LinkedHashMap<>();
    f.put("name", g.name());
    f.put("in_size", List.of(g.inSize(), g.inSize()));
    f.put("out_size", List.of(g.outSize(), g.outSize()));
    f.put("is_torgb", g.isToRgb());
    f.put("is_critically_sampled", g.isCriticallySampled());
    f.put("use_fp16", g.useFp16());
    f.put("in_channels", g.inChannels());
    f.put("out_channels", g.outChannels());
    f.put("in_sampling_rate", g.inSamplingRate());
    f.put("out_sampling_rate", g.outSamplingRate());
    f.put("tmp_sampling_rate", g.tmpSamplingRate());
    f.put("in_cutoff", g.inCutoff());
    f.put("out_cutoff", g.outCutoff());
    f.put("in_half_width", g.inHalfWidth());
    f.put("out_half_width", g.outHalfWidth());
    f.put("conv_kernel", g.convKernel());
    f.put("conv_clamp", config.convClamp().orElseThrow());
    f.put("magnitude_ema_beta", config.magnitudeEmaBeta());
    f.put("up_factor", g.upFactor());
    f.put("up_taps", g.upTaps());
    f.put("down_factor", g.downFactor());
    f.put("down_taps", g.downTaps());
    f.put("down_radial", g.downRadial());
    f.put("padding", List.of(g.padLo(), g.padHi(), g.padLo(), g.padHi()));
    return f;
  }

  @ParameterizedTest
  @MethodSource("filters")
  void everyFilterIsTheOfficialOneBeforeAndAfterRounding(GoldenCase golden) {
    int compared = 0;
    for (LayerGeometry layer : config(golden).schedule().layers()) {
      compared += compare(golden, layer.name() + ".up_filter", layer.upFilter());
      compared += compare(golden, layer.name() + ".down_filter", layer.downFilter());
    }
    assertThat(compared * 2).isEqualTo(golden.tensors().size());
  }

  private static int compare(GoldenCase golden, String name, Optional<HostTensor> filter) {
    assertThat(golden.hasTensor(name)).isEqualTo(filter.isPresent());
    filter.ifPresent(f -> golden.assertMatches(name + "64", f));
    filter.ifPresent(f -> golden.assertMatches(name, f.to(DType.F32)));
    return filter.isPresent() ? 1 : 0;
  }

  @ParameterizedTest
  @CsvSource({
    "16, 37242887, 23627783", "64, 37242887, 23627783", "128, 32308211, 20841389",
    "256, 27946821, 18291075", "512, 24348207, 16140282", "1024, 21787855, 14567839"
  })
  void synthesisNetworksHaveTheOfficialNumberOfParameters(int resolution, long t, long r) {
    assertThat(StyleGan3Config.preset("t-" + resolution).schedule().parameterCount(512))
        .isEqualTo(t);
    assertThat(StyleGan3Config.preset("r-" + resolution).schedule().parameterCount(512))
        .isEqualTo(r);
  }

  static IntStream evenResolutions() {
    return IntStream.iterate(4, r -> r <= 100, r -> r + 2);
  }

  @ParameterizedTest
  @MethodSource("evenResolutions")
  void everyEvenResolutionHasFactorsThatDivideAndFiltersThatFit(int resolution) {
    for (String kind : List.of("t-", "stylegan3-r-")) {
      SynthesisSchedule schedule = StyleGan3Config.preset(kind + resolution).schedule();
      assertThat(schedule.layers().getLast().outSize()).isEqualTo(resolution);
      for (LayerGeometry g : schedule.layers()) {
        assertThat(g.upFactor() * g.inSamplingRate()).isEqualTo(g.tmpSamplingRate());
        assertThat(g.downFactor() * g.outSamplingRate()).isEqualTo(g.tmpSamplingRate());
        int up = (g.inSize() + g.convKernel() - 1) * g.upFactor() + g.padLo() + g.padHi();
        int filtered = up - (g.upTaps() - 1) - (g.downTaps() - 1);
        assertThat(Math.floorDiv(filtered + g.downFactor() - 1, g.downFactor()))
            .isEqualTo(g.outSize());
        g.upFilter().ifPresent(SynthesisScheduleTest::assertUnitGain);
        g.downFilter().ifPresent(SynthesisScheduleTest::assertUnitGain);
      }
    }
  }

  private static void assertUnitGain(HostTensor filter) {
    double sum = 0;
    for (long i = 0; i < filter.type().elements(); i++) {
      sum += filter.get(i);
    }
    assertThat(sum).isCloseTo(1, within(1e-13));
  }

  @Test
  void valuesThatAreChangedTogetherAreCheckedTogether() {
    StyleGan3Config config =
        StyleGan3Config.preset("stylegan3-t-64")
            .with(
                b ->
                    b.channelBase(2048)
                        .channelMax(64)
                        .cDim(3)
                        .imgChannels(1)
                        .convClamp(OptionalDouble.empty()));
    assertThat(config.schedule().layers().getLast().name()).isEqualTo("L14_64_1");
    assertThat(config.schedule().layers().getFirst().inChannels()).isEqualTo(64);
    assertThat(config.with(b -> {})).isEqualTo(config);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "stylegan2-256",
        "t-",
        "t-256x",
        "stylegan3-t",
        "T-256",
        "t--4",
        "stylegan3-t-99999999999"
      })
  void anUnknownPresetIsRefusedWithAnExample(String name) {
    assertThatThrownBy(() -> StyleGan3Config.preset(name))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("'" + name + "'")
        .hasMessageContaining("stylegan3-t-256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"t-0", "t-2", "t-33", "r-100000", "t-999999999"})
  void aResolutionThatCannotBeBuiltIsRefusedByName(String name) {
    assertThatThrownBy(() -> StyleGan3Config.preset(name))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("img_resolution");
  }

  @Test
  void aHostileConfigurationIsRefusedBeforeAnythingIsAllocated() {
    StyleGan3Config base = StyleGan3Config.preset("t-64");
    assertThatThrownBy(() -> base.with(b -> b.channelBase(2_000_000_000).channelMax(1_000_000_000)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("channel");
    assertThatThrownBy(() -> base.with(b -> b.channelBase(2_000_000_000).channelMax(30_000)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("parameters");
    assertThatThrownBy(() -> base.with(b -> b.wDim(1_000_000_000)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("w_dim is 1000000000");
    assertThatThrownBy(
            () -> base.with(b -> b.filterSize(5).lreluUpsampling(3).useRadialFilters(true)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("Layer L0_36_512")
        .hasMessageContaining("must be even");
    assertThatThrownBy(() -> base.with(b -> b.firstCutoff(Double.NaN)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("first_cutoff is NaN");
  }
}
