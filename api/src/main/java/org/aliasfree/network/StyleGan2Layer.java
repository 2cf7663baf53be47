package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;

/**
 * A layer of StyleGAN2's synthesis network: modulated convolution, noise, bias and activation.
 *
 * @param name such as {@code b8.conv0}
 * @param resolution height and width of the result
 * @param weight [O, I, k, k]
 * @param noise what is added to the features; may be absent
 * @param bias [O]
 * @param resampleFilter filter of resampling; in network files even where nothing is resampled
 * @param affine from w to the styles
 * @param up 2 where the layer doubles the resolution, else 1
 * @param activation applied to the result
 * @param clamp largest magnitude of a feature
 */
public record StyleGan2Layer(
    String name,
    int resolution,
    NetworkVariable weight,
    Optional<Noise> noise,
    NetworkVariable bias,
    NetworkVariable resampleFilter,
    FullyConnected affine,
    int up,
    Activation activation,
    OptionalDouble clamp) {

  /**
   * Noise of a layer.
   *
   * @param strength [], its standard deviation
   * @param constant [resolution, resolution], the noise of {@link NoiseMode#CONST}
   */
  public record Noise(NetworkVariable strength, NetworkVariable constant) {}

  /** A layer of a configuration; its variables are called {@code synthesis.<name>.…}. */
  static StyleGan2Layer of(
      String name, int inputs, int outputs, int resolution, int up, StyleGan2Config config) {
    String path = "synthesis." + name;
    int kernel = config.kernelSize();
    Noise noise =
        new Noise(
            NetworkVariable.parameter(path + ".noise_strength", Initializer.constant(0)),
            NetworkVariable.buffer(
                path + ".noise_const", Initializer.normal(1), resolution, resolution));
    return new StyleGan2Layer(
        name,
        resolution,
        NetworkVariable.parameter(
            path + ".weight", Initializer.normal(1), outputs, inputs, kernel, kernel),
        config.useNoise() ? Optional.of(noise) : Optional.empty(),
        NetworkVariable.parameter(path + ".bias", Initializer.constant(0), outputs),
        // The official networks give the configured filter to the layers that resample.
        NetworkVariable.filter(
            path + ".resample_filter",
            up == 1 ? StyleGan2Block.DEFAULT_FILTER : config.resampleFilter()),
        FullyConnected.affine(path + ".affine", config.wDim(), inputs),
        up,
        config.activation(),
        config.convClamp());
  }

  /**
   * The layer's result, [N, O, resolution, resolution]; it has the layer's name.
   *
   * @param x [N, I, resolution / up, resolution / up], f32 or f16
   * @param w [N, wDim]
   * @param gain factor of the result, and of the clamp
   */
  public Tensor apply(Tensor x, Tensor w, double gain, ForwardPass pass) {
    int kernel = weight.variable().type().shape().intDim(-1);
    StyleGan2Convolution convolution =
        new StyleGan2Convolution(
            ResampledConvolution.of(up, 1, kernel / 2), true, pass.options().fusedModconv());
    Tensor y =
        convolution.apply(x, pass.read(weight), affine.apply(w, pass), pass.read(resampleFilter));
    if (noise.isPresent() && pass.options().noise() != NoiseMode.NONE) {
      y = y.add(noise(noise.get(), x.dim(0), pass).cast(y.dtype()));
    }
    y =
        Ops.biasAct(
            y, pass.read(bias).cast(y.dtype()), Fused.BiasAct.ofChannels(activation, gain, clamp));
    return pass.name("synthesis." + name, y);
  }

  private Tensor noise(Noise source, long batch, ForwardPass pass) {
    Tensor values =
        pass.options().noise() == NoiseMode.RANDOM
            ? pass.randomNoise(name, batch, resolution)
            : pass.read(source.constant());
    return values.mul(pass.read(source.strength()));
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(weight));
    noise.ifPresent(n -> all.add(n.strength()));
    all.add(bias);
    all.add(resampleFilter);
    noise.ifPresent(n -> all.add(n.constant()));
    all.addAll(affine.variables());
    return all;
  }
}
