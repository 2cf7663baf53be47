package org.aliasfree.network;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Activation;

/**
 * Everything that shapes StyleGAN2's discriminator, which StyleGAN3 uses unchanged: the constructor
 * keywords of the official networks, with the names that network files use turned to camel case. A
 * value of this type can be built.
 *
 * @param cDim classes of the one-hot label; 0 for an unconditional network
 * @param imgResolution height and width of the image in pixels; a power of two, 8 or more
 * @param imgChannels channels of the image
 * @param architecture how blocks are connected
 * @param channelBase a block has at most channelBase / resolution channels
 * @param channelMax and at most this many
 * @param numFp16Res highest resolutions that run in f16 where a backend is asked to; never below 8
 * @param convClamp features are clamped to plus or minus this; empty for no clamp
 * @param cmapDim components of the mapped label; empty for the channels at 4×4
 * @param mapping keywords of the label's mapping network, which has no mean of w
 * @param activation applied to the features of the blocks
 * @param resampleFilter taps of the low-pass filter of resampling
 * @param freezeLayers so many layers, counted from the image, do not learn (Freeze-D, Mo et al.
 *     2020)
 * @param mbstdGroupSize images of a batch whose deviation is taken together; empty for all
 * @param mbstdNumChannels channels that hold the deviation; 0 for none
 * @param epilogueActivation applied to the features at 4×4
 */
public record DiscriminatorConfig(
    int cDim,
    int imgResolution,
    int imgChannels,
    BlockArchitecture architecture,
    int channelBase,
    int channelMax,
    int numFp16Res,
    OptionalDouble convClamp,
    OptionalInt cmapDim,
    MappingConfig mapping,
    Activation activation,
    List<Double> resampleFilter,
    int freezeLayers,
    OptionalInt mbstdGroupSize,
    int mbstdNumChannels,
    Activation epilogueActivation) {

  /** Checks every range, and that the parameters fit in memory; allocates nothing large. */
  public DiscriminatorConfig {
    resampleFilter = List.copyOf(resampleFilter);
    ConfigChecks.range("c_dim", cDim, 0, 1 << 20);
    ConfigChecks.powerOfTwo("img_resolution", imgResolution, 8);
    ConfigChecks.range("img_channels", imgChannels, 1, 1024);
    ConfigChecks.range("channel_base", channelBase, 1, Integer.MAX_VALUE);
    ConfigChecks.range("channel_max", channelMax, 1, ConfigChecks.MAX_CHANNELS);
    ConfigChecks.range("num_fp16_res", numFp16Res, 0, 64);
    ConfigChecks.clamp(convClamp);
    if (cmapDim.isPresent()) {
      ConfigChecks.range("cmap_dim", cmapDim.getAsInt(), 1, ConfigChecks.MAX_DIM);
    }
    ConfigChecks.resampleFilter(resampleFilter);
    ConfigChecks.range("freeze_layers", freezeLayers, 0, Integer.MAX_VALUE);
    if (mbstdGroupSize.isPresent()) {
      ConfigChecks.range("mbstd_group_size", mbstdGroupSize.getAsInt(), 1, Integer.MAX_VALUE);
    }
    BlockChannels channels = new BlockChannels(channelBase, channelMax);
    channels.require(imgResolution);
    ConfigChecks.range("mbstd_num_channels", mbstdNumChannels, 0, channels.at(4));
    if (mbstdNumChannels > 0 && channels.at(4) % mbstdNumChannels != 0) {
      throw new AliasFreeException(
          "The network's mbstd_num_channels is "
              + mbstdNumChannels
              + ", but must divide the "
              + channels.at(4)
              + " channels at 4×4.");
    }
    if (mapping.wAvgBeta().isPresent()) {
      throw new AliasFreeException(
          "A discriminator keeps no mean of w; leave out the mapping network's w_avg_beta.");
    }
    int mapped = cmapDim.orElse(channels.at(4));
    if (cDim > 0) {
      mapping.requireOutputs(0, cDim, mapped);
    }
    // The fields are not set yet.
    long mappingParameters = cDim == 0 ? 0 : mapping.parameterCount(0, cDim, mapped);
    ConfigChecks.parameters(
        mappingParameters
            + parameterCount(channels, imgResolution, imgChannels, mbstdNumChannels, mapped),
        channelBase,
        channelMax,
        "cmap_dim",
        cDim == 0 ? 0 : mapped);
  }

  /** As the official training command makes it for StyleGAN3 and StyleGAN2. */
  public static DiscriminatorConfig ofResolution(int resolution) {
    return new DiscriminatorConfigBuilder().imgResolution(resolution).build();
  }

  /** This configuration with some values changed; it is checked when all are. */
  public DiscriminatorConfig with(Consumer<DiscriminatorConfigBuilder> changes) {
    DiscriminatorConfigBuilder builder = new DiscriminatorConfigBuilder(this);
    changes.accept(builder);
    return builder.build();
  }

  /** Channels of the features at a resolution. */
  public int channels(int resolution) {
    return new BlockChannels(channelBase, channelMax).at(resolution);
  }

  /** Components of the mapped label; 0 for an unconditional network. */
  public int mappedLabels() {
    return cDim == 0 ? 0 : cmapDim.orElse(channels(4));
  }

  /** Whether the block of a resolution runs in f16 where a backend is asked to. */
  public boolean useFp16(int resolution) {
    return BlockChannels.useFp16(resolution, imgResolution, numFp16Res);
  }

  private static long parameterCount(
      BlockChannels channels, int imgResolution, int imgChannels, int deviations, long mapped) {
    long count = 0;
    for (int r = imgResolution; r > 4; r /= 2) {
      long inputs = channels.at(r);
      long outputs = channels.at(r / 2);
      count += (inputs + outputs) * 9 * inputs + (imgChannels + outputs) * inputs;
    }
    long last = channels.at(4);
    return count + (last + deviations) * 9 * last + 16 * last * last + last * (mapped + 1);
  }
}
