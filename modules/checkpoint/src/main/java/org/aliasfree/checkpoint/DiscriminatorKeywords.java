package org.aliasfree.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.DiscriminatorConfigBuilder;
import org.aliasfree.network.MappingConfig;
import org.jspecify.annotations.Nullable;

/**
 * Constructor keywords of the official discriminators, which network files keep, and the
 * configuration that they mean. StyleGAN2-ADA's older code has the same keywords as StyleGAN3's but
 * other defaults ({@code num_fp16_res} 0, {@code conv_clamp} None); the attributes of the modules
 * tell what was used, and come before any default.
 */
public final class DiscriminatorKeywords {
  private static final List<String> POSITIONAL =
      List.of(
          "c_dim",
          "img_resolution",
          "img_channels",
          "architecture",
          "channel_base",
          "channel_max",
          "num_fp16_res",
          "conv_clamp",
          "cmap_dim",
          "block_kwargs",
          "mapping_kwargs",
          "epilogue_kwargs");

  private static final Set<String> KNOWN = Set.copyOf(POSITIONAL);

  private static final Set<String> KNOWN_BLOCK =
      Set.of("activation", "resample_filter", "fp16_channels_last", "freeze_layers");

  private static final Set<String> KNOWN_EPILOGUE =
      Set.of("mbstd_group_size", "mbstd_num_channels", "activation");

  private final StoredNetwork network;
  private final ConstructorKeywords given;
  private final ConstructorKeywords block;
  private final ConstructorKeywords epilogue;

  private DiscriminatorKeywords(StoredNetwork network) {
    this.network = network;
    given = ConstructorKeywords.of(network, "the discriminator", POSITIONAL);
    block = given.nested("block_kwargs");
    epilogue = given.nested("epilogue_kwargs");
    given.refuseUnknown(KNOWN, "StyleGAN2");
    block.refuseUnknown(KNOWN_BLOCK, "StyleGAN2");
    epilogue.refuseUnknown(KNOWN_EPILOGUE, "StyleGAN2");
  }

  /**
   * The configuration of a stored discriminator.
   *
   * @throws AliasFreeException when the network is of another kind, or was made with a keyword that
   *     the official discriminator does not have or with a value that it cannot have
   */
  public static DiscriminatorConfig config(StoredNetwork network) {
    if (network.kind() != StoredNetwork.Kind.DISCRIMINATOR) {
      throw new AliasFreeException(
          "The network, of class "
              + Quoted.bare(network.className())
              + ", is not a discriminator.");
    }
    return new DiscriminatorKeywords(network).build();
  }

  /** All keywords of a configuration: the inverse of {@link #config}. */
  public static Map<String, @Nullable Object> keywords(DiscriminatorConfig config) {
    Map<String, @Nullable Object> block = new LinkedHashMap<>();
    block.put("activation", config.activation().label());
    block.put("resample_filter", config.resampleFilter());
    block.put("freeze_layers", (long) config.freezeLayers());
    Map<String, @Nullable Object> epilogue = new LinkedHashMap<>();
    epilogue.put("mbstd_group_size", MappingKeywords.orNone(config.mbstdGroupSize()));
    epilogue.put("mbstd_num_channels", (long) config.mbstdNumChannels());
    epilogue.put("activation", config.epilogueActivation().label());
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    keywords.put("c_dim", (long) config.cDim());
    keywords.put("img_resolution", (long) config.imgResolution());
    keywords.put("img_channels", (long) config.imgChannels());
    keywords.put("architecture", config.architecture().label());
    keywords.put("channel_base", (long) config.channelBase());
    keywords.put("channel_max", (long) config.channelMax());
    keywords.put("num_fp16_res", (long) config.numFp16Res());
    keywords.put("conv_clamp", MappingKeywords.orNone(config.convClamp()));
    keywords.put("cmap_dim", MappingKeywords.orNone(config.cmapDim()));
    keywords.put("block_kwargs", block);
    keywords.put("mapping_kwargs", MappingKeywords.keywords(config.mapping(), false));
    keywords.put("epilogue_kwargs", epilogue);
    return keywords;
  }

  private DiscriminatorConfig build() {
    String last = "b4.conv";
    DiscriminatorConfigBuilder b = new DiscriminatorConfigBuilder();
    integer("c_dim", b::cDim);
    integer("img_resolution", b::imgResolution);
    integer("img_channels", b::imgChannels);
    given.find("architecture", "b4").map(KeywordValue::architecture).ifPresent(b::architecture);
    integer("channel_base", b::channelBase);
    integer("channel_max", b::channelMax);
    integer("num_fp16_res", b::numFp16Res);
    given.find("conv_clamp", last).map(KeywordValue::numberOrNone).ifPresent(b::convClamp);
    b.cmapDim(cmapDim());
    b.mapping(MappingKeywords.config(given.nested("mapping_kwargs"), MappingConfig.DISCRIMINATOR));
    block.find("activation", firstLayer()).map(KeywordValue::activation).ifPresent(b::activation);
    block.find("resample_filter").map(KeywordValue::taps).ifPresent(b::resampleFilter);
    block.find("freeze_layers").map(KeywordValue::integer).ifPresent(b::freezeLayers);
    epilogue
        .find("mbstd_group_size", "b4.mbstd", "group_size")
        .map(KeywordValue::integerOrNone)
        .ifPresent(b::mbstdGroupSize);
    epilogue
        .find("mbstd_num_channels", "b4.mbstd", "num_channels")
        .map(KeywordValue::integer)
        .ifPresentOrElse(b::mbstdNumChannels, () -> withoutDeviation(b));
    epilogue
        .find("activation", last)
        .map(KeywordValue::activation)
        .ifPresent(b::epilogueActivation);
    DiscriminatorConfig config = b.build();
    return given
        .countedFp16Res("", config::useFp16)
        .map(counted -> config.with(c -> c.numFp16Res(counted)))
        .orElse(config);
  }

  private void integer(String name, Consumer<Integer> set) {
    given.find(name, "").map(KeywordValue::integer).ifPresent(set);
  }

  /**
   * Without labels the official code takes any width, and records 0. With labels a width of 0 would
   * leave them without effect; the configuration refuses it.
   */
  private OptionalInt cmapDim() {
    OptionalInt width =
        given.find("cmap_dim", "b4").map(KeywordValue::integerOrNone).orElse(OptionalInt.empty());
    boolean labels = given.find("c_dim", "").map(KeywordValue::integer).orElse(0) > 0;
    return !labels && width.equals(OptionalInt.of(0)) ? OptionalInt.empty() : width;
  }

  /** Where there are to be no channels of deviation, the attribute that makes them is None. */
  private void withoutDeviation(DiscriminatorConfigBuilder b) {
    StoredModule last = network.modules().get("b4");
    if (last != null && last.attributes().containsKey("mbstd")) {
      b.mbstdNumChannels(0);
    }
  }

  /** Path of a layer of the blocks, whose attributes tell what all of them share. */
  private String firstLayer() {
    return network.modules().keySet().stream()
        .filter(path -> path.endsWith(".conv0"))
        .findFirst()
        .orElse("b8.conv0");
  }
}
