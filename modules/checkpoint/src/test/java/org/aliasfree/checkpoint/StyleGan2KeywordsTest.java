package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.op.Activation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The configuration that a stored StyleGAN2 generator's keywords and attributes mean, in files of
 * either official code.
 */
class StyleGan2KeywordsTest {
  private static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens"), "pickles");

  private static StoredModule attributes(Map<String, @Nullable Object> attributes) {
    return new StoredModule("Module", List.of(), Map.of(), attributes);
  }

  private static StyleGan2Config config(
      List<@Nullable Object> args,
      Map<String, @Nullable Object> kwargs,
      Map<String, StoredModule> more) {
    Map<String, StoredModule> modules = new LinkedHashMap<>();
    modules.put("", new StoredModule("Generator", args, kwargs, Map.of()));
    modules.put("synthesis.b4", attributes(Map.of()));
    modules.putAll(more);
    return StyleGan2Keywords.config(new StoredNetwork(modules, Map.of()));
  }

  private static StyleGan2Config config(Map<String, @Nullable Object> kwargs) {
    return config(List.of(), kwargs, Map.of());
  }

  @Test
  void everyKeywordIsGivenBack() {
    StyleGan2Config all =
        StyleGan2Config.stylegan2(64)
            .with(
                b ->
                    b.zDim(11)
                        .cDim(12)
                        .wDim(13)
                        .imgChannels(1)
                        .channelBase(700)
                        .channelMax(17)
                        .numFp16Res(2)
                        .convClamp(OptionalDouble.empty())
                        .architecture(BlockArchitecture.ORIG)
                        .resampleFilter(List.of(1.0, 2.0, 1.0))
                        .kernelSize(5)
                        .useNoise(false)
                        .activation(Activation.SWISH)
                        .mapping(
                            new MappingConfig(
                                5,
                                OptionalInt.of(6),
                                OptionalInt.of(7),
                                Activation.RELU,
                                0.125,
                                OptionalDouble.empty())));
    Map<String, @Nullable Object> keywords = StyleGan2Keywords.keywords(all);
    assertThat(keywords).hasSize(StyleGan2Config.class.getRecordComponents().length);
    assertThat(config(keywords)).isEqualTo(all);
    StyleGan2Config other =
        all.with(
            b -> b.convClamp(OptionalDouble.of(4)).useNoise(true).mapping(MappingConfig.STYLEGAN2));
    assertThat(config(StyleGan2Keywords.keywords(other))).isEqualTo(other);
  }

  @Test
  void goldenGeneratorsAreDescribed() {
    NetworkFile file = NetworkFile.read(GOLDENS.resolve("sg2_32_cond4.pkl"));
    assertThat(StyleGan2Keywords.config(file.network("G_ema")))
        .isEqualTo(
            StyleGan2Config.stylegan2(32)
                .with(
                    b ->
                        b.zDim(24)
                            .wDim(28)
                            .cDim(4)
                            .channelBase(256)
                            .channelMax(16)
                            .mapping(new MappingConfig(4, 0.01, 0.998))));
  }

  @Test
  void whatIsNotGivenHasTheDefaultOfTheCodeThatMadeTheFile() {
    Map<String, @Nullable Object> few =
        Map.of(
            "z_dim", 512L, "c_dim", 0L, "w_dim", 512L, "img_resolution", 256L, "img_channels", 3L);
    assertThat(config(few)).isEqualTo(StyleGan2Config.stylegan2(256));
    StyleGan2Config ada =
        StyleGan2Config.stylegan2(256)
            .with(
                b ->
                    b.numFp16Res(0)
                        .convClamp(OptionalDouble.empty())
                        .mapping(new MappingConfig(8, 0.01, 0.995)));
    Map<String, @Nullable Object> nested = new LinkedHashMap<>(few);
    nested.put("synthesis_kwargs", Map.of());
    assertThat(config(nested)).isEqualTo(ada);
    List<@Nullable Object> positional =
        Arrays.asList(
            512L,
            0L,
            512L,
            256L,
            3L,
            Map.of("num_layers", 2L),
            Map.of(
                "channel_base",
                16384L,
                "num_fp16_res",
                4L,
                "conv_clamp",
                256L,
                "architecture",
                "resnet",
                "fp16_channels_last",
                true));
    assertThat(config(positional, Map.of(), Map.of()))
        .isEqualTo(
            StyleGan2Config.stylegan2(256)
                .with(
                    b ->
                        b.channelBase(16384)
                            .architecture(BlockArchitecture.RESNET)
                            .mapping(new MappingConfig(2, 0.01, 0.995))));
  }

  @Test
  void attributesStandInForKeywordsThatAreNotGiven() {
    Map<String, @Nullable Object> layer = new LinkedHashMap<>();
    layer.put("conv_clamp", null);
    layer.put("use_noise", false);
    layer.put("activation", "relu");
    Map<String, StoredModule> modules =
        Map.of(
            "synthesis.b4", attributes(Map.of("use_fp16", false, "architecture", "orig")),
            "synthesis.b8", attributes(Map.of("use_fp16", false)),
            "synthesis.b16", attributes(Map.of("use_fp16", true)),
            "synthesis.b32", attributes(Map.of("use_fp16", true)),
            "synthesis.b4.conv1", attributes(layer),
            "mapping", attributes(Map.of("w_avg_beta", 0.9, "num_layers", 3L)),
            "mapping.fc0", attributes(Map.of("activation", "linear", "bias_gain", 0.5)));
    StyleGan2Config config = config(List.of(), Map.of("img_resolution", 32L), modules);
    assertThat(config)
        .isEqualTo(
            StyleGan2Config.stylegan2(32)
                .with(
                    b ->
                        b.numFp16Res(2)
                            .convClamp(OptionalDouble.empty())
                            .useNoise(false)
                            .activation(Activation.RELU)
                            .architecture(BlockArchitecture.ORIG)
                            .mapping(
                                new MappingConfig(
                                    3,
                                    OptionalInt.empty(),
                                    OptionalInt.empty(),
                                    Activation.LINEAR,
                                    0.5,
                                    OptionalDouble.of(0.9)))));
  }

  @Test
  void aFilterIsAListOfTapsOneTapOrNone() {
    Map<String, @Nullable Object> none = new LinkedHashMap<>();
    none.put("resample_filter", null);
    assertThat(config(none).resampleFilter()).containsExactly(1.0);
    assertThat(config(Map.of("resample_filter", 3L)).resampleFilter()).containsExactly(3.0);
    assertThat(config(Map.of("resample_filter", List.of(1L, 2.5))).resampleFilter())
        .containsExactly(1.0, 2.5);
    assertThatThrownBy(() -> config(Map.of("resample_filter", List.of(List.of(1L, 2L)))))
        .hasMessageContainingAll("resample_filter is [[1, 2]]", "two dimensions");
    assertThatThrownBy(() -> config(Map.of("resample_filter", List.of())))
        .hasMessageContaining("resample_filter");
    assertThatThrownBy(() -> config(Map.of("resample_filter", "1")))
        .hasMessageContaining("resample_filter is 1; a list of numbers, one number, or None");
  }

  @Test
  void whatCannotBeRebuiltIsRefusedByName() {
    assertThatThrownBy(() -> config(Map.of("num_critical", 2L)))
        .hasMessageContaining("num_critical");
    assertThatThrownBy(() -> config(Map.of("synthesis_kwargs", Map.of("a\nb", 1L))))
        .hasMessageContaining("a\\u000ab");
    assertThatThrownBy(() -> config(Map.of("mapping_kwargs", Map.of("x", 1L))))
        .hasMessageContaining("mapping_kwargs.x");
    assertThatThrownBy(() -> config(Map.of("mapping_kwargs", 7L)))
        .hasMessageContaining("mapping_kwargs are not keywords");
    assertThatThrownBy(() -> config(Map.of("activation", "gelu")))
        .hasMessageContainingAll("activation is gelu", "swish");
    assertThatThrownBy(() -> config(Map.of("architecture", 1L)))
        .hasMessageContainingAll("architecture is 1", "orig, skip, resnet");
    assertThatThrownBy(() -> config(Map.of("resample_filter", List.of(1L, "3"))))
        .hasMessageContaining("resample_filter");
    assertThatThrownBy(() -> config(Map.of("use_noise", 1L)))
        .hasMessageContaining("use_noise is 1");
    assertThatThrownBy(() -> config(Map.of("img_resolution", 24L)))
        .hasMessageContaining("img_resolution");
    StoredNetwork third = NetworkFile.read(GOLDENS.resolve("sg3t_32.pkl")).network("G");
    assertThatThrownBy(() -> StyleGan2Keywords.config(third))
        .hasMessageContaining("not a StyleGAN2 generator");
  }
}
