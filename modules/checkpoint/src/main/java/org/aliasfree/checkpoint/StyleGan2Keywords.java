package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2ConfigBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Constructor keywords of the official StyleGAN2 generators, which network files keep, and the
 * configuration that they mean. There are two of them: StyleGAN3's code takes all keywords of the
 * synthesis network itself, the older one of StyleGAN2-ADA takes them in {@code synthesis_kwargs}
 * and has other defaults. A keyword that a file does not give is looked up among the attributes of
 * the modules, which both codes record, and has a default only where they do not tell either.
 */
public final class StyleGan2Keywords {
  private static final String SYNTHESIS = "synthesis_kwargs";

  private static final List<String> POSITIONAL =
      List.of(
          "z_dim", "c_dim", "w_dim", "img_resolution", "img_channels", "mapping_kwargs", SYNTHESIS);

  private static final Set<String> KNOWN =
      Set.of(
          "z_dim",
          "c_dim",
          "w_dim",
          "img_resolution",
          "img_channels",
          "mapping_kwargs",
          "channel_base",
          "channel_max",
          "num_fp16_res",
          "conv_clamp",
          "architecture",
          "resample_filter",
          "kernel_size",
          "use_noise",
          "activation",
          // How the official code computes, not what.
          "fused_modconv_default",
          "fp16_channels_last");

  private final ConstructorKeywords given;
  private final ConstructorKeywords mapping;
  private final boolean ada;

  private StyleGan2Keywords(StoredNetwork network) {
    ConstructorKeywords all = ConstructorKeywords.of(network, "the generator", POSITIONAL);
    ada = all.gives(SYNTHESIS);
    given = all.unfolded(SYNTHESIS);
    mapping = given.nested("mapping_kwargs");
    given.refuseUnknown(KNOWN, "StyleGAN2");
  }

  /**
   * The configuration of a stored StyleGAN2 generator.
   *
   * @throws AliasFreeException when the network is of another kind, or was made with a keyword that
   *     StyleGAN2 does not have or with a value that it cannot have
   */
  public static StyleGan2Config config(StoredNetwork network) {
    if (network.kind() != StoredNetwork.Kind.STYLEGAN2_GENERATOR) {
      throw new AliasFreeException(
          "The network, of class "
              + Quoted.bare(network.className())
              + ", is not a StyleGAN2 generator.");
    }
    return new StyleGan2Keywords(network).build();
  }

  /** All keywords of a configuration, as StyleGAN3's code takes them: the inverse of config. */
  public static Map<String, @Nullable Object> keywords(StyleGan2Config config) {
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    keywords.put("z_dim", (long) config.zDim());
    keywords.put("c_dim", (long) config.cDim());
    keywords.put("w_dim", (long) config.wDim());
    keywords.put("img_resolution", (long) config.imgResolution());
    keywords.put("img_channels", (long) config.imgChannels());
    keywords.put("mapping_kwargs", MappingKeywords.keywords(config.mapping(), true));
    keywords.put("channel_base", (long) config.channelBase());
    keywords.put("channel_max", (long) config.channelMax());
    keywords.put("num_fp16_res", (long) config.numFp16Res());
    keywords.put("conv_clamp", MappingKeywords.orNone(config.convClamp()));
    keywords.put("architecture", config.architecture().label());
    keywords.put("resample_filter", config.resampleFilter());
    keywords.put("kernel_size", (long) config.kernelSize());
    keywords.put("use_noise", config.useNoise());
    keywords.put("activation", config.activation().label());
    return keywords;
  }

  private StyleGan2Config build() {
    String block = "synthesis.b4";
    String layer = "synthesis.b4.conv1";
    StyleGan2ConfigBuilder b = new StyleGan2ConfigBuilder();
    integer("z_dim", b::zDim);
    integer("c_dim", b::cDim);
    integer("w_dim", b::wDim);
    integer("img_resolution", b::imgResolution);
    integer("img_channels", b::imgChannels);
    b.mapping(MappingKeywords.config(mapping, defaultMapping()));
    integer("channel_base", b::channelBase);
    integer("channel_max", b::channelMax);
    if (ada) {
      b.numFp16Res(0).convClamp(OptionalDouble.empty());
    }
    given.find("num_fp16_res", "synthesis").map(KeywordValue::integer).ifPresent(b::numFp16Res);
    given.find("conv_clamp", layer).map(KeywordValue::numberOrNone).ifPresent(b::convClamp);
    given.find("architecture", block).map(KeywordValue::architecture).ifPresent(b::architecture);
    given.find("resample_filter").map(KeywordValue::taps).ifPresent(b::resampleFilter);
    integer("kernel_size", b::kernelSize);
    given.find("use_noise", layer).map(KeywordValue::bool).ifPresent(b::useNoise);
    given.find("activation", layer).map(KeywordValue::activation).ifPresent(b::activation);
    StyleGan2Config config = b.build();
    return given
        .countedFp16Res("synthesis", config::useFp16)
        .map(counted -> config.with(c -> c.numFp16Res(counted)))
        .orElse(config);
  }

  private MappingConfig defaultMapping() {
    MappingConfig d = MappingConfig.STYLEGAN2;
    return ada ? new MappingConfig(d.numLayers(), d.lrMultiplier(), 0.995) : d;
  }

  /** An integer that the network itself has as an attribute, if any module does. */
  private void integer(String name, Consumer<Integer> set) {
    given.find(name, "").map(KeywordValue::integer).ifPresent(set);
  }
}
