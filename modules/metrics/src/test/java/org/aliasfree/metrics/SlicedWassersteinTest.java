package org.aliasfree.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;

class SlicedWassersteinTest {
  private static final int IMAGES = 60;
  private static final List<HostTensor> SET = Textures.set(IMAGES, 1);

  /** What two sets of the same kind of images differ by. */
  private static double floor() {
    return Textures.distance(SET, Textures.set(IMAGES, 2)).mean();
  }

  private static double changed(Textures.Change change) {
    return Textures.distance(SET, Textures.set(IMAGES, 2, change)).mean();
  }

  @Test
  void aSetIsAtNoDistanceFromItselfInAnyOrder() {
    List<HostTensor> shuffled = new ArrayList<>(SET);
    Collections.shuffle(shuffled, new Random(5));
    assertThat(Textures.distance(SET, SET).mean()).isZero();
    assertThat(Textures.distance(SET, shuffled).mean()).isZero();
  }

  /**
   * Images of one grey each: a patch is its normalised grey times (1, …, 1), so along the direction
   * θ the distance is |Σθ| times that of the greys. ±1 and ±3/√5, ±1/√5 are 1/√5 apart, and |Σθ| is
   * on average √49 · Γ(49/2) / (√π · Γ(25)), about √(2/π) (1 + 1/196). The mean of 512 directions
   * has a relative standard deviation of √((π/2 − 1)/512), 3.3 %.
   */
  @Test
  void greysGiveTheDistanceOfTheFormula() {
    double measured =
        Textures.distance(greys(64, 192), greys(32, 96, 160, 224)).levels().getFirst().distance();
    double expected = 1000 / Math.sqrt(5) * Math.sqrt(2 / Math.PI) * (1 + 1 / 196.0);
    assertThat(measured).isCloseTo(expected, within(4 * 0.033 * expected));
  }

  private static List<HostTensor> greys(int... values) {
    return Arrays.stream(values)
        .mapToObj(
            value -> {
              byte[] samples = new byte[16 * 16];
              Arrays.fill(samples, (byte) value);
              return Textures.tensor(1, 16, samples);
            })
        .toList();
  }

  @Test
  void itGrowsWithBlur() {
    double[] distances =
        IntStream.range(0, 4).mapToDouble(r -> changed(Textures.blurred(r))).toArray();
    assertThat(distances).isSorted();
    assertThat(distances[1]).isGreaterThan(2 * floor());
  }

  @Test
  void itGrowsWithNoise() {
    double[] distances =
        Arrays.stream(new double[] {0, 4, 8, 16, 32})
            .map(sigma -> changed(Textures.noised(sigma)))
            .toArray();
    assertThat(distances).isSorted();
    assertThat(distances[4]).isGreaterThan(2 * floor());
  }

  @Test
  void mirroredImagesAndAMovedChannelAreNoticed() {
    assertThat(changed(Textures.mirrored())).isGreaterThan(2 * floor());
    assertThat(changed(Textures.shiftedChannel(1))).isGreaterThan(2 * floor());
  }

  @Test
  void threadsDoNotChangeIt() {
    PatchDescriptors a = Textures.describe(SET, 7);
    PatchDescriptors b = Textures.describe(Textures.set(23, 2), 7);
    List<Integer> told = new ArrayList<>();
    LevelDistances one = SlicedWasserstein.distance(a, b, 1, told::add);
    assertThat(SlicedWasserstein.distance(a, b, 3, _ -> {})).isEqualTo(one);
    assertThat(told).isSorted().doesNotHaveDuplicates().endsWith(SlicedWasserstein.pieces(a));
    assertThat(one.levels().stream().map(LevelDistances.Level::size)).containsExactly(16, 32);
  }

  @Test
  void descriptorsOfASetAreBounded() {
    assertThat(Textures.describe(greys(IntStream.range(0, 1024).toArray()), 0).count())
        .isEqualTo(DescriptorCollector.MAX_DESCRIPTORS);
    assertThat(Textures.describe(greys(IntStream.range(0, 3000).toArray()), 0).count())
        .isEqualTo(3000 * (131072 / 3000));
    TensorType type = TensorType.of(DType.U8, 1, 16, 16);
    assertThatThrownBy(() -> new DescriptorCollector(type, DescriptorCollector.MAX_IMAGES + 1, 0))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("131073 images");
  }

  @Test
  void setsThatCannotBeComparedAreRefused() {
    PatchDescriptors rgb = Textures.describe(SET, 0);
    PatchDescriptors gray = Textures.describe(greys(1, 2), 0);
    PatchDescriptors otherSeed = Textures.describe(SET, 1);
    for (PatchDescriptors other : List.of(gray, otherSeed)) {
      assertThatThrownBy(() -> SlicedWasserstein.distance(rgb, other, 1, _ -> {}))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("both must be the same");
    }
    var collector = new DescriptorCollector(SET.getFirst().type(), 2, 0);
    collector.add(0, SET.get(0));
    assertThatThrownBy(() -> collector.add(0, SET.get(0))).hasMessageContaining("twice");
    assertThatThrownBy(() -> collector.add(1, greys(3).getFirst()))
        .hasMessageContaining("this one");
    assertThatThrownBy(collector::finish)
        .hasMessageContaining("Image 1")
        .hasMessageContaining("missing");
  }
}
