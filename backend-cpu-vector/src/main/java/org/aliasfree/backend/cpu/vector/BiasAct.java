package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import org.aliasfree.AliasFreeException;
import org.aliasfree.op.Activation;
import org.aliasfree.tensor.HostTensor;
import org.jspecify.annotations.Nullable;

/**
 * bias_act: y = clamp(gain · f(x·scale + b), ±clamp) on [N, C, …], with a bias and, where wanted, a
 * factor for each plane. Sums and products round one after the other; a NaN stays a NaN.
 */
final class BiasAct {
  private static final int TASK_VALUES = 1 << 15;

  private final FilterLoops loops = FilterLoops.best();
  private final Activation function;
  private final double alpha;
  private final float gain;
  private final float clamp;

  /**
   * @param alpha slope of LRELU below 0
   * @param gain factor of the function's value
   * @param clamp limit of the result's magnitude, at least 0; infinity for none
   */
  BiasAct(Activation function, double alpha, double gain, double clamp) {
    if (!(clamp >= 0)) {
      throw new AliasFreeException("bias_act has clamp " + clamp + "; it must be at least 0.");
    }
    this.function = function;
    this.alpha = alpha;
    this.gain = (float) gain;
    this.clamp = (float) clamp;
  }

  /**
   * The work on [N, C, inner] values; x and y may be the same memory.
   *
   * @param batch N, the product of all axes before the channels
   * @param channels C
   * @param inner the product of all axes after them
   * @param scale [N, C], or null
   * @param bias [C], or null
   */
  Work bind(
      long batch,
      int channels,
      long inner,
      MemorySegment x,
      @Nullable MemorySegment scale,
      @Nullable MemorySegment bias,
      MemorySegment y) {
    // Whole planes while they are small, parts of one when they are large.
    long parts = Math.max(1, inner / TASK_VALUES);
    long planes = batch * channels;
    long planesPerTask = parts > 1 ? 1 : Math.max(1, TASK_VALUES / Math.max(1, inner));
    int tasks = Math.toIntExact(Math.ceilDiv(planes, planesPerTask) * parts);
    return new Work() {
      @Override
      public int tasks(int stage) {
        return inner == 0 ? 0 : tasks;
      }

      @Override
      public void run(int stage, int task, Scratch scratch) {
        float[] s = scratch.floats(0, 2 * TASK_VALUES + FilterLoops.ROUND);
        long first = task / parts * planesPerTask;
        long from = inner * (task % parts) / parts;
        int count = (int) (inner * (task % parts + 1) / parts - from);
        for (long p = first; p < Math.min(planes, first + planesPerTask); p++) {
          long at = 4 * (p * inner + from);
          MemorySegment.copy(x, HostTensor.F32, at, s, 0, count);
          if (scale != null || bias != null) {
            float factor = scale == null ? 1 : scale.get(HostTensor.F32, 4 * p);
            // x + (−0) is x for every x.
            float shift = bias == null ? -0f : bias.get(HostTensor.F32, 4 * (p % channels));
            loops.scaleBias(s, 0, count, factor, shift);
          }
          bend(s, count);
          MemorySegment.copy(s, 0, y, HostTensor.F32, at, count);
        }
      }
    };
  }

  private static float relu(float t) {
    return t < 0 ? 0 : t;
  }

  private void bend(float[] s, int n) {
    switch (function) {
      case LINEAR -> loops.act(s, 0, n, 1, gain == 1 ? clamp : Float.POSITIVE_INFINITY);
      case LRELU -> loops.act(s, 0, n, (float) alpha, gain == 1 ? clamp : Float.POSITIVE_INFINITY);
      default -> {
        for (int i = 0; i < n; i++) {
          s[i] = function == Activation.RELU ? relu(s[i]) : (float) apply(function, s[i], alpha);
        }
        if (gain == 1) {
          loops.act(s, 0, n, 1, clamp);
        }
      }
    }
    if (gain != 1) {
      loops.scale(s, 0, n, gain);
      loops.act(s, 0, n, 1, clamp);
    }
  }

  /** The function in double precision; {@code alpha} matters to LRELU only. */
  static double apply(Activation function, double t, double alpha) {
    return switch (function) {
      case LINEAR -> t;
      case RELU -> t < 0 ? 0 : t;
      case LRELU -> t > 0 ? t : alpha * t;
      case TANH -> Math.tanh(t);
      case SIGMOID -> 1 / (1 + Math.exp(-t));
      case ELU -> t >= 0 ? t : Math.expm1(t);
      case SELU -> Activation.SELU_LAMBDA * (t >= 0 ? t : Activation.SELU_A * Math.expm1(t));
      // log(1 + e^t) without overflow.
      case SOFTPLUS -> Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t)));
      case SWISH -> t / (1 + Math.exp(-t));
    };
  }
}
