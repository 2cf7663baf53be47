package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;

/**
 * The layer that turns StyleGAN2's features into an image: a 1×1 convolution that w modulates, and
 * a bias.
 *
 * @param name such as {@code b8.torgb}
 * @param weight [imgChannels, I, 1, 1]
 * @param bias [imgChannels]
 * @param affine from w to the styles
 * @param clamp largest magnitude of a value
 */
public record ToRgbLayer(
    String name,
    NetworkVariable weight,
    NetworkVariable bias,
    FullyConnected affine,
    OptionalDouble clamp) {

  /** The layer of a block; its variables are called {@code synthesis.<name>.…}. */
  static ToRgbLayer of(String name, int inputs, StyleGan2Config config) {
    String path = "synthesis." + name;
    int channels = config.imgChannels();
    return new ToRgbLayer(
        name,
        NetworkVariable.parameter(path + ".weight", Initializer.normal(1), channels, inputs, 1, 1),
        NetworkVariable.parameter(path + ".bias", Initializer.constant(0), channels),
        FullyConnected.affine(path + ".affine", config.wDim(), inputs),
        config.convClamp());
  }

  /**
   * The image, f32 [N, imgChannels, H, W]; before the cast to f32 it has the layer's name.
   *
   * @param x [N, I, H, W], f32 or f16
   * @param w [N, wDim]
   */
  public Tensor apply(Tensor x, Tensor w, ForwardPass pass) {
    Tensor styles = affine.apply(w, pass).mul(1 / Math.sqrt((double) x.dim(1)));
    Tensor y =
        new StyleGan2Convolution(
                ResampledConvolution.of(1, 1, 0), false, pass.options().fusedModconv())
            .apply(x, pass.read(weight), styles, Ops.identityFilter());
    y =
        Ops.biasAct(
            y,
            pass.read(bias).cast(y.dtype()),
            Fused.BiasAct.ofChannels(Activation.LINEAR, 1, clamp));
    return pass.name("synthesis." + name, y).cast(DType.F32);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(List.of(weight, bias));
    all.addAll(affine.variables());
    return all;
  }
}
