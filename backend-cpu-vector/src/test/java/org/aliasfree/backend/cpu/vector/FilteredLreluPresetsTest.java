package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Plane;
import org.aliasfree.backend.cpu.vector.UpfirdnDefinition.Taps;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** filtered_lrelu as the layers of StyleGAN3 use it, with their filters and paddings. */
@Tag("kernel")
final class FilteredLreluPresetsTest {
  /** What a layer asks of filtered_lrelu. */
  private record Layer(
      String name, int inSize, Taps fu, Taps fd, int up, int down, int pad0, int pad1) {
    FilteredLrelu kernel(int height, int width) {
      int[] pad = {pad0, pad1, pad0, pad1};
      double slope = fu == Taps.NONE ? 1 : 0.2;
      double gain = fu == Taps.NONE ? 1 : Math.sqrt(2);
      return new FilteredLrelu(
          height, width, fu.filter(), fd.filter(), up, down, pad, false, gain, slope, 2.5);
    }
  }

  /**
   * The layers of a configuration: the schedule of the paper's appendix, as the original computes
   * it.
   */
  private static List<Layer> layers(int resolution, boolean rotation) {
    int count = 14;
    double[] cutoff = new double[count + 1];
    double[] rate = new double[count + 1];
    double[] half = new double[count + 1];
    int[] size = new int[count + 1];
    for (int i = 0; i <= count; i++) {
      double e = Math.min(i / 12.0, 1);
      cutoff[i] = 2 * Math.pow(resolution / 2.0 / 2, e);
      double first = Math.pow(2, 2.1);
      double stop = first * Math.pow(resolution / 2.0 * Math.pow(2, 0.3) / first, e);
      double log = Math.log(Math.min(2 * stop, resolution)) / Math.log(2);
      rate[i] = Math.pow(2, Math.ceil(log - 1e-9));
      half[i] = Math.max(stop, rate[i] / 2) - cutoff[i];
      size[i] = i >= count - 1 ? resolution : (int) rate[i] + 20;
    }
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      boolean rgb = i == count;
      int prev = Math.max(i - 1, 0);
      double tmp = Math.max(rate[prev], rate[i]) * (rgb ? 1 : 2);
      int up = (int) Math.rint(tmp / rate[prev]);
      int down = (int) Math.rint(tmp / rate[i]);
      int upTaps = rgb ? 1 : 6 * up;
      int downTaps = rgb ? 1 : 6 * down;
      int kernel = rgb || rotation ? 1 : 3;
      int in = size[prev] + kernel - 1;
      int total = (size[i] - 1) * down + 1 - in * up + upTaps + downTaps - 2;
      int low = Math.floorDiv(total + up, 2);
      boolean radial = rotation && i < count - 2;
      Taps fu = rgb ? Taps.NONE : lowpass(upTaps, cutoff[prev], 2 * half[prev], tmp, false);
      Taps fd = rgb ? Taps.NONE : lowpass(downTaps, cutoff[i], 2 * half[i], tmp, radial);
      String name = (rotation ? "R" : "T") + resolution + " L" + i;
      layers.add(new Layer(name, in, fu, fd, up, down, low, total - low));
    }
    return layers;
  }

  private static Taps lowpass(int n, double cutoff, double width, double fs, boolean radial) {
    double nyquist = fs / 2;
    double att = 2.285 * (n - 1) * Math.PI * (width / nyquist) + 7.95;
    double beta =
        att > 50
            ? 0.1102 * (att - 8.7)
            : att > 21 ? 0.5842 * Math.pow(att - 21, 0.4) + 0.07886 * (att - 21) : 0;
    double centre = (n - 1) / 2.0;
    double[] window = new double[n];
    double[] f = new double[radial ? n * n : n];
    for (int i = 0; i < n; i++) {
      double u = (i - centre) / centre;
      window[i] = bessel(beta * Math.sqrt(1 - u * u), 0, 1) / bessel(beta, 0, 1);
    }
    for (int i = 0; i < f.length; i++) {
      if (radial) {
        int row = i / n;
        double r = Math.hypot(row - centre, i % n - centre) / fs;
        double x = 2 * Math.PI * cutoff * r;
        f[i] = bessel(x, 1, -1) / (Math.PI * r) * window[i / n] * window[i % n];
      } else {
        double x = Math.PI * cutoff / nyquist * (i - centre);
        f[i] = Math.sin(x) / x * window[i];
      }
    }
    double sum = Arrays.stream(f).sum();
    float[] taps = new float[f.length];
    for (int i = 0; i < f.length; i++) {
      taps[i] = (float) (f[i] / sum);
    }
    return new Taps(taps, radial ? n : 0, radial ? n : 0);
  }

  /** Bessel function of the first kind (sign −1) or modified (sign 1), by its series. */
  private static double bessel(double x, int order, int sign) {
    double term = order == 0 ? 1 : x / 2;
    double sum = term;
    for (int k = 1; k < 100; k++) {
      term *= sign * x * x / 4 / k / (k + order);
      sum += term;
    }
    return sum;
  }

  @Test
  void theScheduleGivesThePaddingsOfTheOriginal() {
    assertThat(layers(256, false).stream().map(l -> l.pad0 + "," + l.pad1).distinct())
        .containsExactly("9,8", "-6,-9", "-11,-12", "0,0");
    assertThat(layers(1024, true).stream().map(l -> l.pad0 + "," + l.pad1).distinct())
        .containsExactly("11,10", "-2,-5", "-9,-10", "0,0");
  }

  @Test
  void radialFiltersNeedFewSeparableTerms() {
    for (int resolution : new int[] {256, 1024}) {
      for (Layer layer : layers(resolution, true)) {
        assertThat(layer.fd.filter().factors(false).rank()).as(layer.name).isLessThanOrEqualTo(4);
      }
    }
  }

  @Test
  void everyLayerAt256And1024FollowsTheDefinition() {
    for (int resolution : new int[] {256, 1024}) {
      for (boolean rotation : new boolean[] {false, true}) {
        for (Layer layer : layers(resolution, rotation)) {
          check(layer, Math.min(layer.inSize, 34), Math.min(layer.inSize, 61));
        }
      }
    }
  }

  @Test
  void rowsWiderThanAStripFollowTheDefinition() {
    check(layers(1024, false).get(11), 26, 1046);
    check(layers(1024, true).get(11), 24, 1044);
    check(layers(1024, false).get(13), 40, 1046);
    check(layers(1024, true).get(10), 24, 532);
  }

  private static void check(Layer layer, int height, int width) {
    Random r = new Random(width);
    FilteredLrelu kernel = layer.kernel(height, width);
    int channels = 2;
    float[] x = UpfirdnCases.random(r, channels * height * width, 1);
    float[] scale = UpfirdnCases.random(r, channels, 1);
    float[] bias = UpfirdnCases.random(r, channels, 1);
    try (Arena arena = Arena.ofShared()) {
      int n = kernel.outHeight() * kernel.outWidth();
      MemorySegment y = UpfirdnCases.poisoned(arena, (long) channels * n);
      MemorySegment in = UpfirdnCases.memory(arena, x);
      MemorySegment s = UpfirdnCases.memory(arena, scale);
      MemorySegment b = UpfirdnCases.memory(arena, bias);
      UpfirdnCases.run(kernel.forward(1, channels, in, s, b, y, null), 2);
      int c = channels - 1;
      float[] v = Arrays.copyOfRange(x, c * height * width, (c + 1) * height * width);
      for (int i = 0; i < v.length; i++) {
        v[i] = v[i] * scale[c];
        v[i] += bias[c];
      }
      int[] up = {layer.up, layer.up};
      int[] down = {layer.down, layer.down};
      int[] one = {1, 1};
      int[] pad = {layer.pad0, layer.pad1, layer.pad0, layer.pad1};
      Plane t =
          UpfirdnDefinition.upfirdn(
              Plane.of(v, height, width), layer.fu, up, one, pad, false, layer.up * layer.up);
      boolean rgb = layer.fu == Taps.NONE;
      UpfirdnDefinition.act(t, rgb ? 1 : Math.sqrt(2), rgb ? 1 : 0.2, 2.5, new byte[0]);
      Plane want = UpfirdnDefinition.upfirdn(t, layer.fd, one, down, new int[4], false, 1);
      // 2 · (6 + 12) taps, each rounded in the product or the sum, and the taps themselves.
      UpfirdnCases.check(UpfirdnCases.floats(y, (long) c * n, n), want, 80, layer.name);
    }
  }
}
