package org.aliasfree.backend.cpu.reference;

import org.aliasfree.op.Activation;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.HostTensor;

/** y = clamp(gain · f(x + b)). */
final class BiasActKernel {
  private BiasActKernel() {}

  static void run(Fused.BiasAct op, Frame f) {
    HostTensor x = f.in(0);
    HostTensor y = f.out(0);
    double[] bias = f.values(1);
    long stride = x.shape().strides()[x.shape().axis(op.dim())];
    f.ranges(
        y.type().elements(),
        (from, to) -> {
          for (long i = from; i < to; i++) {
            double t = x.get(i) + bias[(int) (i / stride % bias.length)];
            double v = op.gain() * apply(op.activation(), op.alpha(), t);
            y.set(i, Math.clamp(v, -op.clamp(), op.clamp()));
          }
        });
  }

  private static double apply(Activation activation, double alpha, double t) {
    return switch (activation) {
      case LINEAR -> t;
      case RELU -> Math.max(t, 0);
      case LRELU -> t > 0 ? t : alpha * t;
      case TANH -> Math.tanh(t);
      case SIGMOID -> sigmoid(t);
      case ELU -> t >= 0 ? t : Math.expm1(t);
      case SELU -> Activation.SELU_LAMBDA * (t >= 0 ? t : Activation.SELU_A * Math.expm1(t));
      // log(1 + e^t) without overflow
      case SOFTPLUS -> Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
      case SWISH -> t * sigmoid(t);
    };
  }

  private static double sigmoid(double t) {
    return 1 / (1 + Math.exp(-t));
  }
}
