package org.aliasfree.backend.cpu.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.backend.support.Kernel;
import org.aliasfree.op.Fused;
import org.jspecify.annotations.Nullable;

/**
 * Adam's update: m′ = β₁m + (1 − β₁)g, v′ = β₂v + (1 − β₂)g², θ′ = θ − step · m′ / (√v′ / √(1 −
 * β₂ᵗ) + ε). One pass over memory, which is what it costs.
 *
 * @param elements of the parameter
 */
record AdamStepKernel(long elements) implements Kernel<Scratch> {
  private static final ValueLayout.OfFloat F = ValueLayout.JAVA_FLOAT;
  private static final int PIECE = 2048;

  /** The bits of infinity; those of NaN are larger. */
  private static final int INFINITE = 0x7f800000;

  @Override
  public void run(Call<Scratch> call) {
    float[] rates = call.in(4).toArray(F);
    @Nullable MemorySegment[] out = new @Nullable MemorySegment[3];
    for (int i = 0; i < out.length; i++) {
      out[i] = call.wants(i) ? call.out(i) : null;
    }
    call.parallel(
        Math.toIntExact(Math.ceilDiv(elements, RowKernel.TASK)),
        (task, scratch) -> {
          long from = task * RowKernel.TASK;
          long end = Math.min(elements, from + RowKernel.TASK);
          for (long i = from; i < end; i += PIECE) {
            update(call, rates, out, i, (int) Math.min(PIECE, end - i), scratch);
          }
        });
  }

  private static void update(
      Call<Scratch> call,
      float[] rates,
      @Nullable MemorySegment[] out,
      long from,
      int count,
      Scratch scratch) {
    float[][] in = new float[4][];
    for (int i = 0; i < in.length; i++) {
      in[i] = scratch.floats(i, PIECE);
      MemorySegment.copy(call.in(i), F, from * Float.BYTES, in[i], 0, count);
    }
    clean(in[1], count);
    step(rates, in[0], in[1], in[2], in[3], count);
    float[][] results = {in[0], in[2], in[3]};
    for (int i = 0; i < results.length; i++) {
      MemorySegment to = out[i];
      if (to != null) {
        MemorySegment.copy(results[i], 0, to, F, from * Float.BYTES, count);
      }
    }
  }

  /** A loop that becomes vector instructions. */
  private static void step(
      float[] r, float[] parameter, float[] g, float[] first, float[] second, int count) {
    float b1 = r[0];
    float c1 = r[1];
    float b2 = r[2];
    float c2 = r[3];
    float rate = r[4];
    float root = r[5];
    float epsilon = r[6];
    for (int i = 0; i < count; i++) {
      float m = b1 * first[i] + c1 * g[i];
      float v = b2 * second[i] + c2 * (g[i] * g[i]);
      parameter[i] = parameter[i] - rate * m / ((float) Math.sqrt(v) / root + epsilon);
      first[i] = m;
      second[i] = v;
    }
  }

  private static void clean(float[] g, int count) {
    int largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Float.floatToRawIntBits(g[i]) & Integer.MAX_VALUE);
    }
    if (largest >= INFINITE) {
      for (int i = 0; i < count; i++) {
        g[i] = finite(g[i]);
      }
    }
  }

  private static float finite(float g) {
    if (Float.isFinite(g)) {
      return g;
    }
    return Float.isNaN(g) ? 0 : (float) Math.copySign(Fused.AdamStep.LARGEST, g);
  }
}
