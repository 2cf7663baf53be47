package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.aliasfree.op.Activation;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** bias_act against the values of the specification and against its formula. */
@Tag("kernel")
final class BiasActTest {
  private static final float[] X = {-3, -.5f, 0, .5f, 3};

  private static float[] run(
      BiasAct op, int batch, int channels, int inner, float[] x, float[] scale, float[] bias) {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment y = UpfirdnCases.poisoned(arena, x.length);
      MemorySegment s = scale.length > 0 ? UpfirdnCases.memory(arena, scale) : null;
      MemorySegment b = bias.length > 0 ? UpfirdnCases.memory(arena, bias) : null;
      MemorySegment in = UpfirdnCases.memory(arena, x);
      UpfirdnCases.run(op.bind(batch, channels, inner, in, s, b, y), 2);
      return UpfirdnCases.floats(y, 0, x.length);
    }
  }

  private static float[] table(Activation f, double gain) {
    double none = Double.POSITIVE_INFINITY;
    return run(new BiasAct(f, .2, gain, none), 1, 1, 5, X, new float[0], new float[0]);
  }

  @Test
  void theValuesOfTheSpecificationComeOut() {
    double root2 = Math.sqrt(2);
    assertThat(table(Activation.LRELU, root2))
        .containsExactly(new float[] {-.848528f, -.141421f, 0, .707107f, 4.24264f}, within(1e-5f));
    assertThat(table(Activation.RELU, 1)).containsExactly(0, 0, 0, .5f, 3);
    assertThat(table(Activation.TANH, 1))
        .containsExactly(new float[] {-.995055f, -.462117f, 0, .462117f, .995055f}, within(1e-6f));
    assertThat(table(Activation.ELU, 1))
        .containsExactly(new float[] {-.950213f, -.393469f, 0, .5f, 3}, within(1e-6f));
    assertThat(table(Activation.SELU, 1))
        .containsExactly(
            new float[] {-1.670569f, -.691758f, 0, .525351f, 3.152103f}, within(1e-6f));
    assertThat(table(Activation.SOFTPLUS, 1))
        .containsExactly(
            new float[] {.048587f, .474077f, .693147f, .974077f, 3.048587f}, within(1e-6f));
    assertThat(table(Activation.SWISH, root2))
        .containsExactly(new float[] {-.201211f, -.266962f, 0, .440145f, 4.04143f}, within(1e-5f));
  }

  @Test
  void scaleBiasGainAndClampApplyPlaneByPlaneInThatOrder() {
    Random r = new Random(3);
    for (int[] shape :
        new int[][] {{2, 3, 7}, {1, 2, 70_001}, {3, 1, 1}, {1, 3, 32768}, {5, 4, 0}}) {
      int planes = shape[0] * shape[1];
      float[] x = UpfirdnCases.random(r, planes * shape[2], 1);
      float[] scale = UpfirdnCases.random(r, planes, 1);
      float[] bias = UpfirdnCases.random(r, shape[1], 1);
      for (Activation f : Activation.values()) {
        float[] y = run(new BiasAct(f, .3, 1.7, .9), shape[0], shape[1], shape[2], x, scale, bias);
        for (int i = 0; i < x.length; i++) {
          int plane = i / shape[2];
          float t = x[i] * scale[plane] + bias[plane % shape[1]];
          double want = Math.clamp(1.7 * BiasAct.apply(f, t, .3), -.9, .9);
          if (!(Math.abs(y[i] - want) <= 3e-7)) {
            assertThat(y[i]).as("%s of %s", f, t).isCloseTo((float) want, within(3e-7f));
          }
        }
      }
    }
  }

  @Test
  void aNanStaysOneAndInfinitiesAreLimited() {
    float[] x = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY};
    for (Activation f : Activation.values()) {
      float[] y = run(new BiasAct(f, .2, 1, 256), 1, 1, 3, x, new float[0], new float[0]);
      assertThat(y[0]).as("%s", f).isNaN();
      assertThat(y[2]).isEqualTo((float) Math.min(256, BiasAct.apply(f, x[2], .2)));
    }
    assertThat(
            run(new BiasAct(Activation.RELU, 0, 1, 256), 1, 1, 3, x, new float[0], new float[0])[1])
        .isZero();
  }
}
