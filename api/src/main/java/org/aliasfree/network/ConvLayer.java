package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.TensorType;

/**
 * An ordinary convolution with run-time scaled weights, bias and activation: most of the
 * discriminator, and the linear paths of residual blocks.
 *
 * @param weight [O, I, k, k]
 * @param bias [O]; may be absent
 * @param resampleFilter filter of resampling; in network files even where nothing is resampled
 * @param activation applied to the result
 * @param geometry padding and resampling
 * @param clamp largest magnitude of a feature
 */
public record ConvLayer(
    NetworkVariable weight,
    Optional<NetworkVariable> bias,
    NetworkVariable resampleFilter,
    Activation activation,
    ResampledConvolution geometry,
    OptionalDouble clamp) {

  /** What is the same for most layers of a network, and how they differ from it. */
  record Spec(String name, long inputs, long outputs, int kernel) {
    ConvLayer build(
        int up,
        int down,
        boolean biased,
        boolean trainable,
        Activation activation,
        List<Double> filter,
        OptionalDouble clamp) {
      return new ConvLayer(
          NetworkVariable.of(
              name + ".weight", trainable, Initializer.normal(1), outputs, inputs, kernel, kernel),
          biased
              ? Optional.of(
                  NetworkVariable.of(name + ".bias", trainable, Initializer.constant(0), outputs))
              : Optional.empty(),
          NetworkVariable.filter(name + ".resample_filter", filter),
          activation,
          ResampledConvolution.of(up, down, kernel / 2),
          clamp);
    }
  }

  /**
   * The layer's result.
   *
   * @param x [N, I, H, W], f32 or f16
   * @param gain factor of the result, and of the clamp
   */
  public Tensor apply(Tensor x, double gain, ForwardPass pass) {
    long[] sizes = weight.variable().type().shape().toArray();
    double scale = 1 / Math.sqrt((double) sizes[1] * sizes[2] * sizes[3]);
    Tensor w = pass.read(weight).mul(scale).cast(x.dtype());
    Tensor y = geometry.apply(x, w, pass.read(resampleFilter));
    Tensor b = bias.map(pass::read).orElseGet(() -> Ops.fill(TensorType.f32(sizes[0]), 0));
    return Ops.biasAct(y, b.cast(x.dtype()), Fused.BiasAct.ofChannels(activation, gain, clamp));
  }

  /** The variables, in the order of network files: parameters before buffers. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(weight));
    bias.ifPresent(all::add);
    all.add(weight.trainable() ? all.size() : 0, resampleFilter);
    return all;
  }
}
