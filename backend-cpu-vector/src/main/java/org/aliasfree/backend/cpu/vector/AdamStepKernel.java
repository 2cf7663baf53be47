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
          update(call, rates, out, from, Math.min(elements, from + RowKernel.TASK));
        });
  }

  private static void update(
      Call<Scratch> call, float[] r, @Nullable MemorySegment[] out, long from, long to) {
    for (long i = from; i < to; i++) {
      float g = finite(call.in(1).getAtIndex(F, i));
      float m = r[0] * call.in(2).getAtIndex(F, i) + r[1] * g;
      float v = r[2] * call.in(3).getAtIndex(F, i) + r[3] * (g * g);
      float step = r[4] * m / ((float) Math.sqrt(v) / r[5] + r[6]);
      set(out[0], i, call.in(0).getAtIndex(F, i) - step);
      set(out[1], i, m);
      set(out[2], i, v);
    }
  }

  private static float finite(float g) {
    if (Float.isFinite(g)) {
      return g;
    }
    return Float.isNaN(g) ? 0 : (float) Math.copySign(Fused.AdamStep.LARGEST, g);
  }

  private static void set(@Nullable MemorySegment out, long i, float value) {
    if (out != null) {
      out.setAtIndex(F, i, value);
    }
  }
}
