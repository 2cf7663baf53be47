package org.aliasfree.network;

import java.util.List;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Activation;

/**
 * A fully connected layer whose weights are scaled at run time, so that all layers learn at the
 * same rate: y = act(x · (weight · lrMultiplier / √inputs)ᵀ + bias · lrMultiplier), with the
 * activation's default slope and gain.
 *
 * @param weight [outputs, inputs]
 * @param bias [outputs]
 * @param activation applied to the result
 * @param lrMultiplier factor on weight and bias at run time; they start larger by as much
 */
public record FullyConnected(
    NetworkVariable weight, NetworkVariable bias, Activation activation, double lrMultiplier) {

  /** A layer whose bias starts at these values (one for all, or one for each output). */
  static FullyConnected of(
      String name,
      long inputs,
      long outputs,
      Activation activation,
      double lrMultiplier,
      double weightDeviation,
      double... firstBias) {
    double[] scaled = new double[firstBias.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = firstBias[i] / lrMultiplier;
    }
    return new FullyConnected(
        NetworkVariable.parameter(
            name + ".weight",
            weightDeviation == 0
                ? Initializer.constant(0)
                : Initializer.normal(weightDeviation / lrMultiplier),
            outputs,
            inputs),
        NetworkVariable.parameter(
            name + ".bias",
            scaled.length == 1 ? Initializer.constant(scaled[0]) : Initializer.values(scaled),
            outputs),
        activation,
        lrMultiplier);
  }

  /** The affine layer from w to styles: linear, full learning rate, normal weights. */
  static FullyConnected affine(String name, long inputs, long outputs) {
    return of(name, inputs, outputs, Activation.LINEAR, 1, 1, 1);
  }

  /** x [N, inputs] to [N, outputs]. */
  public Tensor apply(Tensor x, ForwardPass pass) {
    // The gain goes on x and not on the weight, which backends can then prepare as it is.
    double gain = lrMultiplier / Math.sqrt((double) weight.variable().type().shape().dim(1));
    Tensor y = x.mul(gain).matmulTransposed(pass.read(weight));
    Tensor b = pass.read(bias);
    return Ops.biasAct(y, lrMultiplier == 1 ? b : b.mul(lrMultiplier), 1, activation);
  }

  /** The variables, in the order of network files. */
  public List<NetworkVariable> variables() {
    return List.of(weight, bias);
  }
}
