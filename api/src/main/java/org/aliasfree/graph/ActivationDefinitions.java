package org.aliasfree.graph;

import java.util.Arrays;
import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.Shape;

/**
 * What bias_act means. The forms are chosen so that their derivatives are those of the function as
 * well, of any order: at a kink the branch that is selected is the one whose slope holds there, and
 * no branch that is not selected overflows.
 */
final class ActivationDefinitions {
  private ActivationDefinitions() {}

  /** clamp(gain · f(x + b)). */
  static Tensor biasAct(Tensor x, Tensor bias, Fused.BiasAct op) {
    DType type = Definitions.computeType(x.dtype());
    long[] line = new long[x.shape().rank()];
    Arrays.fill(line, 1);
    line[x.shape().axis(op.dim())] = bias.dim(0);
    Tensor t = x.cast(type).add(bias.cast(type).reshape(Shape.of(line)));
    Tensor y = function(t, op.activation(), op.alpha());
    y = op.gain() == 1 ? y : y.mul(op.gain());
    return clamp(y, op.clamp()).cast(x.dtype());
  }

  private static Tensor function(Tensor t, Activation activation, double alpha) {
    Tensor zero = t.scalar(0);
    return switch (activation) {
      case LINEAR -> t;
      case RELU -> t.le(zero).select(zero, t);
      case LRELU -> zero.lt(t).select(t, t.mul(alpha));
      case TANH -> t.tanh();
      case SIGMOID -> sigmoid(t);
      case ELU -> zero.le(t).select(t, negativePart(t).expm1());
      case SELU ->
          zero.le(t)
              .select(t, negativePart(t).expm1().mul(Activation.SELU_A))
              .mul(Activation.SELU_LAMBDA);
      case SOFTPLUS -> zero.le(t).select(t, zero).add(minusMagnitude(t).exp().log1p());
      case SWISH -> t.mul(sigmoid(t));
    };
  }

  /** 1 / (1 + e^−t), for negative t as e^t / (1 + e^t): the exponential never overflows. */
  private static Tensor sigmoid(Tensor t) {
    Tensor e = minusMagnitude(t).exp();
    return t.scalar(0).le(t).select(t.scalar(1), e).div(e.add(1));
  }

  /** −|t|, with the slope −1 at 0. */
  private static Tensor minusMagnitude(Tensor t) {
    return t.scalar(0).le(t).select(t.neg(), t);
  }

  private static Tensor negativePart(Tensor t) {
    return t.scalar(0).le(t).select(t.scalar(0), t);
  }

  /** Bounds the magnitude; NaN stays NaN, and at the bound the slope is 0. */
  private static Tensor clamp(Tensor y, double clamp) {
    return clamp == Double.POSITIVE_INFINITY
        ? y
        : y.abs().lt(y.scalar(clamp)).select(y, y.sign().mul(clamp));
  }
}
