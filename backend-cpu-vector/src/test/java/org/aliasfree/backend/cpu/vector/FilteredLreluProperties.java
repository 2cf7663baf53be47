package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Plane;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Taps;

/** filtered_lrelu and its linear form of any attributes against the definition. */
@Tag("kernel")
final class FilteredLreluProperties {
  /** A random call: everything follows from the seed. */
  private static final class Case {
    final Random r;
    final int batch;
    final int channels;
    final int height;
    final int width;
    final int up;
    final int down;
    final Taps fu;
    final Taps fd;
    final int[] pad;
    final boolean flip;
    final double gain;
    final double slope;
    final double clamp;
    final float[] x;
    final float[] scale;
    final float[] bias;
    final double roundings;

    Case(long seed) {
      r = new Random(seed);
      batch = 1 + r.nextInt(2);
      channels = 1 + r.nextInt(3);
      height = 1 + r.nextInt(r.nextBoolean() ? 4 : 30);
      width = 1 + r.nextInt(r.nextBoolean() ? 4 : 70);
      up = 1 + r.nextInt(r.nextBoolean() ? 2 : 8);
      down = 1 + r.nextInt(r.nextBoolean() ? 2 : 8);
      fu = taps();
      fd = taps();
      int needX = fu.filterWidth() + fd.filterWidth() - 1;
      int needY = fu.filterHeight() + fd.filterHeight() - 1;
      pad = new int[4];
      pad(0, width * up, needX);
      pad(2, height * up, needY);
      flip = r.nextBoolean();
      gain = 0.3 + 2 * r.nextDouble();
      slope = r.nextInt(4) == 0 ? 0 : 1.2 * r.nextDouble();
      clamp = r.nextInt(3) == 0 ? Double.POSITIVE_INFINITY : r.nextDouble();
      x = UpfirdnCases.random(r, batch * channels * height * width, 1);
      scale = r.nextBoolean() ? UpfirdnCases.random(r, batch * channels, 1) : new float[0];
      bias = r.nextBoolean() ? UpfirdnCases.random(r, channels, 1) : new float[0];
      // Each pass rounds at most once a tap and once more; a matrix is a sum of up to its height of
      // separable filters, whose magnitudes may exceed its own.
      int passes = 2 * (Math.max(needX, needY) + 6);
      roundings = fu.height() > 0 || fd.height() > 0 ? 8 * passes : passes;
    }

    private Taps taps() {
      return switch (r.nextInt(5)) {
        case 0 -> Taps.NONE;
        case 1 -> {
          int h = 1 + r.nextInt(6);
          int w = 1 + r.nextInt(6);
          yield new Taps(UpfirdnCases.random(r, h * w, 0.5), h, w);
        }
        case 2 -> new Taps(UpfirdnCases.random(r, r.nextBoolean() ? 12 : 24, 0.3), 0, 0);
        case 3 -> symmetric(12);
        default -> new Taps(UpfirdnCases.random(r, 1 + r.nextInt(25), 0.3), 0, 0);
      };
    }

    private Taps symmetric(int n) {
      float[] t = UpfirdnCases.random(r, n, 0.3);
      for (int i = 0; i < n / 2; i++) {
        t[n - 1 - i] = t[i];
      }
      return new Taps(t, 0, 0);
    }

    private void pad(int at, int size, int need) {
      int total = need - size + r.nextInt(12);
      pad[at] = total < 0 ? r.nextInt(7) - 3 : total / 2 + r.nextInt(5) - 2;
      pad[at + 1] = Math.max(total, need - size) - pad[at] + r.nextInt(3);
    }

    FilteredLrelu kernel() {
      return new FilteredLrelu(
          height, width, fu.filter(), fd.filter(), up, down, pad, flip, gain, slope, clamp);
    }

    /** The up-sampled signal of a plane, before the non-linearity. */
    Plane high(int plane) {
      int n = height * width;
      float[] v = Arrays.copyOfRange(x, plane * n, (plane + 1) * n);
      for (int i = 0; i < n; i++) {
        v[i] = scale.length > 0 ? v[i] * scale[plane] : v[i];
        v[i] = bias.length > 0 ? v[i] + bias[plane % channels] : v[i];
      }
      int[] rate = {up, up};
      int[] one = {1, 1};
      return UpfirdnDefinition.upfirdn(
          Plane.of(v, height, width), fu, rate, one, pad, flip, (double) up * up);
    }

    Plane low(Plane high) {
      int[] rate = {down, down};
      int[] one = {1, 1};
      return UpfirdnDefinition.upfirdn(high, fd, one, rate, new int[4], flip, 1);
    }
  }

  @Property
  void forwardFollowsTheDefinition(@ForAll long seed) {
    Case c = new Case(seed);
    FilteredLrelu kernel = c.kernel();
    try (Arena arena = Arena.ofShared()) {
      int planes = c.batch * c.channels;
      int n = kernel.outHeight() * kernel.outWidth();
      MemorySegment y = UpfirdnCases.poisoned(arena, (long) planes * n);
      Work work =
          kernel.forward(
              c.batch,
              c.channels,
              UpfirdnCases.memory(arena, c.x),
              c.scale.length > 0 ? UpfirdnCases.memory(arena, c.scale) : null,
              c.bias.length > 0 ? UpfirdnCases.memory(arena, c.bias) : null,
              y,
              null);
      UpfirdnCases.run(work, 1);
      for (int p = 0; p < planes; p++) {
        Plane t = c.high(p);
        UpfirdnDefinition.act(t, c.gain, c.slope, c.clamp, new byte[0]);
        UpfirdnCases.check(UpfirdnCases.floats(y, (long) p * n, n), c.low(t), c.roundings, "y");
      }
    }
  }

  @Property
  void theSignMapAndTheAdjointFollowTheDefinition(@ForAll long seed) {
    Case c = new Case(seed);
    FilteredLrelu kernel = c.kernel();
    FilteredLrelu adjoint =
        new FilteredLrelu(
            kernel.outHeight(),
            kernel.outWidth(),
            c.fd.filter(),
            c.fu.filter(),
            c.down,
            c.up,
            kernel.adjointPadding(),
            !c.flip,
            c.gain * c.up * c.up / (c.down * c.down),
            c.slope,
            Double.POSITIVE_INFINITY);
    assertThat(adjoint.outHeight()).isEqualTo(c.height);
    assertThat(adjoint.outWidth()).isEqualTo(c.width);
    try (Arena arena = Arena.ofShared()) {
      int planes = c.batch * c.channels;
      int n = kernel.outHeight() * kernel.outWidth();
      int highHeight = kernel.highHeight();
      int highWidth = kernel.highWidth();
      int rowBytes = FilteredLreluSigns.rowBytes(highWidth);
      MemorySegment y = UpfirdnCases.poisoned(arena, (long) planes * n);
      MemorySegment plain = UpfirdnCases.poisoned(arena, (long) planes * n);
      MemorySegment signs = arena.allocate((long) planes * highHeight * rowBytes).fill((byte) 0xff);
      MemorySegment x = UpfirdnCases.memory(arena, c.x);
      MemorySegment scale = c.scale.length > 0 ? UpfirdnCases.memory(arena, c.scale) : null;
      MemorySegment bias = c.bias.length > 0 ? UpfirdnCases.memory(arena, c.bias) : null;
      UpfirdnCases.run(kernel.forward(c.batch, c.channels, x, scale, bias, y, signs), 2);
      UpfirdnCases.run(kernel.forward(c.batch, c.channels, x, scale, bias, plain, null), 2);
      assertThat(y.mismatch(plain)).isEqualTo(-1);

      float[] dy = UpfirdnCases.random(c.r, planes * n, 1);
      MemorySegment dx = UpfirdnCases.poisoned(arena, c.x.length);
      int[] offset = kernel.adjointOffsets();
      FilteredLreluSigns given =
          FilteredLreluSigns.reading(signs, highHeight, highWidth, c.slope, offset[0], offset[1]);
      UpfirdnCases.run(adjoint.linear(planes, UpfirdnCases.memory(arena, dy), dx, given), 2);
      for (int p = 0; p < planes; p++) {
        byte[] map = checkedMap(c, p, signs, highHeight, highWidth);
        float[] dyp = Arrays.copyOfRange(dy, p * n, (p + 1) * n);
        float[] dxp = UpfirdnCases.floats(dx, (long) p * c.height * c.width, c.height * c.width);
        checkAdjoint(c, map, highWidth, dyp, kernel, dxp);
      }
    }
  }

  /** The map of a plane, after comparing it with the definition wherever rounding cannot decide. */
  private static byte[] checkedMap(
      Case c, int plane, MemorySegment signs, int highHeight, int highWidth) {
    int rowBytes = FilteredLreluSigns.rowBytes(highWidth);
    byte[] map = new byte[highHeight * highWidth];
    byte[] want = new byte[map.length];
    Plane t = c.high(plane);
    double[] before = t.values.clone();
    double[] magnitudes = t.magnitudes.clone();
    UpfirdnDefinition.act(t, c.gain, c.slope, c.clamp, want);
    for (int i = 0; i < map.length; i++) {
      long row = (long) plane * highHeight + i / highWidth;
      int x = i % highWidth;
      byte bits = signs.get(ValueLayout.JAVA_BYTE, row * rowBytes + x / 4);
      map[i] = (byte) ((bits >> (2 * (x % 4))) & 3);
      double margin = c.roundings * 0x1p-24 * magnitudes[i] * c.gain * 2;
      double bent = Math.abs(before[i] * c.gain * (before[i] < 0 ? c.slope : 1));
      boolean clear = Math.abs(before[i] * c.gain) > margin && Math.abs(bent - c.clamp) > margin;
      if (clear) {
        assertThat(map[i]).as("sign %d", i).isEqualTo(want[i]);
      }
    }
    return map;
  }

  /** dx must be what reverse-mode differentiation of the definition gives for this map. */
  private static void checkAdjoint(
      Case c, byte[] map, int highWidth, float[] dy, FilteredLrelu kernel, float[] dx) {
    double[][] fu = c.fu.matrix();
    double[][] fd = c.fd.matrix();
    double fuSize = c.fu.height() > 0 ? c.fu.sizes()[0][0] : 0;
    double fdSize = c.fd.height() > 0 ? c.fd.sizes()[0][0] : 0;
    int highHeight = map.length / highWidth;
    double[] da = new double[map.length];
    double[] mag = new double[map.length];
    for (int o = 0; o < dy.length; o++) {
      int oy = o / kernel.outWidth();
      int ox = o % kernel.outWidth();
      for (int ky = 0; ky < fd.length; ky++) {
        for (int kx = 0; kx < fd[0].length; kx++) {
          double t = c.flip ? fd[ky][kx] : fd[fd.length - 1 - ky][fd[0].length - 1 - kx];
          int at = (oy * c.down + ky) * highWidth + ox * c.down + kx;
          da[at] += t * dy[o];
          mag[at] += Math.max(fdSize, Math.abs(t)) * Math.abs(dy[o]);
        }
      }
    }
    Plane want = new Plane(c.height, c.width);
    for (int h = 0; h < map.length; h++) {
      double factor = c.gain * c.up * c.up * (map[h] == 0 ? 1 : map[h] == 1 ? c.slope : 0);
      for (int ky = 0; ky < fu.length; ky++) {
        for (int kx = 0; kx < fu[0].length; kx++) {
          double t = c.flip ? fu[ky][kx] : fu[fu.length - 1 - ky][fu[0].length - 1 - kx];
          int py = h / highWidth + ky - c.pad[2];
          int px = h % highWidth + kx - c.pad[0];
          if (py < 0 || px < 0 || py % c.up != 0 || px % c.up != 0) {
            continue;
          }
          if (py / c.up < c.height && px / c.up < c.width) {
            int at = py / c.up * c.width + px / c.up;
            want.values[at] += t * factor * da[h];
            want.magnitudes[at] += Math.max(fuSize, Math.abs(t)) * Math.abs(factor) * mag[h];
          }
        }
      }
    }
    assertThat(highHeight).isEqualTo(kernel.highHeight());
    UpfirdnCases.check(dx, want, c.roundings, "dx");
  }

  @Property(tries = 40)
  void aNanReachesExactlyTheOutputsThatSeeIt(@ForAll long seed) {
    Case c = new Case(seed);
    c.x[c.r.nextInt(c.x.length)] = Float.NaN;
    FilteredLrelu kernel = c.kernel();
    try (Arena arena = Arena.ofShared()) {
      int n = kernel.outHeight() * kernel.outWidth();
      int planes = c.batch * c.channels;
      MemorySegment y = UpfirdnCases.poisoned(arena, (long) planes * n);
      MemorySegment x = UpfirdnCases.memory(arena, c.x);
      MemorySegment scale = c.scale.length > 0 ? UpfirdnCases.memory(arena, c.scale) : null;
      MemorySegment bias = c.bias.length > 0 ? UpfirdnCases.memory(arena, c.bias) : null;
      UpfirdnCases.run(kernel.forward(c.batch, c.channels, x, scale, bias, y, null), 1);
      for (int p = 0; p < planes; p++) {
        Plane t = c.high(p);
        UpfirdnDefinition.act(t, c.gain, c.slope, c.clamp, new byte[0]);
        UpfirdnCases.check(UpfirdnCases.floats(y, (long) p * n, n), c.low(t), c.roundings, "y");
      }
    }
  }
}
