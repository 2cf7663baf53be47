package org.aliasfree.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3ConfigBuilder;

/** The keywords of {@code random:stylegan3-t-R?…} and {@code random:stylegan3-r-R?…}. */
final class RandomStyleGan3 implements RandomNetworkText.Keys {
  private final StyleGan3ConfigBuilder builder;
  private int mapLayers = MappingConfig.STYLEGAN3.numLayers();
  private double mapLrMultiplier = MappingConfig.STYLEGAN3.lrMultiplier();
  private double mapWAvgBeta = MappingConfig.STYLEGAN3.wAvgBeta().orElseThrow();

  RandomStyleGan3(StyleGan3Config preset) {
    builder = new StyleGan3ConfigBuilder(preset);
  }

  @Override
  public Map<String, Consumer<String>> setters() {
    Map<String, Consumer<String>> keys = new LinkedHashMap<>();
    keys.put("cbase", v -> builder.channelBase(RandomNetworkText.integer(v)));
    keys.put("cmax", v -> builder.channelMax(RandomNetworkText.integer(v)));
    keys.put("channel_base", v -> builder.channelBase(RandomNetworkText.integer(v)));
    keys.put("channel_max", v -> builder.channelMax(RandomNetworkText.integer(v)));
    keys.put("z_dim", v -> builder.zDim(RandomNetworkText.integer(v)));
    keys.put("c_dim", v -> builder.cDim(RandomNetworkText.integer(v)));
    keys.put("w_dim", v -> builder.wDim(RandomNetworkText.integer(v)));
    keys.put("img_channels", v -> builder.imgChannels(RandomNetworkText.integer(v)));
    keys.put("map_layers", v -> mapLayers = RandomNetworkText.integer(v));
    keys.put("map_lr_multiplier", v -> mapLrMultiplier = OptionValues.number(v));
    keys.put("map_w_avg_beta", v -> mapWAvgBeta = OptionValues.number(v));
    keys.put("num_layers", v -> builder.numLayers(RandomNetworkText.integer(v)));
    keys.put("num_critical", v -> builder.numCritical(RandomNetworkText.integer(v)));
    keys.put("first_cutoff", v -> builder.firstCutoff(OptionValues.number(v)));
    keys.put("first_stopband", v -> builder.firstStopband(OptionValues.number(v)));
    keys.put("last_stopband_rel", v -> builder.lastStopbandRel(OptionValues.number(v)));
    keys.put("margin_size", v -> builder.marginSize(RandomNetworkText.integer(v)));
    keys.put("output_scale", v -> builder.outputScale(OptionValues.number(v)));
    keys.put("num_fp16_res", v -> builder.numFp16Res(RandomNetworkText.integer(v)));
    keys.put("conv_kernel", v -> builder.convKernel(RandomNetworkText.integer(v)));
    keys.put("filter_size", v -> builder.filterSize(RandomNetworkText.integer(v)));
    keys.put("lrelu_upsampling", v -> builder.lreluUpsampling(RandomNetworkText.integer(v)));
    keys.put("use_radial_filters", v -> builder.useRadialFilters(RandomNetworkText.flag(v)));
    keys.put("conv_clamp", v -> builder.convClamp(RandomNetworkText.numberOrNone(v)));
    keys.put("magnitude_ema_beta", v -> builder.magnitudeEmaBeta(OptionValues.number(v)));
    return keys;
  }

  @Override
  public NetworkSource source(long seed) {
    builder.mapping(new MappingConfig(mapLayers, mapLrMultiplier, mapWAvgBeta));
    return new NetworkSource.Random(builder.build(), seed);
  }
}
