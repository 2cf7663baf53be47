package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.AliasFreeException;

/**
 * How frequencies, sampling rates, sizes and channels change from layer to layer of the synthesis
 * network: cutoffs and stop bands grow geometrically up to the critically sampled layers (Karras et
 * al. 2021, section 3.2).
 *
 * @param input the Fourier input
 * @param layers all layers in order; the last one makes the image
 */
public record SynthesisSchedule(InputGeometry input, List<LayerGeometry> layers) {

  /** Keeps its own list. */
  public SynthesisSchedule {
    layers = List.copyOf(layers);
  }

  /**
   * The schedule of a configuration; fails with a full sentence where a layer would be impossible.
   */
  public static SynthesisSchedule of(StyleGan3Config config) {
    List<Signal> signals = new ArrayList<>();
    for (int i = 0; i <= config.numLayers(); i++) {
      signals.add(signal(config, i));
    }
    Signal first = signals.getFirst();
    List<LayerGeometry> layers = new ArrayList<>();
    for (int i = 0; i < signals.size(); i++) {
      layers.add(layer(config, i, signals.get(Math.max(i - 1, 0)), signals.get(i)));
    }
    return new SynthesisSchedule(
        new InputGeometry(first.channels, first.size, first.samplingRate, first.cutoff), layers);
  }

  /** Latents w that an image takes: one for the input and one for each layer. */
  public int numWs() {
    return layers.size() + 1;
  }

  /** Parameters of the synthesis network that learn. */
  public long parameterCount(int wDim) {
    return input.parameterCount(wDim)
        + layers.stream().mapToLong(layer -> layer.parameterCount(wDim)).sum();
  }

  /** Refuses a network that no machine would hold, before anything is allocated for it. */
  void requireBuildable(StyleGan3Config config) {
    long parameters =
        parameterCount(config.wDim())
            + config.mapping().parameterCount(config.zDim(), config.cDim(), config.wDim());
    ConfigChecks.parameters(
        parameters, config.channelBase(), config.channelMax(), "w_dim", config.wDim());
  }

  /** What flows between two layers. */
  private record Signal(
      int channels, int size, int samplingRate, double cutoff, double halfWidth) {}

  private static Signal signal(StyleGan3Config config, int i) {
    int last = config.numLayers();
    int resolution = config.imgResolution();
    double lastCutoff = resolution / 2.0;
    double lastStopband = lastCutoff * config.lastStopbandRel();
    double exponent = Math.min((double) i / (last - config.numCritical()), 1);
    double cutoff =
        config.firstCutoff() * StrictMath.pow(lastCutoff / config.firstCutoff(), exponent);
    double stopband =
        config.firstStopband() * StrictMath.pow(lastStopband / config.firstStopband(), exponent);
    int rate = powerOfTwoAtLeast(Math.min(stopband * 2, resolution));
    double halfWidth = Math.max(stopband, rate / 2.0) - cutoff;
    int size = i >= last - 1 ? resolution : rate + 2 * config.marginSize();
    return new Signal(channels(config, i, cutoff), size, rate, cutoff, halfWidth);
  }

  private static int channels(StyleGan3Config config, int i, double cutoff) {
    if (i == config.numLayers()) {
      return config.imgChannels();
    }
    double channels = Math.rint(Math.min(config.channelBase() / 2.0 / cutoff, config.channelMax()));
    if (channels < 1 || channels > ConfigChecks.MAX_CHANNELS) {
      throw new AliasFreeException(
          "Layer "
              + i
              + " would have "
              + (long) channels
              + " channels, but 1 to "
              + ConfigChecks.MAX_CHANNELS
              + " are accepted; change channel_base ("
              + config.channelBase()
              + ") or channel_max ("
              + config.channelMax()
              + ").");
    }
    return (int) channels;
  }

  /**
   * The power of two at or next above a rate, 1 or more. Some rates are powers of two in exact
   * arithmetic (layer 9 at 256 pixels), and rounding errors of the last digits must not double
   * them.
   */
  private static int powerOfTwoAtLeast(double rate) {
    int power = 1;
    while (power < rate * (1 - 1e-12)) {
      power *= 2;
    }
    return power;
  }

  private static LayerGeometry layer(StyleGan3Config config, int i, Signal in, Signal out) {
    boolean toRgb = i == config.numLayers();
    boolean critical = i >= config.numLayers() - config.numCritical();
    int kernel = toRgb ? 1 : config.convKernel();
    int tmpRate =
        Math.max(in.samplingRate, out.samplingRate) * (toRgb ? 1 : config.lreluUpsampling());
    int up = tmpRate / in.samplingRate;
    int down = tmpRate / out.samplingRate;
    int upTaps = up > 1 && !toRgb ? config.filterSize() * up : 1;
    int downTaps = down > 1 && !toRgb ? config.filterSize() * down : 1;
    int padTotal = (out.size - 1) * down + 1 - (in.size + kernel - 1) * up + upTaps + downTaps - 2;
    int padLo = Math.floorDiv(padTotal + up, 2);
    LayerGeometry layer =
        new LayerGeometry(
            "L" + i + "_" + out.size + "_" + out.channels,
            i,
            toRgb,
            critical,
            Math.scalb((double) out.samplingRate, config.numFp16Res()) > config.imgResolution(),
            in.channels,
            out.channels,
            in.size,
            out.size,
            in.samplingRate,
            out.samplingRate,
            tmpRate,
            in.cutoff,
            out.cutoff,
            in.halfWidth,
            out.halfWidth,
            kernel,
            up,
            upTaps,
            down,
            downTaps,
            config.useRadialFilters() && !critical,
            padLo,
            padTotal - padLo);
    requireFilters(layer);
    return layer;
  }

  private static void requireFilters(LayerGeometry layer) {
    try {
      layer.requireFilters();
    } catch (AliasFreeException e) {
      throw new AliasFreeException(
          "Layer " + layer.name() + " cannot be built. " + e.getMessage(), e);
    }
  }
}
