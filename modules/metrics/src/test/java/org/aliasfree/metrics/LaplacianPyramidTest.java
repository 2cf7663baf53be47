package org.aliasfree.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LaplacianPyramidTest {
  @Test
  void levelsGoFromSixteenToTheResolution() {
    assertThat(LaplacianPyramid.sizes(16)).containsExactly(16);
    assertThat(LaplacianPyramid.sizes(128)).containsExactly(16, 32, 64, 128);
    assertThat(LaplacianPyramid.sizes(80)).containsExactly(20, 40, 80);
    assertThat(LaplacianPyramid.sizes(31)).containsExactly(31);
  }

  @Test
  void levelsAddUpToTheImage() {
    for (int size : new int[] {16, 64, 80}) {
      float[] image = new float[2 * size * size];
      Random random = new Random(size);
      for (int i = 0; i < image.length; i++) {
        image[i] = random.nextInt(256);
      }
      List<Integer> sizes = LaplacianPyramid.sizes(size);
      List<float[]> levels = LaplacianPyramid.of(image, 2, size);
      float[] sum = levels.getFirst();
      for (int l = 1; l < levels.size(); l++) {
        sum = LaplacianPyramid.doubled(sum, 2, sizes.get(l - 1));
        for (int i = 0; i < sum.length; i++) {
          sum[i] += levels.get(l)[i];
        }
      }
      // Each level rounds twice, a difference and a sum below 512.
      assertThat(sum).containsExactly(image, within(2 * levels.size() * 0x1p-15f));
    }
  }

  @Test
  void halvingTakesEverySecondSampleOfTheWeightedMean() {
    // One bright pixel at (8, 8) of 16×16 is at (4, 4) of 8×8 with its weight of 6/16 squared; next
    // to it 1/16 · 6/16.
    float[] image = new float[16 * 16];
    image[8 * 16 + 8] = 256;
    float[] half = LaplacianPyramid.halved(image, 1, 16);
    assertThat(half[4 * 8 + 4]).isEqualTo(36);
    assertThat(half[4 * 8 + 3]).isEqualTo(6);
    assertThat(half[4 * 8 + 5]).isEqualTo(6);
    assertThat(half[5 * 8 + 3]).isEqualTo(1);
    assertThat(half[4 * 8 + 2]).isZero();
  }

  @Test
  void aSlopeHasNoDetailsInside() {
    float[] image = new float[32 * 32];
    for (int i = 0; i < image.length; i++) {
      image[i] = 3 * (i % 32) + 2 * (i / 32);
    }
    float[] details = LaplacianPyramid.of(image, 1, 32).getLast();
    for (int y = 6; y < 26; y++) {
      for (int x = 6; x < 26; x++) {
        assertThat(details[y * 32 + x]).as("%d, %d", x, y).isZero();
      }
    }
    float[] flat = new float[32 * 32];
    java.util.Arrays.fill(flat, 200);
    assertThat(LaplacianPyramid.of(flat, 1, 32).getLast()).containsOnly(0);
  }
}
