package org.aliasfree.network;

import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.Variable;

/**
 * Where and how a network builds one forward pass.
 *
 * @param graph takes the names of inner tensors and the new values of running means
 * @param prefix what names begin with: empty, or something that tells this pass from others in the
 *     same graph
 * @param precision element types of the layers
 * @param updateEmas whether running means ({@code w_avg}, {@code magnitude_ema}) take in what this
 *     pass computes; the mean of magnitudes is used with the new value, as in the official networks
 */
public record ForwardPass(
    Graph.Builder graph, String prefix, Precision precision, boolean updateEmas) {
  /** A pass that changes nothing. */
  public static ForwardPass inference(Graph.Builder graph, Precision precision) {
    return new ForwardPass(graph, "", precision, false);
  }

  /** Names a tensor and returns it. */
  Tensor name(String name, Tensor tensor) {
    graph.name(prefix + name, tensor);
    return tensor;
  }

  /**
   * A running mean: as it is, or, where this pass updates it, beta · mean + (1 − beta) · sample,
   * which is stored as well.
   */
  Tensor mean(Variable mean, Tensor sample, double beta) {
    Tensor old = Ops.read(mean);
    if (!updateEmas) {
      return old;
    }
    Tensor updated =
        Ops.lerp(sample.stopGradient().reshape(mean.type().shape()), old, old.scalar(beta));
    graph.assign(mean, updated);
    return updated;
  }
}
