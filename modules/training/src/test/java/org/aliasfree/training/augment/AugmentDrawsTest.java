package org.aliasfree.training.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentDrawsTest {
  private static final AugmentConfig ALL = AugmentConfig.preset("bgcfnc");

  private static HostTensor value(AugmentDraws draws, AugmentInput input) {
    return Objects.requireNonNull(draws.values().get(input), input.label());
  }

  @Test
  void withoutStrengthNothingHappens() {
    Shape images = Shape.of(5, 3, 24, 32);
    AugmentDraws draws = AugmentDraws.draw(ALL, images, 0, ImageRandom.philox(1, 0, 0));
    for (int n = 0; n < 5; n++) {
      assertRow(draws, AugmentInput.INVERSE, n, 1, 0, 0, 0, 1, 0);
      assertRow(draws, AugmentInput.COLOR, n, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0);
      assertRow(draws, AugmentInput.BAND_GAINS, n, 1, 1, 1, 1);
      assertRow(draws, AugmentInput.NOISE_SIGMA, n, 0);
      assertRow(draws, AugmentInput.CUTOUT_SIZE, n, 0);
    }
    HostTensor margins = value(draws, AugmentInput.MARGINS);
    for (int side = 0; side < 4; side++) {
      assertThat(margins.get(side)).as("what the filters reach").isEqualTo(6);
    }
  }

  private static void assertRow(AugmentDraws draws, AugmentInput input, int n, double... expected) {
    HostTensor row = value(draws, input).row(n);
    for (int i = 0; i < expected.length; i++) {
      assertThat(row.get(i)).as("%s[%d, %d]", input, n, i).isCloseTo(expected[i], within(1e-7));
    }
  }

  @Test
  void whatHappensToAnImageDoesNotDependOnItsBatch() {
    AugmentDraws batch =
        AugmentDraws.draw(ALL, Shape.of(4, 3, 22, 22), .7, ImageRandom.philox(3, 1, 1000));
    AugmentDraws alone =
        AugmentDraws.draw(ALL, Shape.of(1, 3, 22, 22), .7, ImageRandom.philox(3, 1, 1002));
    for (AugmentInput input : alone.values().keySet()) {
      if (input != AugmentInput.MARGINS) {
        assertThat(value(batch, input).row(2).data().mismatch(value(alone, input).row(0).data()))
            .as(input.label())
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void augmentationsHappenAsOftenAndAsStronglyAsAskedFor() {
    int n = 20_000;
    AugmentConfig config =
        AugmentConfig.none()
            .withMultiplier(Augmentation.SCALE, 0.5)
            .withMultiplier(Augmentation.ROTATE, 1)
            .withMultiplier(Augmentation.CUTOUT, 1);
    AugmentDraws draws =
        AugmentDraws.draw(config, Shape.of(n, 1, 4, 4), .6, ImageRandom.philox(7, 0, 0));
    int scaled = 0;
    int turned = 0;
    int cut = 0;
    double squares = 0;
    for (int i = 0; i < n; i++) {
      HostTensor m = value(draws, AugmentInput.INVERSE).row(i);
      double factor = Math.hypot(m.get(0), m.get(3));
      double octaves = Math.log(factor) / Math.log(2);
      scaled += Math.abs(octaves) > 1e-6 ? 1 : 0;
      squares += octaves * octaves;
      turned += Math.abs(m.get(3) / factor) > 1e-6 ? 1 : 0;
      cut += value(draws, AugmentInput.CUTOUT_SIZE).get(i) > 0 ? 1 : 0;
    }
    // Five standard deviations of a share of n.
    double share = 5 * Math.sqrt(.25 / n);
    assertThat(scaled / (double) n).isCloseTo(.3, within(share));
    assertThat(turned / (double) n).isCloseTo(.6, within(share));
    assertThat(cut / (double) n).isCloseTo(.6, within(share));
    assertThat(Math.sqrt(squares / scaled)).isCloseTo(.2, within(.2 * 5 / Math.sqrt(2 * .3 * n)));
  }

  @Test
  void marginsCoverWhatIsTurnedInAndNoMoreThanCanBeReflected() {
    AugmentConfig turn = AugmentConfig.none().withMultiplier(Augmentation.ROTATE90, 1);
    // A quarter turn of a wide image shows as much above and below as its width exceeds its height.
    AugmentDraws quarter =
        AugmentDraws.atPercentile(turn, Shape.of(1, 3, 20, 30), .3, ImageRandom.philox(0, 0, 0));
    assertThat(margins(quarter)).containsExactly(1, 11, 1, 11);
    AugmentConfig shrink =
        AugmentConfig.none()
            .withMultiplier(Augmentation.SCALE, 1)
            .withStrength(Augmentation.SCALE, 5);
    AugmentDraws small =
        AugmentDraws.atPercentile(shrink, Shape.of(1, 3, 9, 7), .1, ImageRandom.philox(0, 0, 0));
    assertThat(margins(small)).containsExactly(6, 8, 6, 8);
  }

  private static int[] margins(AugmentDraws draws) {
    HostTensor margins = value(draws, AugmentInput.MARGINS);
    return new int[] {
      (int) margins.get(0), (int) margins.get(1), (int) margins.get(2), (int) margins.get(3)
    };
  }

  @ParameterizedTest
  @CsvSource({
    // SciPy's erfinv.
    "0, 0",
    "0.1, 0.08885599049425769",
    "0.5, 0.4769362762044699",
    "-0.7, -0.7328690779592167",
    "0.999, 2.3267537655135246",
    "0.9999999, 3.7665625816384707"
  })
  void theInverseErrorFunctionIsExact(double y, double x) {
    assertThat(ErrorFunction.inverse(y)).isCloseTo(x, within(1e-9));
  }

  @Test
  void bandFiltersSumToAnImpulseAndOnlyTheLowestPassesAConstant() {
    double[] bank = FilterBank.bandPass();
    // The symlet is known to twelve digits.
    double digits = 1e-11;
    for (int tap = 0; tap < FilterBank.TAPS; tap++) {
      double sum = 0;
      for (int band = 0; band < FilterBank.BANDS; band++) {
        sum += bank[band * FilterBank.TAPS + tap];
      }
      assertThat(sum).as("tap %d", tap).isCloseTo(tap == 21 ? 1 : 0, within(digits));
    }
    for (int band = 0; band < FilterBank.BANDS; band++) {
      double sum = 0;
      for (int tap = 0; tap < FilterBank.TAPS; tap++) {
        sum += bank[band * FilterBank.TAPS + tap];
      }
      assertThat(sum).as("band %d", band).isCloseTo(band == 0 ? 1 : 0, within(digits));
    }
  }

  @Test
  void whatCannotBeAugmentedIsRefusedWithTheRemedy() {
    ImageRandom random = ImageRandom.philox(0, 0, 0);
    assertThatThrownBy(() -> AugmentDraws.draw(ALL, Shape.of(1, 4, 32, 32), 1, random))
        .hasMessageContaining("4 channels")
        .hasMessageContaining("such as bg");
    assertThatThrownBy(() -> AugmentDraws.draw(ALL, Shape.of(1, 3, 16, 32), 1, random))
        .hasMessageContaining("at least 22 pixels");
    assertThatThrownBy(() -> AugmentDraws.draw(ALL, Shape.of(1, 3, 32, 32), -1, random))
        .hasMessageContaining("must be 0 or more, not -1.0");
    assertThatThrownBy(() -> AugmentDraws.atPercentile(ALL, Shape.of(1, 3, 32, 32), 1, random))
        .hasMessageContaining("between 0 and 1");
  }
}
