package org.aliasfree.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.IntConsumer;
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
  private final Map<String, @Nullable Object> given;
  private final Map<String, @Nullable Object> mappingGiven;

  private StyleGan3Keywords(StoredNetwork network) {
    this.network = network;
    this.given = given(network);
    this.mappingGiven = mappingGiven(given.get("mapping_kwargs"));
    checkKnown(given.keySet(), KNOWN, "the generator");
    checkKnown(mappingGiven.keySet(), KNOWN_MAPPING, "the mapping network (mapping_kwargs)");
  }

  /**
   * The configuration of a stored StyleGAN3 generator.
   *
   * @throws AliasFreeException when the network is of another kind, was made with a keyword that
   *     StyleGAN3 does not have, or has other layers than its keywords give
   */
  public static StyleGan3Config config(StoredNetwork network) {
    switch (network.kind()) {
      case STYLEGAN3_GENERATOR -> {}
      case STYLEGAN2_GENERATOR ->
          throw new AliasFreeException(
              "The network is a StyleGAN2 generator; StyleGAN2 networks are not supported yet.");
      case DISCRIMINATOR ->
          throw new AliasFreeException(
              "The network is a discriminator, not a generator; choose G_ema or G.");
      case OTHER ->
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
    OptionalDouble clamp = config.convClamp();
    keywords.put("conv_clamp", clamp.isPresent() ? clamp.getAsDouble() : null);
    keywords.put("magnitude_ema_beta", config.magnitudeEmaBeta());
    return keywords;
  }

  /** Keywords and positional arguments together. */
  private static Map<String, @Nullable Object> given(StoredNetwork network) {
    List<@Nullable Object> positional = network.initArgs();
    if (positional.size() > POSITIONAL.size()) {
      throw new AliasFreeException(
          "The generator was made with "
              + positional.size()
              + " positional arguments; it has "
              + POSITIONAL.size()
              + ".");
    }
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      given.put(POSITIONAL.get(i), positional.get(i));
    }
    given.putAll(network.initKwargs());
    return given;
  }

  private static Map<String, @Nullable Object> mappingGiven(@Nullable Object mappingKwargs) {
    Map<String, @Nullable Object> given = new LinkedHashMap<>();
    if (mappingKwargs instanceof Map<?, ?> map) {
      map.forEach((key, value) -> given.put(String.valueOf(key), value));
    } else if (mappingKwargs != null) {
      throw new AliasFreeException(
          "The generator's mapping_kwargs are not keywords; the file is damaged.");
    }
    return given;
  }

  private static void checkKnown(Set<String> names, Set<String> known, String what) {
    List<String> unknown =
        names.stream().filter(name -> !known.contains(name)).map(Quoted::bare).toList();
    if (!unknown.isEmpty()) {
      throw new AliasFreeException(
          "In the file, "
              + what
              + " was made with "
              + String.join(", ", unknown)
              + ", which StyleGAN3 does not have; it comes from changed code and cannot be rebuilt.");
    }
  }

  private StyleGan3Config build() {
    StyleGan3ConfigBuilder b = new StyleGan3ConfigBuilder();
    setInt("z_dim", "", b::zDim);
    setInt("c_dim", "", b::cDim);
    setInt("w_dim", "", b::wDim);
    setInt("img_resolution", "", b::imgResolution);
    setInt("img_channels", "", b::imgChannels);
    b.mapping(mapping());
    String first = firstLayer();
    setInt("channel_base", "", b::channelBase);
    setInt("channel_max", "", b::channelMax);
    setInt("num_layers", "synthesis", b::numLayers);
    setInt("num_critical", "synthesis", b::numCritical);
    setDouble("first_cutoff", "", b::firstCutoff);
    setDouble("first_stopband", "", b::firstStopband);
    setDouble("last_stopband_rel", "", b::lastStopbandRel);
    setInt("margin_size", "synthesis", b::marginSize);
    setDouble("output_scale", "synthesis", b::outputScale);
    setInt("num_fp16_res", "synthesis", b::numFp16Res);
    setInt("conv_kernel", first, b::convKernel);
    setInt("filter_size", "", b::filterSize);
    setInt("lrelu_upsampling", "", b::lreluUpsampling);
    setDouble("magnitude_ema_beta", first, b::magnitudeEmaBeta);
    if (has("use_radial_filters", "")) {
      b.useRadialFilters(bool("use_radial_filters"));
    }
    if (has("conv_clamp", first)) {
      boolean none = value("conv_clamp", first) == null;
      b.convClamp(
          none
              ? OptionalDouble.empty()
              : OptionalDouble.of(number(value("conv_clamp", first), "conv_clamp")));
    }
    return b.build();
  }

  private MappingConfig mapping() {
    MappingConfig d = MappingConfig.STYLEGAN3;
    Map<String, @Nullable Object> attributes = attributes("mapping");
    return new MappingConfig(
        integer(mappingValue("num_layers", attributes, d.numLayers()), "num_layers"),
        number(mappingValue("lr_multiplier", Map.of(), d.lrMultiplier()), "lr_multiplier"),
        number(mappingValue("w_avg_beta", attributes, d.wAvgBeta().orElseThrow()), "w_avg_beta"));
  }

  private @Nullable Object mappingValue(
      String name, Map<String, @Nullable Object> attributes, Object otherwise) {
    return mappingGiven.containsKey(name)
        ? mappingGiven.get(name)
        : attributes.getOrDefault(name, otherwise);
  }

  private Map<String, @Nullable Object> attributes(String path) {
    StoredModule module = network.modules().get(path);
    return module == null ? Map.of() : module.attributes();
  }

  /** Path of the first synthesis layer, whose attributes tell what all layers share. */
  private String firstLayer() {
    String prefix = "synthesis.L0_";
    return network.modules().keySet().stream()
        .filter(path -> path.startsWith(prefix) && path.indexOf('.', prefix.length()) < 0)
        .findFirst()
        .orElse("");
  }

  private boolean has(String name, String path) {
    return given.containsKey(name) || attributes(path).containsKey(name);
  }

  private @Nullable Object value(String name, String path) {
    return given.containsKey(name) ? given.get(name) : attributes(path).get(name);
  }

  private void setInt(String name, String path, IntConsumer set) {
    if (has(name, path)) {
      set.accept(integer(value(name, path), name));
    }
  }

  private void setDouble(String name, String path, java.util.function.DoubleConsumer set) {
    if (has(name, path)) {
      set.accept(number(value(name, path), name));
    }
  }

  private boolean bool(String name) {
    if (given.get(name) instanceof Boolean bool) {
      return bool;
    }
    throw wrongKind(name, given.get(name), "True or False");
  }

  private static int integer(@Nullable Object value, String name) {
    double number = number(value, name);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw wrongKind(name, value, "an integer of at most 31 bits");
    }
    return (int) number;
  }

  private static double number(@Nullable Object value, String name) {
    return switch (value) {
      case Integer integer -> integer;
      case Long integer -> integer;
      case Double real -> real;
      case null, default -> throw wrongKind(name, value, "a number");
    };
  }

  private static AliasFreeException wrongKind(
      String name, @Nullable Object value, String expected) {
    return new AliasFreeException(
        "In the file, the generator's "
            + name
            + " is "
            + Quoted.bare(String.valueOf(value))
            + "; "
            + expected
            + " is expected.");
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
