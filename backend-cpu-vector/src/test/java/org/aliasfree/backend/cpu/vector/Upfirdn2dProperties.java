package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.aliasfree.AliasFreeException;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Plane;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Taps;

/** upfirdn2d of any attributes against the definition, and its adjoint. */
@Tag("kernel")
final class Upfirdn2dProperties {
  private static Taps taps(Random r) {
    int n = 1 + r.nextInt(14);
    int m = 1 + r.nextInt(8);
    return switch (r.nextInt(4)) {
      case 0 -> Taps.NONE;
      case 1 -> new Taps(UpfirdnCases.random(r, n * m, 0.5), n, m);
      case 2 -> new Taps(UpfirdnCases.random(r, 12, 0.3), 0, 0);
      default -> new Taps(UpfirdnCases.random(r, n, 0.3), 0, 0);
    };
  }

  @Property
  void anyAttributesFollowTheDefinitionAndTheAdjointTurnsThemRound(@ForAll long seed) {
    Random r = new Random(seed);
    Taps taps = taps(r);
    int planes = 1 + r.nextInt(4);
    int height = 1 + r.nextInt(20);
    int width = 1 + r.nextInt(r.nextInt(8) == 0 ? 1200 : 40);
    int[] up = {1 + r.nextInt(5), 1 + r.nextInt(5)};
    int[] down = {1 + r.nextInt(5), 1 + r.nextInt(5)};
    int[] pad = new int[4];
    for (int axis = 0; axis < 2; axis++) {
      int size = (axis == 0 ? width : height) * up[axis];
      int need = axis == 0 ? taps.filterWidth() : taps.filterHeight();
      int total = need - size + r.nextInt(size + 10);
      pad[2 * axis] = total / 2 + r.nextInt(7) - 3;
      pad[2 * axis + 1] = total - pad[2 * axis];
    }
    boolean flip = r.nextBoolean();
    double gain = r.nextGaussian();
    float[] x = UpfirdnCases.random(r, planes * height * width, 1);
    Upfirdn2d op = new Upfirdn2d(height, width, taps.filter(), up, down, pad, flip, gain);
    Upfirdn2d adjoint =
        new Upfirdn2d(
            op.outHeight(),
            op.outWidth(),
            taps.filter(),
            down,
            up,
            op.adjointPadding(),
            !flip,
            gain);
    double roundings =
        (taps.height() > 0 ? 8 : 1) * 2.0 * (taps.filterWidth() + taps.filterHeight() + 3);
    try (Arena arena = Arena.ofShared()) {
      int n = op.outHeight() * op.outWidth();
      MemorySegment y = UpfirdnCases.poisoned(arena, (long) planes * n);
      UpfirdnCases.run(op.bind(planes, UpfirdnCases.memory(arena, x), y), 2);
      double scale = 0;
      for (int p = 0; p < planes; p++) {
        float[] in = Arrays.copyOfRange(x, p * height * width, (p + 1) * height * width);
        Plane want =
            UpfirdnDefinition.upfirdn(Plane.of(in, height, width), taps, up, down, pad, flip, gain);
        UpfirdnCases.check(UpfirdnCases.floats(y, (long) p * n, n), want, roundings, "y");
        scale += Arrays.stream(want.magnitudes).sum();
      }
      float[] dy = UpfirdnCases.random(r, planes * n, 1);
      MemorySegment dx = UpfirdnCases.poisoned(arena, x.length);
      assertThat(adjoint.outHeight()).isEqualTo(height);
      assertThat(adjoint.outWidth()).isEqualTo(width);
      UpfirdnCases.run(adjoint.bind(planes, UpfirdnCases.memory(arena, dy), dx), 1);
      double left = dot(UpfirdnCases.floats(y, 0, dy.length), dy);
      double right = dot(x, UpfirdnCases.floats(dx, 0, x.length));
      assertThat(left).isCloseTo(right, org.assertj.core.data.Offset.offset(1e-5 * scale + 1e-30));
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  @Example
  void theExamplesOfTheSpecificationHold() {
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    UpfirdnFilter row = UpfirdnFilter.separable(new float[] {1, 2, 4});
    UpfirdnFilter matrix = UpfirdnFilter.matrix(new float[] {1, 2, 3, 5}, 2, 2);
    int[] one = {1, 1};
    int[] two = {2, 2};
    float[] y = run(new Upfirdn2d(3, 4, row, two, one, new int[] {1, 0, 2, 1}, false, 1), x);
    assertThat(Arrays.copyOf(y, 7)).containsExactly(2, 6, 4, 11, 6, 16, 8);
    assertThat(Arrays.copyOfRange(y, 14, 21)).containsExactly(18, 50, 28, 75, 38, 100, 48);
    assertThat(Arrays.copyOfRange(y, y.length - 7, y.length))
        .containsExactly(72, 184, 80, 204, 88, 224, 96);
    y = run(new Upfirdn2d(3, 4, row, two, one, new int[] {1, 0, 2, 1}, true, .5), x);
    assertThat(Arrays.copyOfRange(y, 14, 21)).containsExactly(21, 62.5f, 26, 75, 31, 87.5f, 36);
    float[] exact = {8, 38, 36};
    y = run(new Upfirdn2d(3, 4, matrix, one, two, new int[] {1, 1, 0, -1}, false, 1), x);
    assertThat(y).containsExactly(exact, org.assertj.core.data.Offset.offset(1e-5f));
  }

  private static float[] run(Upfirdn2d op, float[] x) {
    try (Arena arena = Arena.ofShared()) {
      int n = op.outHeight() * op.outWidth();
      MemorySegment y = UpfirdnCases.poisoned(arena, n);
      UpfirdnCases.run(op.bind(1, UpfirdnCases.memory(arena, x), y), 1);
      return UpfirdnCases.floats(y, 0, n);
    }
  }

  @Example
  void anInputSmallerThanTheFilterIsRefusedInFullWords() {
    assertThatThrownBy(
            () ->
                new Upfirdn2d(
                    3,
                    3,
                    UpfirdnFilter.separable(new float[12]),
                    new int[] {1, 1},
                    new int[] {1, 1},
                    new int[4],
                    false,
                    1))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("3 values, fewer than the filter's 12 taps");
  }
}
