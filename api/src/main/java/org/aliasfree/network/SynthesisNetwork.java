package org.aliasfree.network;

import java.util.ArrayList;
import java.util.List;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.DType;

/**
 * The synthesis network: from one w for each layer to an image.
 *
 * @param input what it starts from
 * @param layers all layers in order, the one to RGB last
 * @param outputScale factor on the last layer's result
 */
public record SynthesisNetwork(
    FourierInput input, List<SynthesisLayer> layers, double outputScale) {
  /** Keeps its own list. */
  public SynthesisNetwork {
    layers = List.copyOf(layers);
  }

  /** The synthesis network of a configuration; its variables are called {@code synthesis.…}. */
  static SynthesisNetwork of(StyleGan3Config config) {
    SynthesisSchedule schedule = config.schedule();
    return new SynthesisNetwork(
        FourierInput.of(schedule.input(), config.wDim()),
        schedule.layers().stream().map(layer -> SynthesisLayer.of(layer, config)).toList(),
        config.outputScale());
  }

  /**
   * Names {@code synthesis.input} and {@code synthesis.<layer>} for every layer.
   *
   * @param ws [N, numWs, wDim]
   * @param transform [3, 3], the inverse of the transformation wanted of the image
   * @return the image, f32 [N, channels, R, R], mostly within −1 to 1
   */
  public Tensor apply(Tensor ws, Tensor transform, ForwardPass pass) {
    Tensor x =
        pass.name("synthesis.input", input.apply(MappingNetwork.copy(ws, 0), transform, pass));
    for (int i = 0; i < layers.size(); i++) {
      SynthesisLayer layer = layers.get(i);
      x = layer.apply(x, MappingNetwork.copy(ws, i + 1), pass);
      pass.name("synthesis." + layer.geometry().name(), x);
    }
    return (outputScale == 1 ? x : x.mul(outputScale)).cast(DType.F32);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    List<NetworkVariable> all = new ArrayList<>(input.variables());
    layers.forEach(layer -> all.addAll(layer.variables()));
    return all;
  }
}
