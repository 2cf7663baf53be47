package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan3Config;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The configuration that a stored generator's keywords, positional arguments and attributes mean.
 */
class StyleGan3KeywordsTest {
  private static StoredNetwork generator(
      List<@Nullable Object> args,
      Map<String, @Nullable Object> kwargs,
      Map<String, StoredModule> more) {
    Map<String, StoredModule> modules = new LinkedHashMap<>();
    modules.put("", new StoredModule("Generator", args, kwargs, Map.of()));
    modules.put(
        "synthesis.input", new StoredModule("SynthesisInput", List.of(), Map.of(), Map.of()));
    modules.putAll(more);
    return new StoredNetwork(modules, Map.of());
  }

  private static StyleGan3Config config(Map<String, @Nullable Object> kwargs) {
    return StyleGan3Keywords.config(generator(List.of(), kwargs, Map.of()));
  }

  private static StoredModule attributes(Map<String, @Nullable Object> attributes) {
    return new StoredModule("Module", List.of(), Map.of(), attributes);
  }

  @Test
  void everyKeywordIsGivenBack() {
    StyleGan3Config all =
        StyleGan3Config.stylegan3R(64)
            .with(
                b ->
                    b.zDim(11)
                        .cDim(12)
                        .wDim(13)
                        .imgChannels(1)
                        .channelBase(700)
                        .channelMax(17)
                        .numLayers(9)
                        .numCritical(3)
                        .firstCutoff(2.5)
                        .firstStopband(5)
                        .lastStopbandRel(1.3)
                        .marginSize(7)
                        .outputScale(0.5)
                        .numFp16Res(2)
                        .convKernel(5)
                        .filterSize(8)
                        .lreluUpsampling(4)
                        .convClamp(OptionalDouble.empty())
                        .magnitudeEmaBeta(0.75)
                        .mapping(new MappingConfig(5, 0.125, 0.5)));
    Map<String, @Nullable Object> keywords = StyleGan3Keywords.keywords(all);
    assertThat(keywords).hasSize(StyleGan3Config.class.getRecordComponents().length);
    assertThat(config(keywords)).isEqualTo(all);
    StyleGan3Config clamped = all.with(b -> b.convClamp(OptionalDouble.of(4)));
    assertThat(config(StyleGan3Keywords.keywords(clamped))).isEqualTo(clamped);
  }

  @Test
  void whatIsNotGivenHasTheOfficialDefault() {
    Map<String, @Nullable Object> few =
        Map.of(
            "z_dim", 512L, "c_dim", 0L, "w_dim", 512L, "img_resolution", 256L, "img_channels", 3L);
    assertThat(config(few)).isEqualTo(StyleGan3Config.stylegan3T(256));
    List<@Nullable Object> positional =
        Arrays.asList(512L, 0L, 512L, 256.0, 3L, Map.of("num_layers", 4L));
    assertThat(StyleGan3Keywords.config(generator(positional, Map.of(), Map.of())))
        .isEqualTo(
            StyleGan3Config.stylegan3T(256)
                .with(b -> b.mapping(new MappingConfig(4, 0.01, 0.998))));
  }

  @Test
  void attributesStandInForKeywordsThatAreNotGiven() {
    Map<String, @Nullable Object> noClamp = new LinkedHashMap<>();
    noClamp.put("conv_clamp", null);
    noClamp.put("conv_kernel", 1L);
    Map<String, StoredModule> modules =
        Map.of(
            "synthesis", attributes(Map.of("margin_size", 8L, "num_layers", 12L)),
            "synthesis.L0_36_512", attributes(noClamp),
            "mapping", attributes(Map.of("w_avg_beta", 0.9)));
    StyleGan3Config config =
        StyleGan3Keywords.config(generator(List.of(), Map.of("margin_size", 9L), modules));
    assertThat(config.marginSize()).isEqualTo(9);
    assertThat(config.numLayers()).isEqualTo(12);
    assertThat(config.convKernel()).isEqualTo(1);
    assertThat(config.convClamp()).isEmpty();
    assertThat(config.mapping().wAvgBeta()).hasValue(0.9);
  }

  @Test
  void whatCannotBeRebuiltIsRefusedByName() {
    assertThatThrownBy(() -> config(Map.of("use_noise", true))).hasMessageContaining("use_noise");
    assertThatThrownBy(() -> config(Map.of("mapping_kwargs", Map.of("x", 1L))))
        .hasMessageContaining("mapping_kwargs", "x");
    assertThatThrownBy(() -> config(Map.of("w_dim", "many"))).hasMessageContaining("w_dim is many");
    assertThatThrownBy(() -> config(Map.of("w_dim", 1.5))).hasMessageContaining("w_dim is 1.5");
    assertThatThrownBy(() -> config(Map.of("channel_max", 1L << 40)))
        .hasMessageContaining("channel_max");
    Map<String, StoredModule> other =
        Map.of("synthesis", attributes(Map.of("layer_names", List.of("L0_36_7"))));
    assertThatThrownBy(() -> StyleGan3Keywords.config(generator(List.of(), Map.of(), other)))
        .hasMessageContaining("[L0_36_7]");
  }

  @Test
  void networksOfOtherKindsAreRefused() {
    StoredModule module = attributes(Map.of());
    for (String inner : List.of("synthesis.b4", "b4", "other")) {
      StoredNetwork network = new StoredNetwork(Map.of("", module, inner, module), Map.of());
      assertThatThrownBy(() -> StyleGan3Keywords.config(network))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("class Module, is not a StyleGAN3 generator");
    }
  }
}
