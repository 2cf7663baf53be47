package org.aliasfree.network;

import java.util.OptionalDouble;

/**
 * Collects the keywords of a {@link StyleGan3Config}; what is not set has the official default of
 * configuration T at 256 pixels. Each setter returns the builder. Values are checked by {@link
 * #build}.
 */
public final class StyleGan3ConfigBuilder {
  private int zDim = 512;
  private int cDim;
  private int wDim = 512;
  private int imgResolution = 256;
  private int imgChannels = 3;
  private MappingConfig mapping = MappingConfig.STYLEGAN3;
  private int channelBase = 32768;
  private int channelMax = 512;
  private int numLayers = 14;
  private int numCritical = 2;
  private double firstCutoff = 2;
  private double firstStopband = StrictMath.pow(2, 2.1);
  private double lastStopbandRel = StrictMath.pow(2, 0.3);
  private int marginSize = 10;
  private double outputScale = 0.25;
  private int numFp16Res = 4;
  private int convKernel = 3;
  private int filterSize = 6;
  private int lreluUpsampling = 2;
  private boolean useRadialFilters;
  private OptionalDouble convClamp = OptionalDouble.of(256);
  private double magnitudeEmaBeta = 0.999;

  /** The defaults. */
  public StyleGan3ConfigBuilder() {}

  /** The values of a configuration. */
  public StyleGan3ConfigBuilder(StyleGan3Config config) {
    zDim = config.zDim();
    cDim = config.cDim();
    wDim = config.wDim();
    imgResolution = config.imgResolution();
    imgChannels = config.imgChannels();
    mapping = config.mapping();
    channelBase = config.channelBase();
    channelMax = config.channelMax();
    numLayers = config.numLayers();
    numCritical = config.numCritical();
    firstCutoff = config.firstCutoff();
    firstStopband = config.firstStopband();
    lastStopbandRel = config.lastStopbandRel();
    marginSize = config.marginSize();
    outputScale = config.outputScale();
    numFp16Res = config.numFp16Res();
    convKernel = config.convKernel();
    filterSize = config.filterSize();
    lreluUpsampling = config.lreluUpsampling();
    useRadialFilters = config.useRadialFilters();
    convClamp = config.convClamp();
    magnitudeEmaBeta = config.magnitudeEmaBeta();
  }

  /** Components of z. */
  public StyleGan3ConfigBuilder zDim(int value) {
    zDim = value;
    return this;
  }

  /** Classes of the label; 0 for none. */
  public StyleGan3ConfigBuilder cDim(int value) {
    cDim = value;
    return this;
  }

  /** Components of w. */
  public StyleGan3ConfigBuilder wDim(int value) {
    wDim = value;
    return this;
  }

  /** Height and width of the image; even. */
  public StyleGan3ConfigBuilder imgResolution(int value) {
    imgResolution = value;
    return this;
  }

  /** Channels of the image. */
  public StyleGan3ConfigBuilder imgChannels(int value) {
    imgChannels = value;
    return this;
  }

  /** Keywords of the mapping network. */
  public StyleGan3ConfigBuilder mapping(MappingConfig value) {
    mapping = value;
    return this;
  }

  /** Bound on channels times twice the cutoff frequency. */
  public StyleGan3ConfigBuilder channelBase(int value) {
    channelBase = value;
    return this;
  }

  /** Bound on channels. */
  public StyleGan3ConfigBuilder channelMax(int value) {
    channelMax = value;
    return this;
  }

  /** Layers without the input and the last one to RGB. */
  public StyleGan3ConfigBuilder numLayers(int value) {
    numLayers = value;
    return this;
  }

  /** Last layers that are critically sampled. */
  public StyleGan3ConfigBuilder numCritical(int value) {
    numCritical = value;
    return this;
  }

  /** Cutoff frequency of the first layer. */
  public StyleGan3ConfigBuilder firstCutoff(double value) {
    firstCutoff = value;
    return this;
  }

  /** Stop-band frequency of the first layer. */
  public StyleGan3ConfigBuilder firstStopband(double value) {
    firstStopband = value;
    return this;
  }

  /** Stop-band frequency of the last layer relative to its cutoff. */
  public StyleGan3ConfigBuilder lastStopbandRel(double value) {
    lastStopbandRel = value;
    return this;
  }

  /** Pixels around the image. */
  public StyleGan3ConfigBuilder marginSize(int value) {
    marginSize = value;
    return this;
  }

  /** Factor on the last layer's result. */
  public StyleGan3ConfigBuilder outputScale(double value) {
    outputScale = value;
    return this;
  }

  /** Highest resolutions in f16. */
  public StyleGan3ConfigBuilder numFp16Res(int value) {
    numFp16Res = value;
    return this;
  }

  /** Size of the convolution kernels. */
  public StyleGan3ConfigBuilder convKernel(int value) {
    convKernel = value;
    return this;
  }

  /** Filter taps per step of the resampling factor. */
  public StyleGan3ConfigBuilder filterSize(int value) {
    filterSize = value;
    return this;
  }

  /** Oversampling during the nonlinearity. */
  public StyleGan3ConfigBuilder lreluUpsampling(int value) {
    lreluUpsampling = value;
    return this;
  }

  /** Whether downsampling filters are radially symmetric. */
  public StyleGan3ConfigBuilder useRadialFilters(boolean value) {
    useRadialFilters = value;
    return this;
  }

  /** Bound on the magnitude of features; empty for none. */
  public StyleGan3ConfigBuilder convClamp(OptionalDouble value) {
    convClamp = value;
    return this;
  }

  /** Decay of the running mean of squared features. */
  public StyleGan3ConfigBuilder magnitudeEmaBeta(double value) {
    magnitudeEmaBeta = value;
    return this;
  }

  /**
   * The configuration, or an {@link org.aliasfree.AliasFreeException} that names the value at
   * fault.
   */
  public StyleGan3Config build() {
    return new StyleGan3Config(
        zDim,
        cDim,
        wDim,
        imgResolution,
        imgChannels,
        mapping,
        channelBase,
        channelMax,
        numLayers,
        numCritical,
        firstCutoff,
        firstStopband,
        lastStopbandRel,
        marginSize,
        outputScale,
        numFp16Res,
        convKernel,
        filterSize,
        lreluUpsampling,
        useRadialFilters,
        convClamp,
        magnitudeEmaBeta);
  }
}
