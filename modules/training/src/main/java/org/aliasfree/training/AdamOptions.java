package org.aliasfree.training;

import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * How Adam steps (Kingma and Ba 2015); see {@link Fused.AdamStep}.
 *
 * @param learningRate at least 0
 * @param beta1 decay of the gradient's mean, 0 to 1
 * @param beta2 decay of its square's mean, 0 to 1
 * @param epsilon added to the root of the latter
 */
public record AdamOptions(double learningRate, double beta1, double beta2, double epsilon) {
  /** Checks the ranges. */
  public AdamOptions {
    Checks.atLeast("learning rate", learningRate, 0);
    Checks.range("beta1", beta1, 0, 1);
    Checks.range("beta2", beta2, 0, 1);
    Checks.atLeast("epsilon", epsilon, 0);
  }

  /** The official choice at a learning rate: β = (0, 0.99), ε = 10⁻⁸. */
  public static AdamOptions of(double learningRate) {
    return new AdamOptions(learningRate, 0, 0.99, 1e-8);
  }

  /**
   * The options that keep the same pace when, beside each step of the main loss, every {@code
   * interval}-th iteration takes one of the regulariser (Karras et al. 2020, appendix B): the rate
   * is multiplied and the decays are raised to the power n / (n + 1).
   */
  public AdamOptions lazily(int interval) {
    double ratio = interval / (interval + 1.0);
    return new AdamOptions(
        learningRate * ratio, Math.pow(beta1, ratio), Math.pow(beta2, ratio), epsilon);
  }

  /**
   * The numbers for one step, as the op takes them: f32 [7].
   *
   * @param step counts from 1 for each parameter
   */
  public HostTensor rates(long step) {
    double[] values = {
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      learningRate / (1 - Math.pow(beta1, (double) step)),
      Math.sqrt(1 - Math.pow(beta2, (double) step)),
      epsilon
    };
    HostTensor rates = HostTensor.allocate(ratesType());
    for (int i = 0; i < values.length; i++) {
      rates.set(i, values[i]);
    }
    return rates;
  }

  static TensorType ratesType() {
    return TensorType.of(DType.F32, Fused.AdamStep.RATES);
  }
}
