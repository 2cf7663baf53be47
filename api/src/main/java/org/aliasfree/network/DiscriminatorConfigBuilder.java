package org.aliasfree.network;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.aliasfree.op.Activation;

/**
 * Collects the keywords of a {@link DiscriminatorConfig}; what is not set has the official default
 * at 256 pixels. Each setter returns the builder. Values are checked by {@link #build}.
 */
public final class DiscriminatorConfigBuilder {
  private int cDim;
  private int imgResolution = 256;
  private int imgChannels = 3;
  private BlockArchitecture architecture = BlockArchitecture.RESNET;
  private int channelBase = 32768;
  private int channelMax = 512;
  private int numFp16Res = 4;
  private OptionalDouble convClamp = OptionalDouble.of(256);
  private OptionalInt cmapDim = OptionalInt.empty();
  private MappingConfig mapping = MappingConfig.DISCRIMINATOR;
  private Activation activation = Activation.LRELU;
  private List<Double> resampleFilter = List.of(1.0, 3.0, 3.0, 1.0);
  private int freezeLayers;
  private OptionalInt mbstdGroupSize = OptionalInt.of(4);
  private int mbstdNumChannels = 1;
  private Activation epilogueActivation = Activation.LRELU;

  /** The defaults. */
  public DiscriminatorConfigBuilder() {}

  /** The values of a configuration. */
  public DiscriminatorConfigBuilder(DiscriminatorConfig config) {
    cDim = config.cDim();
    imgResolution = config.imgResolution();
    imgChannels = config.imgChannels();
    architecture = config.architecture();
    channelBase = config.channelBase();
    channelMax = config.channelMax();
    numFp16Res = config.numFp16Res();
    convClamp = config.convClamp();
    cmapDim = config.cmapDim();
    mapping = config.mapping();
    activation = config.activation();
    resampleFilter = config.resampleFilter();
    freezeLayers = config.freezeLayers();
    mbstdGroupSize = config.mbstdGroupSize();
    mbstdNumChannels = config.mbstdNumChannels();
    epilogueActivation = config.epilogueActivation();
  }

  /** Classes of the label; 0 for none. */
  public DiscriminatorConfigBuilder cDim(int value) {
    cDim = value;
    return this;
  }

  /** Height and width of the image; a power of two. */
  public DiscriminatorConfigBuilder imgResolution(int value) {
    imgResolution = value;
    return this;
  }

  /** Channels of the image. */
  public DiscriminatorConfigBuilder imgChannels(int value) {
    imgChannels = value;
    return this;
  }

  /** How blocks are connected. */
  public DiscriminatorConfigBuilder architecture(BlockArchitecture value) {
    architecture = value;
    return this;
  }

  /** Bound on channels times the resolution. */
  public DiscriminatorConfigBuilder channelBase(int value) {
    channelBase = value;
    return this;
  }

  /** Bound on channels. */
  public DiscriminatorConfigBuilder channelMax(int value) {
    channelMax = value;
    return this;
  }

  /** Highest resolutions in f16. */
  public DiscriminatorConfigBuilder numFp16Res(int value) {
    numFp16Res = value;
    return this;
  }

  /** Bound on the magnitude of features; empty for none. */
  public DiscriminatorConfigBuilder convClamp(OptionalDouble value) {
    convClamp = value;
    return this;
  }

  /** Components of the mapped label; empty for the channels at 4×4. */
  public DiscriminatorConfigBuilder cmapDim(OptionalInt value) {
    cmapDim = value;
    return this;
  }

  /** Keywords of the label's mapping network. */
  public DiscriminatorConfigBuilder mapping(MappingConfig value) {
    mapping = value;
    return this;
  }

  /** Applied to the features of the blocks. */
  public DiscriminatorConfigBuilder activation(Activation value) {
    activation = value;
    return this;
  }

  /** Taps of the low-pass filter of resampling. */
  public DiscriminatorConfigBuilder resampleFilter(List<Double> value) {
    resampleFilter = value;
    return this;
  }

  /** First layers that do not learn. */
  public DiscriminatorConfigBuilder freezeLayers(int value) {
    freezeLayers = value;
    return this;
  }

  /** Images whose deviation is taken; empty for the whole batch. */
  public DiscriminatorConfigBuilder mbstdGroupSize(OptionalInt value) {
    mbstdGroupSize = value;
    return this;
  }

  /** Channels that hold the deviation; 0 for none. */
  public DiscriminatorConfigBuilder mbstdNumChannels(int value) {
    mbstdNumChannels = value;
    return this;
  }

  /** Applied to the features at 4×4. */
  public DiscriminatorConfigBuilder epilogueActivation(Activation value) {
    epilogueActivation = value;
    return this;
  }

  /**
   * The configuration, or an {@link org.aliasfree.AliasFreeException} that names the value at
   * fault.
   */
  public DiscriminatorConfig build() {
    return new DiscriminatorConfig(
        cDim,
        imgResolution,
        imgChannels,
        architecture,
        channelBase,
        channelMax,
        numFp16Res,
        convClamp,
        cmapDim,
        mapping,
        activation,
        resampleFilter,
        freezeLayers,
        mbstdGroupSize,
        mbstdNumChannels,
        epilogueActivation);
  }
}
