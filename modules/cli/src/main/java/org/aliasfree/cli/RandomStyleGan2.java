package org.aliasfree.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2ConfigBuilder;
import org.aliasfree.op.Activation;

/** The keywords of {@code random:stylegan2-R?…}. */
final class RandomStyleGan2 implements RandomNetworkText.Keys {
  private final StyleGan2ConfigBuilder builder;
  private int mapLayers = MappingConfig.STYLEGAN2.numLayers();
  private double mapLrMultiplier = MappingConfig.STYLEGAN2.lrMultiplier();
  private OptionalDouble mapWAvgBeta = MappingConfig.STYLEGAN2.wAvgBeta();

  /** Starts from the official training command's StyleGAN2 of a resolution. */
  RandomStyleGan2(int resolution) {
    builder = new StyleGan2ConfigBuilder(StyleGan2Config.stylegan2(resolution));
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
    keys.put("map_w_avg_beta", v -> mapWAvgBeta = RandomNetworkText.numberOrNone(v));
    keys.put("num_fp16_res", v -> builder.numFp16Res(RandomNetworkText.integer(v)));
    keys.put("conv_clamp", v -> builder.convClamp(RandomNetworkText.numberOrNone(v)));
    keys.put("architecture", v -> builder.architecture(BlockArchitecture.of(v)));
    keys.put(
        "resample_filter",
        v ->
            builder.resampleFilter(
                Arrays.stream(v.split(",", -1)).map(OptionValues::number).toList()));
    keys.put("kernel_size", v -> builder.kernelSize(RandomNetworkText.integer(v)));
    keys.put("use_noise", v -> builder.useNoise(RandomNetworkText.flag(v)));
    keys.put("activation", v -> builder.activation(activation(v)));
    return keys;
  }

  private static Activation activation(String text) {
    return Arrays.stream(Activation.values())
        .filter(activation -> activation.label().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new AliasFreeException(
                    OptionValues.quoted(text)
                        + " is not one of "
                        + Arrays.stream(Activation.values())
                            .map(Activation::label)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  @Override
  public NetworkSource source(long seed) {
    MappingConfig mapping = new MappingConfig(mapLayers, mapLrMultiplier, mapWAvgBeta.orElse(0));
    builder.mapping(mapWAvgBeta.isPresent() ? mapping : mapping.withoutMean());
    return new NetworkSource.RandomStyleGan2(builder.build(), seed);
  }
}
