package org.aliasfree.network;

import java.util.List;
import java.util.OptionalDouble;
import org.aliasfree.op.Activation;

/**
 * Collects the keywords of a {@link StyleGan2Config}; what is not set has the official default at
 * 256 pixels. Each setter returns the builder. Values are checked by {@link #build}.
 */
public final class StyleGan2ConfigBuilder {
  private int zDim = 512;
  private int cDim;
  private int wDim = 512;
  private int imgResolution = 256;
  private int imgChannels = 3;
  private MappingConfig mapping = MappingConfig.STYLEGAN2;
  private int channelBase = 32768;
  private int channelMax = 512;
  private int numFp16Res = 4;
  private OptionalDouble convClamp = OptionalDouble.of(256);
  private BlockArchitecture architecture = BlockArchitecture.SKIP;
  private List<Double> resampleFilter = List.of(1.0, 3.0, 3.0, 1.0);
  private int kernelSize = 3;
  private boolean useNoise = true;
  private Activation activation = Activation.LRELU;

  /** The defaults. */
  public StyleGan2ConfigBuilder() {}

  /** The values of a configuration. */
  public StyleGan2ConfigBuilder(StyleGan2Config config) {
    zDim = config.zDim();
    cDim = config.cDim();
    wDim = config.wDim();
    imgResolution = config.imgResolution();
    imgChannels = config.imgChannels();
    mapping = config.mapping();
    channelBase = config.channelBase();
    channelMax = config.channelMax();
    numFp16Res = config.numFp16Res();
    convClamp = config.convClamp();
    architecture = config.architecture();
    resampleFilter = config.resampleFilter();
    kernelSize = config.kernelSize();
    useNoise = config.useNoise();
    activation = config.activation();
  }

  /** Components of z. */
  public StyleGan2ConfigBuilder zDim(int value) {
    zDim = value;
    return this;
  }

  /** Classes of the label; 0 for none. */
  public StyleGan2ConfigBuilder cDim(int value) {
    cDim = value;
    return this;
  }

  /** Components of w. */
  public StyleGan2ConfigBuilder wDim(int value) {
    wDim = value;
    return this;
  }

  /** Height and width of the image; a power of two. */
  public StyleGan2ConfigBuilder imgResolution(int value) {
    imgResolution = value;
    return this;
  }

  /** Channels of the image. */
  public StyleGan2ConfigBuilder imgChannels(int value) {
    imgChannels = value;
    return this;
  }

  /** Keywords of the mapping network. */
  public StyleGan2ConfigBuilder mapping(MappingConfig value) {
    mapping = value;
    return this;
  }

  /** Bound on channels times the resolution. */
  public StyleGan2ConfigBuilder channelBase(int value) {
    channelBase = value;
    return this;
  }

  /** Bound on channels. */
  public StyleGan2ConfigBuilder channelMax(int value) {
    channelMax = value;
    return this;
  }

  /** Highest resolutions in f16. */
  public StyleGan2ConfigBuilder numFp16Res(int value) {
    numFp16Res = value;
    return this;
  }

  /** Bound on the magnitude of features; empty for none. */
  public StyleGan2ConfigBuilder convClamp(OptionalDouble value) {
    convClamp = value;
    return this;
  }

  /** How blocks are connected. */
  public StyleGan2ConfigBuilder architecture(BlockArchitecture value) {
    architecture = value;
    return this;
  }

  /** Taps of the low-pass filter of resampling. */
  public StyleGan2ConfigBuilder resampleFilter(List<Double> value) {
    resampleFilter = value;
    return this;
  }

  /** Size of the convolution kernels; odd. */
  public StyleGan2ConfigBuilder kernelSize(int value) {
    kernelSize = value;
    return this;
  }

  /** Whether noise is added to features. */
  public StyleGan2ConfigBuilder useNoise(boolean value) {
    useNoise = value;
    return this;
  }

  /** Applied to features. */
  public StyleGan2ConfigBuilder activation(Activation value) {
    activation = value;
    return this;
  }

  /**
   * The configuration, or an {@link org.aliasfree.AliasFreeException} that names the value at
   * fault.
   */
  public StyleGan2Config build() {
    return new StyleGan2Config(
        zDim,
        cDim,
        wDim,
        imgResolution,
        imgChannels,
        mapping,
        channelBase,
        channelMax,
        numFp16Res,
        convClamp,
        architecture,
        resampleFilter,
        kernelSize,
        useNoise,
        activation);
  }
}
