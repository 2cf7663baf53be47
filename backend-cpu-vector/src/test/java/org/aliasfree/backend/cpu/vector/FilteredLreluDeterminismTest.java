package org.aliasfree.backend.cpu.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The bits of filtered_lrelu do not depend on threads, on the batch or on former use of the
 * scratch.
 */
@Tag("kernel")
final class FilteredLreluDeterminismTest {
  private static final int BATCH = 4;
  private static final int CHANNELS = 7;

  private static UpfirdnFilter filter(int n, boolean matrix) {
    Random r = new Random(n);
    return matrix
        ? UpfirdnFilter.matrix(UpfirdnCases.random(r, n * n, 0.3), n, n)
        : UpfirdnFilter.separable(UpfirdnCases.random(r, n, 0.3));
  }

  @Test
  void threadsAndBatchesGiveTheSameBits() {
    check(filter(12, false), filter(12, false), 2, 2, 270, 41);
    check(filter(24, false), filter(12, false), 4, 2, 140, 37);
    check(filter(12, false), filter(12, true), 2, 2, 260, 36);
    check(filter(7, true), filter(5, true), 3, 2, 130, 20);
    check(UpfirdnFilter.NONE, UpfirdnFilter.NONE, 1, 1, 270, 130);
  }

  private static void check(
      UpfirdnFilter fu, UpfirdnFilter fd, int up, int down, int height, int width) {
    int[] pad = {fu == UpfirdnFilter.NONE ? 0 : 9, 0, fu == UpfirdnFilter.NONE ? 0 : 8, 0};
    FilteredLrelu kernel =
        new FilteredLrelu(height, width, fu, fd, up, down, pad, false, 1.4, 0.2, 0.9);
    int planes = BATCH * CHANNELS;
    Random r = new Random(1);
    try (Arena arena = Arena.ofShared()) {
      long in = 4L * height * width;
      long out = 4L * kernel.outHeight() * kernel.outWidth();
      MemorySegment x =
          UpfirdnCases.memory(arena, UpfirdnCases.random(r, planes * height * width, 1));
      MemorySegment scale = UpfirdnCases.memory(arena, UpfirdnCases.random(r, planes, 1));
      MemorySegment bias = UpfirdnCases.memory(arena, UpfirdnCases.random(r, CHANNELS, 1));
      MemorySegment whole = UpfirdnCases.poisoned(arena, planes * out / 4);
      UpfirdnCases.run(kernel.forward(BATCH, CHANNELS, x, scale, bias, whole, null), 1);
      MemorySegment again = UpfirdnCases.poisoned(arena, planes * out / 4);
      for (int threads = 2; threads <= 3; threads++) {
        again.fill((byte) 0);
        UpfirdnCases.run(kernel.forward(BATCH, CHANNELS, x, scale, bias, again, null), threads);
        assertThat(again.mismatch(whole)).as("%d threads", threads).isEqualTo(-1);
      }
      for (int image = 0; image < BATCH; image++) {
        long first = (long) image * CHANNELS;
        MemorySegment y = UpfirdnCases.poisoned(arena, CHANNELS * out / 4);
        Work alone =
            kernel.forward(
                1,
                CHANNELS,
                x.asSlice(first * in, CHANNELS * in),
                scale.asSlice(first * 4, CHANNELS * 4L),
                bias,
                y,
                null);
        UpfirdnCases.run(alone, 2);
        assertThat(y.mismatch(whole.asSlice(first * out, CHANNELS * out)))
            .as("image %d", image)
            .isEqualTo(-1);
      }
    }
  }
}
