package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** grid_sample against its definition as a sum over all pixels of the input. */
@Tag("kernel")
final class GridSampleTest {
  /** Weight of pixel p for a point: the tent of width 1 around it. */
  private static double tent(float g, int size, int p) {
    return Math.max(0, 1 - Math.abs(((g + 1.0) * size - 1) / 2 - p));
  }

  @Test
  void bothDirectionsFollowTheDefinition() {
    Random r = new Random(5);
    for (int[] d : new int[][] {{2, 3, 9, 12, 10, 7}, {1, 1, 1, 1, 3, 3}, {1, 2, 5, 4, 1, 40}}) {
      int n = d[0];
      int c = d[1];
      int h = d[2];
      int w = d[3];
      int oh = d[4];
      int ow = d[5];
      float[] x = UpfirdnCases.random(r, n * c * h * w, 1);
      float[] dy = UpfirdnCases.random(r, n * c * oh * ow, 1);
      float[] grid = UpfirdnCases.random(r, n * oh * ow * 2, 0.8);
      grid[0] = Float.NaN;
      grid[1] = Float.POSITIVE_INFINITY;
      double[] y = new double[dy.length];
      double[] dx = new double[x.length];
      for (int o = 1; o < y.length; o++) {
        int plane = o / (oh * ow);
        int point = plane / c * oh * ow + o % (oh * ow);
        if (Float.isNaN(grid[2 * point])) {
          continue;
        }
        for (int i = 0; i < h * w; i++) {
          double weight = tent(grid[2 * point], w, i % w) * tent(grid[2 * point + 1], h, i / w);
          y[o] += weight * x[plane * h * w + i];
          dx[plane * h * w + i] += weight * dy[o];
        }
      }
      try (Arena arena = Arena.ofShared()) {
        GridSample op = new GridSample(n, c, h, w, oh, ow, UpfirdnCases.memory(arena, grid));
        MemorySegment gotY = UpfirdnCases.poisoned(arena, y.length);
        MemorySegment gotDx = UpfirdnCases.poisoned(arena, dx.length);
        UpfirdnCases.run(op.forward(UpfirdnCases.memory(arena, x), gotY), 2);
        UpfirdnCases.run(op.backward(UpfirdnCases.memory(arena, dy), gotDx), 2);
        check(UpfirdnCases.floats(gotY, 0, y.length), y);
        check(UpfirdnCases.floats(gotDx, 0, dx.length), dx);
      }
    }
  }

  private static void check(float[] got, double[] want) {
    for (int i = 0; i < want.length; i++) {
      // A pixel position near 10 is known to 5e-7, and so are the weights.
      assertThat(got[i]).as("value %d", i).isCloseTo((float) want[i], within(2e-5f));
    }
  }
}
