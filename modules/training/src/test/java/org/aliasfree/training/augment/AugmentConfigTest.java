package org.aliasfree.training.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AugmentConfigTest {
  @ParameterizedTest
  @CsvSource({
    "blit, xflip rotate90 xint",
    "geom, scale rotate aniso xfrac",
    "color, brightness contrast lumaflip hue saturation",
    "filter, imgfilter",
    "noise, noise",
    "cutout, cutout",
    "bg, xflip rotate90 xint scale rotate aniso xfrac",
    "bgc, xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue saturation",
    "bgcf, xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue saturation"
        + " imgfilter",
    "bgcfn, xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue"
        + " saturation imgfilter noise",
    "bgcfnc, xflip rotate90 xint scale rotate aniso xfrac brightness contrast lumaflip hue"
        + " saturation imgfilter noise cutout"
  })
  void aPresetSetsTheMultipliersOfItsAugmentationsToOne(String name, String keywords) {
    AugmentConfig config = AugmentConfig.preset(name);
    List<String> on = List.of(keywords.split(" "));
    for (Augmentation a : Augmentation.values()) {
      assertThat(config.multiplier(a)).isEqualTo(on.contains(a.keyword()) ? 1 : 0);
    }
  }

  @Test
  void withoutKeywordsAllIsOffAndTheRangesAreThoseOfThePaper() {
    assertThat(AugmentConfig.none().keywords().toString())
        .isEqualTo(
            "{xflip=0.0, rotate90=0.0, xint=0.0, xint_max=0.125,"
                + " scale=0.0, rotate=0.0, aniso=0.0, xfrac=0.0, scale_std=0.2, rotate_max=1.0,"
                + " aniso_std=0.2, xfrac_std=0.125,"
                + " brightness=0.0, contrast=0.0, lumaflip=0.0, hue=0.0, saturation=0.0,"
                + " brightness_std=0.2, contrast_std=0.5, hue_max=1.0, saturation_std=1.0,"
                + " imgfilter=0.0, imgfilter_bands=[1.0, 1.0, 1.0, 1.0], imgfilter_std=1.0,"
                + " noise=0.0, cutout=0.0, noise_std=0.1, cutout_size=0.5}");
  }

  @Test
  void keywordsComeBackAsTheyWere() {
    AugmentConfig config =
        AugmentConfig.preset("bgcfnc")
            .withMultiplier(Augmentation.HUE, 0.25)
            .withStrength(Augmentation.CUTOUT, 0.3);
    assertThat(AugmentConfig.ofKeywords(config.keywords()).keywords()).isEqualTo(config.keywords());
    assertThat(
            AugmentConfig.ofKeywords(Map.of("imgfilter_bands", List.of(1, .5, 0, 1)))
                .imgfilterBands())
        .containsExactly(1.0, .5, 0.0, 1.0);
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> AugmentConfig.preset("bgcx"))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("\"bgcx\"")
        .hasMessageContaining("bgcfnc");
    assertThatThrownBy(() -> AugmentConfig.ofKeywords(Map.of("xflop", 1)))
        .hasMessageContaining("\"xflop\"");
    assertThatThrownBy(() -> AugmentConfig.ofKeywords(Map.of("xflip", "yes")))
        .hasMessageContaining("xflip must be a number, not yes");
    assertThatThrownBy(() -> AugmentConfig.ofKeywords(Map.of("hue", -1)))
        .hasMessageContaining("hue must be 0 or more, not -1.0");
    assertThatThrownBy(() -> AugmentConfig.ofKeywords(Map.of("imgfilter_bands", List.of(1, 1))))
        .hasMessageContaining("takes 4 numbers");
    assertThatThrownBy(() -> AugmentConfig.none().withStrength(Augmentation.XFLIP, 2))
        .hasMessageContaining("xflip has no strength");
    assertThat(Arrays.stream(Augmentation.values()).map(Augmentation::keyword))
        .doesNotHaveDuplicates();
  }
}
