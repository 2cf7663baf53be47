package org.aliasfree.network;

import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aliasfree.AliasFreeException;

/**
 * Everything that shapes a StyleGAN3 generator: the constructor keywords of the official networks,
 * with the names that network files use turned to camel case. A value of this type is consistent:
 * it has a {@linkplain SynthesisSchedule schedule} and a size that can be built.
 *
 * <p>Start from a {@linkplain #preset preset} and change what differs: {@code
 * preset("stylegan3-t-256").with(b -> b.channelMax(64).cDim(3))}.
 *
 * @param zDim components of the latent z
 * @param cDim classes of the one-hot label; 0 for an unconditional network
 * @param wDim components of the intermediate latent w
 * @param imgResolution height and width of the image in pixels; even, 4 or more
 * @param imgChannels channels of the image: 3 for RGB, 1 for gray
 * @param mapping keywords of the mapping network
 * @param channelBase a layer has at most channelBase / 2 / cutoff channels
 * @param channelMax and at most this many
 * @param numLayers layers of the synthesis network, without the Fourier input and the last one to
 *     RGB
 * @param numCritical last layers that are critically sampled
 * @param firstCutoff cutoff frequency of the first layer, in cycles per image width
 * @param firstStopband stop-band frequency of the first layer, in cycles per image width
 * @param lastStopbandRel stop-band frequency of the last layer, relative to its cutoff
 * @param marginSize pixels that feature maps extend beyond the image on each side
 * @param outputScale factor on the last layer's result
 * @param numFp16Res highest resolutions (powers of two) that run in f16 where a backend is asked to
 * @param convKernel size of the convolution kernels: 3 in configuration T, 1 in R
 * @param filterSize taps of a filter per step of its resampling factor
 * @param lreluUpsampling oversampling during the nonlinearity
 * @param useRadialFilters whether downsampling filters are radially symmetric, except in critically
 *     sampled layers
 * @param convClamp features are clamped to plus or minus this; empty for no clamp
 * @param magnitudeEmaBeta decay of the running mean of squared features, 0 to 1
 */
public record StyleGan3Config(
    int zDim,
    int cDim,
    int wDim,
    int imgResolution,
    int imgChannels,
    MappingConfig mapping,
    int channelBase,
    int channelMax,
    int numLayers,
    int numCritical,
    double firstCutoff,
    double firstStopband,
    double lastStopbandRel,
    int marginSize,
    double outputScale,
    int numFp16Res,
    int convKernel,
    int filterSize,
    int lreluUpsampling,
    boolean useRadialFilters,
    OptionalDouble convClamp,
    double magnitudeEmaBeta) {

  /** Largest resolution that is accepted, in pixels. */
  public static final int MAX_RESOLUTION = ConfigChecks.MAX_RESOLUTION;

  private static final Pattern PRESET = Pattern.compile("(?:stylegan3-)?([tr])-(\\d{1,9})");

  /**
   * Checks every range, and that the schedule exists and its parameters fit in memory; allocates
   * nothing large.
   */
  public StyleGan3Config(
      int zDim,
      int cDim,
      int wDim,
      int imgResolution,
      int imgChannels,
      MappingConfig mapping,
      int channelBase,
      int channelMax,
      int numLayers,
      int numCritical,
      double firstCutoff,
      double firstStopband,
      double lastStopbandRel,
      int marginSize,
      double outputScale,
      int numFp16Res,
      int convKernel,
      int filterSize,
      int lreluUpsampling,
      boolean useRadialFilters,
      OptionalDouble convClamp,
      double magnitudeEmaBeta) {
    this.zDim = zDim;
    this.cDim = cDim;
    this.wDim = wDim;
    this.imgResolution = imgResolution;
    this.imgChannels = imgChannels;
    this.mapping = mapping;
    this.channelBase = channelBase;
    this.channelMax = channelMax;
    this.numLayers = numLayers;
    this.numCritical = numCritical;
    this.firstCutoff = firstCutoff;
    this.firstStopband = firstStopband;
    this.lastStopbandRel = lastStopbandRel;
    this.marginSize = marginSize;
    this.outputScale = outputScale;
    this.numFp16Res = numFp16Res;
    this.convKernel = convKernel;
    this.filterSize = filterSize;
    this.lreluUpsampling = lreluUpsampling;
    this.useRadialFilters = useRadialFilters;
    this.convClamp = convClamp;
    this.magnitudeEmaBeta = magnitudeEmaBeta;
    checkRanges();
    SynthesisSchedule.of(this).requireBuildable(this);
  }

  private void checkRanges() {
    ConfigChecks.range("z_dim", zDim, 1, ConfigChecks.MAX_DIM);
    ConfigChecks.range("c_dim", cDim, 0, 1 << 20);
    ConfigChecks.range("w_dim", wDim, 1, ConfigChecks.MAX_DIM);
    ConfigChecks.range("img_resolution", imgResolution, 4, MAX_RESOLUTION);
    if (imgResolution % 2 != 0) {
      throw new AliasFreeException(
          "The network's img_resolution is "
              + imgResolution
              + ", but must be even; choose "
              + (imgResolution + 1)
              + ".");
    }
    ConfigChecks.range("img_channels", imgChannels, 1, 1024);
    ConfigChecks.range("channel_base", channelBase, 1, Integer.MAX_VALUE);
    ConfigChecks.range("channel_max", channelMax, 1, Integer.MAX_VALUE);
    ConfigChecks.range("num_layers", numLayers, 1, 256);
    ConfigChecks.range("num_critical", numCritical, 0, numLayers - 1L);
    ConfigChecks.range("first_cutoff", firstCutoff, 1e-3, MAX_RESOLUTION);
    ConfigChecks.range("first_stopband", firstStopband, 1e-3, MAX_RESOLUTION);
    ConfigChecks.range("last_stopband_rel", lastStopbandRel, 1e-3, 1e3);
    ConfigChecks.range("margin_size", marginSize, 0, 1024);
    ConfigChecks.range("output_scale", outputScale, -1e6, 1e6);
    ConfigChecks.range("num_fp16_res", numFp16Res, 0, 64);
    ConfigChecks.range("conv_kernel", convKernel, 1, 31);
    ConfigChecks.range("filter_size", filterSize, 1, 64);
    ConfigChecks.range("lrelu_upsampling", lreluUpsampling, 1, 16);
    ConfigChecks.clamp(convClamp);
    ConfigChecks.range("magnitude_ema_beta", magnitudeEmaBeta, 0, 1);
    if (mapping.numLayers() < 1 || !mapping.equals(mapping.ofStyleGan3())) {
      throw new AliasFreeException(
          "StyleGAN3's mapping network has leaky ReLU layers as wide as w, one or more, and a mean of"
              + " w, but the keywords are "
              + mapping
              + ".");
    }
  }

  /**
   * An official configuration by name: {@code stylegan3-t-R} (translation equivariant) or {@code
   * stylegan3-r-R} (and rotation equivariant), R being any even resolution, or short {@code t-R}
   * and {@code r-R}. Channels are those of the official training command: base 32768 and maximum
   * 512, twice as many for R.
   */
  public static StyleGan3Config preset(String name) {
    Matcher m = PRESET.matcher(name);
    if (!m.matches()) {
      throw new AliasFreeException(
          "There is no preset called '"
              + name
              + "'; give stylegan3-t-R or stylegan3-r-R (short t-R, r-R), where R is an even resolution, for example"
              + " stylegan3-t-256.");
    }
    int resolution = Integer.parseInt(m.group(2));
    return m.group(1).equals("t") ? stylegan3T(resolution) : stylegan3R(resolution);
  }

  /** Configuration T: 3×3 convolutions, separable filters; equivariant to translation. */
  public static StyleGan3Config stylegan3T(int resolution) {
    return new StyleGan3ConfigBuilder().imgResolution(resolution).build();
  }

  /**
   * Configuration R: 1×1 convolutions, twice the channels, radial downsampling filters; equivariant
   * to translation and rotation.
   */
  public static StyleGan3Config stylegan3R(int resolution) {
    return new StyleGan3ConfigBuilder()
        .imgResolution(resolution)
        .convKernel(1)
        .channelBase(65536)
        .channelMax(1024)
        .useRadialFilters(true)
        .build();
  }

  /** This configuration with some values changed; it is checked when all are. */
  public StyleGan3Config with(Consumer<StyleGan3ConfigBuilder> changes) {
    StyleGan3ConfigBuilder builder = new StyleGan3ConfigBuilder(this);
    changes.accept(builder);
    return builder.build();
  }

  /** Components of w per image: one for the input and one for each layer. */
  public int numWs() {
    return numLayers + 2;
  }

  /** The geometry of every layer. */
  public SynthesisSchedule schedule() {
    return SynthesisSchedule.of(this);
  }
}
