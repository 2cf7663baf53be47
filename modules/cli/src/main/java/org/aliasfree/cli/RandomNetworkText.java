package org.aliasfree.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3ConfigBuilder;
import org.aliasfree.random.RandomState;

/**
 * Reads {@code stylegan3-t-256?seed=1&cmax=64}: a preset and keywords that change it, named as in
 * network files, with the short names of the official training command ({@code cbase}, {@code
 * cmax}) besides.
 */
final class RandomNetworkText {
  private static final Map<String, BiConsumer<RandomNetworkText, String>> KEYS = keys();

  private final Set<String> given = new HashSet<>();
  private final StyleGan3ConfigBuilder builder;
  private long seed;
  private int mapLayers = MappingConfig.STYLEGAN3.numLayers();
  private double mapLrMultiplier = MappingConfig.STYLEGAN3.lrMultiplier();
  private double mapWAvgBeta = MappingConfig.STYLEGAN3.wAvgBeta().orElseThrow();

  private RandomNetworkText(StyleGan3Config preset) {
    builder = new StyleGan3ConfigBuilder(preset);
  }

  /** Understands what follows {@code random:}. */
  static NetworkSource.Random parse(String text) {
    int question = text.indexOf('?');
    String preset = question < 0 ? text : text.substring(0, question);
    RandomNetworkText draft = new RandomNetworkText(StyleGan3Config.preset(preset));
    if (question >= 0 && question < text.length() - 1) {
      for (String pair : text.substring(question + 1).split("&", -1)) {
        draft.set(pair);
      }
    }
    draft.builder.mapping(
        new MappingConfig(draft.mapLayers, draft.mapLrMultiplier, draft.mapWAvgBeta));
    return new NetworkSource.Random(draft.builder.build(), draft.seed);
  }

  private void set(String pair) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? pair : pair.substring(0, equals);
    BiConsumer<RandomNetworkText, String> setter = KEYS.get(key);
    if (equals < 0 || setter == null) {
      throw new AliasFreeException(
          OptionValues.quoted(pair)
              + " does not set a keyword of a network; there are "
              + String.join(", ", KEYS.keySet())
              + ", each with = and a value.");
    }
    if (!given.add(key)) {
      throw new AliasFreeException(key + ": it is given twice; give it once.");
    }
    try {
      setter.accept(this, pair.substring(equals + 1));
    } catch (AliasFreeException e) {
      throw new AliasFreeException(key + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, BiConsumer<RandomNetworkText, String>> keys() {
    Map<String, BiConsumer<RandomNetworkText, String>> keys = new LinkedHashMap<>();
    keys.put("seed", (d, v) -> d.seed = seed(v));
    keys.put("cbase", (d, v) -> d.builder.channelBase(integer(v)));
    keys.put("cmax", (d, v) -> d.builder.channelMax(integer(v)));
    keys.put("channel_base", (d, v) -> d.builder.channelBase(integer(v)));
    keys.put("channel_max", (d, v) -> d.builder.channelMax(integer(v)));
    keys.put("z_dim", (d, v) -> d.builder.zDim(integer(v)));
    keys.put("c_dim", (d, v) -> d.builder.cDim(integer(v)));
    keys.put("w_dim", (d, v) -> d.builder.wDim(integer(v)));
    keys.put("img_channels", (d, v) -> d.builder.imgChannels(integer(v)));
    keys.put("map_layers", (d, v) -> d.mapLayers = integer(v));
    keys.put("map_lr_multiplier", (d, v) -> d.mapLrMultiplier = OptionValues.number(v));
    keys.put("map_w_avg_beta", (d, v) -> d.mapWAvgBeta = OptionValues.number(v));
    keys.put("num_layers", (d, v) -> d.builder.numLayers(integer(v)));
    keys.put("num_critical", (d, v) -> d.builder.numCritical(integer(v)));
    keys.put("first_cutoff", (d, v) -> d.builder.firstCutoff(OptionValues.number(v)));
    keys.put("first_stopband", (d, v) -> d.builder.firstStopband(OptionValues.number(v)));
    keys.put("last_stopband_rel", (d, v) -> d.builder.lastStopbandRel(OptionValues.number(v)));
    keys.put("margin_size", (d, v) -> d.builder.marginSize(integer(v)));
    keys.put("output_scale", (d, v) -> d.builder.outputScale(OptionValues.number(v)));
    keys.put("num_fp16_res", (d, v) -> d.builder.numFp16Res(integer(v)));
    keys.put("conv_kernel", (d, v) -> d.builder.convKernel(integer(v)));
    keys.put("filter_size", (d, v) -> d.builder.filterSize(integer(v)));
    keys.put("lrelu_upsampling", (d, v) -> d.builder.lreluUpsampling(integer(v)));
    keys.put("use_radial_filters", (d, v) -> d.builder.useRadialFilters(flag(v)));
    keys.put("conv_clamp", (d, v) -> d.builder.convClamp(clamp(v)));
    keys.put("magnitude_ema_beta", (d, v) -> d.builder.magnitudeEmaBeta(OptionValues.number(v)));
    return keys;
  }

  private static int integer(String text) {
    return OptionValues.integer(text, 0, Integer.MAX_VALUE);
  }

  private static long seed(String text) {
    var seeds = OptionValues.seeds(text);
    if (seeds.size() != 1) {
      throw new AliasFreeException(
          "give one seed from 0 to "
              + RandomState.MAX_SEED
              + ", not "
              + OptionValues.quoted(text)
              + ".");
    }
    return seeds.getFirst();
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new AliasFreeException(OptionValues.quoted(text) + " is not true or false.");
    };
  }

  private static OptionalDouble clamp(String text) {
    return text.equals("none")
        ? OptionalDouble.empty()
        : OptionalDouble.of(OptionValues.number(text));
  }
}
