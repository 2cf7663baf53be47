package org.aliasfree.network;

import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;

/**
 * Where and how a network builds one forward pass.
 *
 * @param graph takes the names of inner tensors and the new values of running means
 * @param prefix what names of tensors and of noise inputs begin with: empty, or something that
 *     tells this pass from others in the same graph
 * @param scope what names of variables begin with: empty, or something that tells this network from
 *     others in the same program, such as {@code D.}
 * @param options precision, noise and the like
 * @param updateEmas whether running means ({@code w_avg}, {@code magnitude_ema}) take in what this
 *     pass computes; the mean of magnitudes is used with the new value, as in the official networks
 */
public record ForwardPass(
    Graph.Builder graph,
    String prefix,
    String scope,
    SynthesisOptions options,
    boolean updateEmas) {
  /** A pass that changes nothing. */
  public static ForwardPass inference(Graph.Builder graph, SynthesisOptions options) {
    return new ForwardPass(graph, "", "", options, false);
  }

  /** Whether a layer that may run in f16 does. */
  boolean half(boolean useFp16) {
    return useFp16 && options.precision() == Precision.OFFICIAL_F16;
  }

  /** Names a tensor and returns it. */
  Tensor name(String name, Tensor tensor) {
    graph.name(prefix + name, tensor);
    return tensor;
  }

  /** The variable of the program that holds a variable of the network. */
  public Variable variable(NetworkVariable variable) {
    Variable own = variable.variable();
    return scope.isEmpty() ? own : new Variable(scope + own.name(), own.type());
  }

  /** The value of a variable. */
  Tensor read(NetworkVariable variable) {
    return Ops.read(variable(variable));
  }

  /** Noise of a layer, the input {@code noise.<layer>} [N, 1, size, size]. */
  Tensor randomNoise(String layer, long batch, long size) {
    return Ops.input(prefix + Generator.NOISE + layer, TensorType.f32(batch, 1, size, size));
  }

  /**
   * A running mean: as it is, or, where this pass updates it, beta · mean + (1 − beta) · sample,
   * which is stored as well.
   */
  Tensor mean(NetworkVariable mean, Tensor sample, double beta) {
    Variable variable = variable(mean);
    Tensor old = Ops.read(variable);
    if (!updateEmas) {
      return old;
    }
    Tensor updated =
        Ops.lerp(sample.stopGradient().reshape(variable.type().shape()), old, old.scalar(beta));
    graph.assign(variable, updated);
    return updated;
  }
}
