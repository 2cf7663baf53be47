package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.FilteredActivation;
import org.aliasfree.tensor.DType;

/**
 * One layer of the synthesis network: modulated convolution and alias-free non-linearity, or, for
 * the last one, the modulated 1×1 convolution to the channels of the image.
 *
 * @param geometry sizes, channels and rates
 * @param weight [O, I, k, k]
 * @param bias [O]
 * @param magnitudeEma [], running mean of the input's squares
 * @param upFilter [taps]; absent where nothing is filtered
 * @param downFilter [taps] or radial [taps, taps]; absent where nothing is filtered
 * @param affine from w to the styles
 * @param clamp largest magnitude of a feature
 * @param magnitudeEmaBeta decay of the running mean
 */
public record SynthesisLayer(
    LayerGeometry geometry,
    NetworkVariable weight,
    NetworkVariable bias,
    NetworkVariable magnitudeEma,
    Optional<NetworkVariable> upFilter,
    Optional<NetworkVariable> downFilter,
    FullyConnected affine,
    OptionalDouble clamp,
    double magnitudeEmaBeta) {

  /** The layer of this geometry; its variables are called {@code synthesis.<layer>.…}. */
  static SynthesisLayer of(LayerGeometry geometry, StyleGan3Config config) {
    String name = "synthesis." + geometry.name();
    int kernel = geometry.convKernel();
    return new SynthesisLayer(
        geometry,
        NetworkVariable.parameter(
            name + ".weight",
            Initializer.normal(1),
            geometry.outChannels(),
            geometry.inChannels(),
            kernel,
            kernel),
        NetworkVariable.parameter(name + ".bias", Initializer.constant(0), geometry.outChannels()),
        NetworkVariable.buffer(name + ".magnitude_ema", Initializer.constant(1)),
        geometry
            .upFilter()
            .map(
                f ->
                    NetworkVariable.buffer(
                        name + ".up_filter", Initializer.copyOf(f), f.shape().toArray())),
        geometry
            .downFilter()
            .map(
                f ->
                    NetworkVariable.buffer(
                        name + ".down_filter", Initializer.copyOf(f), f.shape().toArray())),
        FullyConnected.affine(name + ".affine", config.wDim(), geometry.inChannels()),
        config.convClamp(),
        config.magnitudeEmaBeta());
  }

  /**
   * The layer's result, [N, O, outSize, outSize].
   *
   * @param input [N, I, inSize, inSize], f32 or f16
   * @param w [N, wDim]
   */
  public Tensor apply(Tensor input, Tensor w, ForwardPass pass) {
    boolean toRgb = geometry.isToRgb();
    int kernel = geometry.convKernel();
    Tensor inputGain = inputGain(input, pass);
    Tensor styles = affine.apply(w, pass);
    if (toRgb) {
      styles = styles.mul(1 / Math.sqrt((double) geometry.inChannels() * kernel * kernel));
    }
    Tensor x = input.cast(pass.half(geometry.useFp16()) ? DType.F16 : DType.F32);
    x = ModulatedConvolution.apply(x, pass.read(weight), styles, !toRgb, kernel - 1, inputGain);
    return Ops.filteredLrelu(
        x,
        pass.read(bias).cast(x.dtype()),
        filter(upFilter, pass),
        filter(downFilter, pass),
        act());
  }

  /** 1 / √(running mean of squares). */
  private Tensor inputGain(Tensor input, ForwardPass pass) {
    Tensor magnitude = input.cast(DType.F32).square().mean(0, 1, 2, 3);
    return pass.mean(magnitudeEma, magnitude, magnitudeEmaBeta).rsqrt();
  }

  private static Tensor filter(Optional<NetworkVariable> filter, ForwardPass pass) {
    return filter.map(pass::read).orElseGet(Ops::identityFilter);
  }

  private FilteredActivation act() {
    boolean toRgb = geometry.isToRgb();
    int lo = geometry.padLo();
    int hi = geometry.padHi();
    return new FilteredActivation(
        geometry.upFactor(),
        geometry.downFactor(),
        lo,
        hi,
        lo,
        hi,
        toRgb ? 1 : Math.sqrt(2),
        toRgb ? 1 : 0.2,
        clamp.orElse(Double.POSITIVE_INFINITY),
        false);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(weight, bias, magnitudeEma));
    upFilter.ifPresent(all::add);
    downFilter.ifPresent(all::add);
    all.addAll(affine.variables());
    return all;
  }
}
