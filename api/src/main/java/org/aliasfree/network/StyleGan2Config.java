package org.aliasfree.network;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Activation;

/**
 * Everything that shapes a StyleGAN2 generator (Karras et al., <i>Analyzing and Improving the Image
 * Quality of StyleGAN</i>, 2020): the constructor keywords of the official networks, with the names
 * that network files use turned to camel case. A value of this type can be built.
 *
 * @param zDim components of the latent z; 0 for images that depend on the label alone
 * @param cDim classes of the one-hot label; 0 for an unconditional network
 * @param wDim components of the intermediate latent w
 * @param imgResolution height and width of the image in pixels; a power of two, 4 or more
 * @param imgChannels channels of the image: 3 for RGB, 1 for gray
 * @param mapping keywords of the mapping network
 * @param channelBase a block has at most channelBase / resolution channels
 * @param channelMax and at most this many
 * @param numFp16Res highest resolutions that run in f16 where a backend is asked to; never below 8
 * @param convClamp features are clamped to plus or minus this; empty for no clamp
 * @param architecture how blocks are connected
 * @param resampleFilter taps of the low-pass filter of resampling, 1 or more; 8 taps or more stay
 *     separable
 * @param kernelSize size of the convolution kernels; odd
 * @param useNoise whether noise is added to features
 * @param activation applied to features
 */
public record StyleGan2Config(
    int zDim,
    int cDim,
    int wDim,
    int imgResolution,
    int imgChannels,
    MappingConfig mapping,
    int channelBase,
    int channelMax,
    int numFp16Res,
    OptionalDouble convClamp,
    BlockArchitecture architecture,
    List<Double> resampleFilter,
    int kernelSize,
    boolean useNoise,
    Activation activation) {

  /** Checks every range, and that the parameters fit in memory; allocates nothing large. */
  public StyleGan2Config {
    resampleFilter = List.copyOf(resampleFilter);
    ConfigChecks.range("c_dim", cDim, 0, 1 << 20);
    ConfigChecks.range("z_dim", zDim, cDim > 0 ? 0 : 1, ConfigChecks.MAX_DIM);
    ConfigChecks.range("w_dim", wDim, 1, ConfigChecks.MAX_DIM);
    ConfigChecks.powerOfTwo("img_resolution", imgResolution, 4);
    ConfigChecks.range("img_channels", imgChannels, 1, 1024);
    ConfigChecks.range("channel_base", channelBase, 1, Integer.MAX_VALUE);
    ConfigChecks.range("channel_max", channelMax, 1, ConfigChecks.MAX_CHANNELS);
    ConfigChecks.range("num_fp16_res", numFp16Res, 0, 64);
    ConfigChecks.clamp(convClamp);
    ConfigChecks.resampleFilter(resampleFilter);
    ConfigChecks.range("kernel_size", kernelSize, 1, 31);
    if (kernelSize % 2 == 0) {
      throw new AliasFreeException(
          "The network's kernel_size is " + kernelSize + ", but must be odd.");
    }
    mapping.requireOutputs(zDim, cDim, wDim);
    BlockChannels blocks = new BlockChannels(channelBase, channelMax);
    blocks.require(imgResolution);
    // The fields are not set yet.
    long synthesis = parameterCount(blocks, imgResolution, imgChannels, kernelSize, wDim);
    ConfigChecks.parameters(
        synthesis + mapping.parameterCount(zDim, cDim, wDim),
        channelBase,
        channelMax,
        "w_dim",
        wDim);
  }

  /** As the official training command makes it: channel base 32768, at most 512 channels. */
  public static StyleGan2Config stylegan2(int resolution) {
    return new StyleGan2ConfigBuilder().imgResolution(resolution).build();
  }

  /** This configuration with some values changed; it is checked when all are. */
  public StyleGan2Config with(Consumer<StyleGan2ConfigBuilder> changes) {
    StyleGan2ConfigBuilder builder = new StyleGan2ConfigBuilder(this);
    changes.accept(builder);
    return builder.build();
  }

  /** Components of w per image: two for each resolution. */
  public int numWs() {
    return 2 * Integer.numberOfTrailingZeros(imgResolution) - 2;
  }

  /** Channels of the features at a resolution. */
  public int channels(int resolution) {
    return new BlockChannels(channelBase, channelMax).at(resolution);
  }

  /** Whether the block of a resolution runs in f16 where a backend is asked to. */
  public boolean useFp16(int resolution) {
    return BlockChannels.useFp16(resolution, imgResolution, numFp16Res);
  }

  private static long parameterCount(
      BlockChannels blocks, int imgResolution, int imgChannels, int kernelSize, long wDim) {
    long squares = (long) kernelSize * kernelSize;
    long count = 0;
    for (int r = 4; r <= imgResolution; r *= 2) {
      long outputs = blocks.at(r);
      long inputs = r == 4 ? 16 : blocks.at(r / 2);
      count += (inputs + outputs) * (outputs * squares + wDim + 1) + 2L * r * r;
      count += outputs * (inputs + imgChannels + wDim + 1);
    }
    return count;
  }
}
