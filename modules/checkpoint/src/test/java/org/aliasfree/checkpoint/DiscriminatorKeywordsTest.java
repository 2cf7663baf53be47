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
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.op.Activation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The configuration that a stored discriminator's keywords and attributes mean. */
class DiscriminatorKeywordsTest {
  private static final Path GOLDENS = Path.of(System.getProperty("aliasfree.goldens"), "pickles");

  private static StoredModule attributes(Map<String, @Nullable Object> attributes) {
    return new StoredModule("Module", List.of(), Map.of(), attributes);
  }

  private static DiscriminatorConfig config(
      List<@Nullable Object> args,
      Map<String, @Nullable Object> kwargs,
      Map<String, StoredModule> more) {
    Map<String, StoredModule> modules = new LinkedHashMap<>();
    modules.put("", new StoredModule("Discriminator", args, kwargs, Map.of()));
    modules.put("b4", attributes(Map.of()));
    modules.putAll(more);
    return DiscriminatorKeywords.config(new StoredNetwork(modules, Map.of()));
  }

  private static DiscriminatorConfig config(Map<String, @Nullable Object> kwargs) {
    return config(List.of(), kwargs, Map.of());
  }

  private static MappingConfig mapping(
      int layers, OptionalInt features, Activation activation, double lrMultiplier) {
    return new MappingConfig(
        layers, features, features, activation, lrMultiplier, OptionalDouble.empty());
  }

  @Test
  void everyKeywordIsGivenBack() {
    DiscriminatorConfig all =
        DiscriminatorConfig.ofResolution(64)
            .with(
                b ->
                    b.cDim(3)
                        .imgChannels(1)
                        .architecture(BlockArchitecture.SKIP)
                        .channelBase(800)
                        .channelMax(18)
                        .numFp16Res(1)
                        .convClamp(OptionalDouble.of(7))
                        .cmapDim(OptionalInt.of(5))
                        .mapping(mapping(3, OptionalInt.of(9), Activation.RELU, 0.1))
                        .activation(Activation.ELU)
                        .resampleFilter(List.of(1.0, 1.0))
                        .freezeLayers(4)
                        .mbstdGroupSize(OptionalInt.empty())
                        .mbstdNumChannels(2)
                        .epilogueActivation(Activation.TANH));
    Map<String, @Nullable Object> keywords = DiscriminatorKeywords.keywords(all);
    assertThat(config(keywords)).isEqualTo(all);
    DiscriminatorConfig other =
        all.with(
            b ->
                b.convClamp(OptionalDouble.empty())
                    .cmapDim(OptionalInt.empty())
                    .mbstdGroupSize(OptionalInt.of(8))
                    .mbstdNumChannels(0));
    assertThat(config(DiscriminatorKeywords.keywords(other))).isEqualTo(other);
  }

  @Test
  void goldenDiscriminatorsAreDescribed() {
    NetworkFile file = NetworkFile.read(GOLDENS.resolve("sg3r_64_cond3.pkl"));
    assertThat(DiscriminatorKeywords.config(file.network("D")))
        .isEqualTo(
            DiscriminatorConfig.ofResolution(64)
                .with(b -> b.cDim(3).channelBase(256).channelMax(8).cmapDim(OptionalInt.of(8))));
    NetworkFile unconditional = NetworkFile.read(GOLDENS.resolve("sg2_32.pkl"));
    assertThat(DiscriminatorKeywords.config(unconditional.network("D")))
        .isEqualTo(
            DiscriminatorConfig.ofResolution(32).with(b -> b.channelBase(512).channelMax(18)));
  }

  @Test
  void argumentsWithoutNamesAreInTheOfficialOrder() {
    assertThat(
            config(
                Arrays.asList(
                    2L,
                    32L,
                    1L,
                    "orig",
                    512L,
                    16L,
                    0L,
                    null,
                    6L,
                    Map.of("freeze_layers", 1L),
                    Map.of("num_layers", 2L),
                    Map.of("mbstd_num_channels", 0L)),
                Map.of(),
                Map.of()))
        .isEqualTo(
            DiscriminatorConfig.ofResolution(32)
                .with(
                    b ->
                        b.cDim(2)
                            .imgChannels(1)
                            .architecture(BlockArchitecture.ORIG)
                            .channelBase(512)
                            .channelMax(16)
                            .numFp16Res(0)
                            .convClamp(OptionalDouble.empty())
                            .cmapDim(OptionalInt.of(6))
                            .freezeLayers(1)
                            .mapping(mapping(2, OptionalInt.empty(), Activation.LRELU, 0.01))
                            .mbstdNumChannels(0)));
  }

  @Test
  void attributesStandInForKeywordsThatAreNotGiven() {
    Map<String, @Nullable Object> last = new LinkedHashMap<>();
    last.put("architecture", "skip");
    last.put("cmap_dim", 0L);
    last.put("mbstd", null);
    Map<String, @Nullable Object> conv = new LinkedHashMap<>();
    conv.put("conv_clamp", null);
    conv.put("activation", "relu");
    Map<String, StoredModule> modules =
        Map.of(
            "b16", attributes(Map.of("use_fp16", true)),
            "b8", attributes(Map.of("use_fp16", false)),
            "b16.conv0", attributes(Map.of("activation", "swish")),
            "b4.conv", attributes(conv),
            "b4", attributes(last));
    assertThat(config(List.of(), Map.of("img_resolution", 16L), modules))
        .isEqualTo(
            DiscriminatorConfig.ofResolution(16)
                .with(
                    b ->
                        b.numFp16Res(1)
                            .convClamp(OptionalDouble.empty())
                            .architecture(BlockArchitecture.SKIP)
                            .activation(Activation.SWISH)
                            .epilogueActivation(Activation.RELU)
                            .mbstdNumChannels(0)));
    Map<String, @Nullable Object> deviation = new LinkedHashMap<>();
    deviation.put("group_size", null);
    deviation.put("num_channels", 2L);
    assertThat(config(List.of(), Map.of(), Map.of("b4.mbstd", attributes(deviation))))
        .isEqualTo(
            DiscriminatorConfig.ofResolution(256)
                .with(b -> b.mbstdGroupSize(OptionalInt.empty()).mbstdNumChannels(2)));
  }

  @Test
  void aFilterIsAListOfTapsOneTapOrNone() {
    Map<String, @Nullable Object> none = new LinkedHashMap<>();
    none.put("resample_filter", null);
    assertThat(config(Map.of("block_kwargs", none)).resampleFilter()).containsExactly(1.0);
    assertThat(config(Map.of("block_kwargs", Map.of("resample_filter", 2.5))).resampleFilter())
        .containsExactly(2.5);
  }

  @Test
  void whatCannotBeRebuiltIsRefusedByName() {
    assertThatThrownBy(() -> config(Map.of("use_noise", true))).hasMessageContaining("use_noise");
    for (String part : List.of("block_kwargs", "mapping_kwargs", "epilogue_kwargs")) {
      assertThatThrownBy(() -> config(Map.of(part, Map.of("x", 1L))))
          .hasMessageContaining(part + ".x");
    }
    assertThatThrownBy(() -> config(Map.of("mapping_kwargs", Map.of("w_avg_beta", 0.9))))
        .hasMessageContaining("mapping_kwargs.w_avg_beta");
    assertThatThrownBy(() -> config(Map.of("epilogue_kwargs", Map.of("mbstd_group_size", 0L))))
        .hasMessageContaining("mbstd_group_size");
    assertThatThrownBy(() -> config(Map.of("c_dim", 3L, "cmap_dim", 0L)))
        .hasMessageContaining("cmap_dim is 0");
    assertThat(config(Map.of("c_dim", 0L, "cmap_dim", 0L)).cmapDim()).isEmpty();
    StoredNetwork generator = NetworkFile.read(GOLDENS.resolve("sg3t_32.pkl")).network("G");
    assertThatThrownBy(() -> DiscriminatorKeywords.config(generator))
        .hasMessageContaining("not a discriminator");
  }
}
