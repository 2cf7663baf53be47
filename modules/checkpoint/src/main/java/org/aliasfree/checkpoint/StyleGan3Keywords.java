package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.LayerGeometry;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3ConfigBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Constructor keywords of the official StyleGAN3 generator, which network files keep, and the
 * configuration that they mean. A keyword that a file does not give is looked up among the
 * attributes of the modules, then has the official default.
 */
public final class StyleGan3Keywords {
  private static final List<String> POSITIONAL =
      List.of("z_dim", "c_dim", "w_dim", "img_resolution", "img_channels", "mapping_kwargs");

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
          "num_layers",
          "num_critical",
          "first_cutoff",
          "first_stopband",
          "last_stopband_rel",
          "margin_size",
          "output_scale",
          "num_fp16_res",
          "conv_kernel",
          "filter_size",
          "lrelu_upsampling",
          "use_radial_filters",
          "conv_clamp",
          "magnitude_ema_beta");

  private static final Set<String> KNOWN_MAPPING =
      Set.of("num_layers", "lr_multiplier", "w_avg_beta");

  private final StoredNetwork network;
  private final ConstructorKeywords given;
  private final ConstructorKeywords mapping;

  private StyleGan3Keywords(StoredNetwork network) {
    this.network = network;
    given = ConstructorKeywords.of(network, "the generator", POSITIONAL);
    mapping = given.nested("mapping_kwargs");
    given.refuseUnknown(KNOWN, "StyleGAN3");
    mapping.refuseUnknown(KNOWN_MAPPING, "StyleGAN3");
  }

  /**
   * The configuration of a stored StyleGAN3 generator.
   *
   * @throws AliasFreeException when the network is of another kind, was made with a keyword that
   *     StyleGAN3 does not have, or has other layers than its keywords give
   */
  public static StyleGan3Config config(StoredNetwork network) {
    if (network.kind() != StoredNetwork.Kind.STYLEGAN3_GENERATOR) {
      throw new AliasFreeException(
          "The network, of class "
              + Quoted.bare(network.className())
              + ", is not a StyleGAN3 generator.");
    }
    StyleGan3Config config = new StyleGan3Keywords(network).build();
    checkLayers(network, config);
    return config;
  }

  /** All keywords of a configuration: the inverse of {@link #config}. */
  public static Map<String, @Nullable Object> keywords(StyleGan3Config config) {
    Map<String, @Nullable Object> mapping = new LinkedHashMap<>();
    mapping.put("num_layers", (long) config.mapping().numLayers());
    mapping.put("lr_multiplier", config.mapping().lrMultiplier());
    mapping.put("w_avg_beta", config.mapping().wAvgBeta().orElseThrow());
    Map<String, @Nullable Object> keywords = new LinkedHashMap<>();
    keywords.put("z_dim", (long) config.zDim());
    keywords.put("c_dim", (long) config.cDim());
    keywords.put("w_dim", (long) config.wDim());
    keywords.put("img_resolution", (long) config.imgResolution());
    keywords.put("img_channels", (long) config.imgChannels());
    keywords.put("mapping_kwargs", mapping);
    keywords.put("channel_base", (long) config.channelBase());
    keywords.put("channel_max", (long) config.channelMax());
    keywords.put("num_layers", (long) config.numLayers());
    keywords.put("num_critical", (long) config.numCritical());
    keywords.put("first_cutoff", config.firstCutoff());
    keywords.put("first_stopband", config.firstStopband());
    keywords.put("last_stopband_rel", config.lastStopbandRel());
    keywords.put("margin_size", (long) config.marginSize());
    keywords.put("output_scale", config.outputScale());
    keywords.put("num_fp16_res", (long) config.numFp16Res());
    keywords.put("conv_kernel", (long) config.convKernel());
    keywords.put("filter_size", (long) config.filterSize());
    keywords.put("lrelu_upsampling", (long) config.lreluUpsampling());
    keywords.put("use_radial_filters", config.useRadialFilters());
    keywords.put("conv_clamp", MappingKeywords.orNone(config.convClamp()));
    keywords.put("magnitude_ema_beta", config.magnitudeEmaBeta());
    return keywords;
  }

  private StyleGan3Config build() {
    StyleGan3ConfigBuilder b = new StyleGan3ConfigBuilder();
    String first = firstLayer();
    integer("z_dim", "", b::zDim);
    integer("c_dim", "", b::cDim);
    integer("w_dim", "", b::wDim);
    integer("img_resolution", "", b::imgResolution);
    integer("img_channels", "", b::imgChannels);
    b.mapping(mapping());
    integer("channel_base", "", b::channelBase);
    integer("channel_max", "", b::channelMax);
    integer("num_layers", "synthesis", b::numLayers);
    integer("num_critical", "synthesis", b::numCritical);
    number("first_cutoff", "", b::firstCutoff);
    number("first_stopband", "", b::firstStopband);
    number("last_stopband_rel", "", b::lastStopbandRel);
    integer("margin_size", "synthesis", b::marginSize);
    number("output_scale", "synthesis", b::outputScale);
    integer("num_fp16_res", "synthesis", b::numFp16Res);
    integer("conv_kernel", first, b::convKernel);
    integer("filter_size", "", b::filterSize);
    integer("lrelu_upsampling", "", b::lreluUpsampling);
    number("magnitude_ema_beta", first, b::magnitudeEmaBeta);
    given.find("use_radial_filters").map(KeywordValue::bool).ifPresent(b::useRadialFilters);
    given.find("conv_clamp", first).map(KeywordValue::numberOrNone).ifPresent(b::convClamp);
    return b.build();
  }

  private void integer(String name, String path, Consumer<Integer> set) {
    given.find(name, path).map(KeywordValue::integer).ifPresent(set);
  }

  private void number(String name, String path, Consumer<Double> set) {
    given.find(name, path).map(KeywordValue::number).ifPresent(set);
  }

  private MappingConfig mapping() {
    MappingConfig d = MappingConfig.STYLEGAN3;
    return new MappingConfig(
        mapping.find("num_layers", "mapping").map(KeywordValue::integer).orElse(d.numLayers()),
        mapping.find("lr_multiplier").map(KeywordValue::number).orElse(d.lrMultiplier()),
        mapping
            .find("w_avg_beta", "mapping")
            .map(KeywordValue::number)
            .orElse(d.wAvgBeta().orElseThrow()));
  }

  /** Path of the first synthesis layer, whose attributes tell what all layers share. */
  private String firstLayer() {
    String prefix = "synthesis.L0_";
    return network.modules().keySet().stream()
        .filter(path -> path.startsWith(prefix) && path.indexOf('.', prefix.length()) < 0)
        .findFirst()
        .orElse("synthesis.L0");
  }

  /** The file's own list of layers tells whether its code had the official defaults. */
  private static void checkLayers(StoredNetwork network, StyleGan3Config config) {
    List<String> expected = new ArrayList<>();
    config.schedule().layers().stream().map(LayerGeometry::name).forEach(expected::add);
    StoredModule synthesis = network.modules().get("synthesis");
    Object stored = synthesis == null ? null : synthesis.attributes().get("layer_names");
    if (stored != null && !stored.equals(expected)) {
      throw new AliasFreeException(
          "The file's layers are "
              + Quoted.bare(stored.toString())
              + ", but its keywords give "
              + expected
              + "; it comes from changed code and cannot be rebuilt.");
    }
  }
}
