package org.aliasfree.op;

import java.util.Locale;

/**
 * The activation functions of {@code bias_act}, with the gain that keeps a normal signal's
 * variance.
 */
public enum Activation {
  /** t. */
  LINEAR(0, 1),
  /** max(t, 0). */
  RELU(0, Math.sqrt(2)),
  /** t where t &gt; 0, else α·t. */
  LRELU(0.2, Math.sqrt(2)),
  /** tanh t. */
  TANH(0, 1),
  /** 1 / (1 + e^−t). */
  SIGMOID(0, 1),
  /** t where t ≥ 0, else e^t − 1. */
  ELU(0, 1),
  /** λt where t ≥ 0, else λa(e^t − 1). */
  SELU(0, 1),
  /** log(1 + e^t). */
  SOFTPLUS(0, 1),
  /** t / (1 + e^−t). */
  SWISH(0, Math.sqrt(2));

  /** λ of selu. */
  public static final double SELU_LAMBDA = 1.0507009873554805;

  /** a of selu. */
  public static final double SELU_A = 1.6732632423543772;

  private final double alpha;
  private final double gain;

  Activation(double alpha, double gain) {
    this.alpha = alpha;
    this.gain = gain;
  }

  /** Slope that lrelu has by default; the others ignore it. */
  public double defaultAlpha() {
    return alpha;
  }

  /** Factor applied after the function by default. */
  public double defaultGain() {
    return gain;
  }

  /** The name that network files use: {@code lrelu}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
