package org.aliasfree.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.aliasfree.AliasFreeException;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.Generator;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;

class TrainingProgramTest {
  private static final Generator GENERATOR =
      new StyleGan2Generator(
          StyleGan2Config.stylegan2(16).with(b -> b.zDim(4).wDim(4).channelBase(64).channelMax(4)));

  private static TrainingProgram program(TrainingConfig config) {
    return new TrainingProgram(GENERATOR, discriminator(16, 0), Optional.empty(), config);
  }

  private static Discriminator discriminator(int resolution, int freezeLayers) {
    return new Discriminator(
        DiscriminatorConfig.ofResolution(resolution)
            .with(b -> b.channelBase(64).channelMax(4).freezeLayers(freezeLayers)));
  }

  private static List<String> names(List<TrainingPhase> phases) {
    return phases.stream().map(TrainingPhase::name).toList();
  }

  @Test
  void lazyRegularisersAreStepsOfTheirOwnThatShareAnOptimiser() {
    List<TrainingPhase> phases = program(TrainingConfig.stylegan2(4, 1)).phases();
    assertThat(names(phases)).containsExactly("Gmain", "Greg", "Dmain", "Dreg");
    TrainingPhase reg = phases.get(1);
    assertThat(reg.adam()).isEqualTo(phases.getFirst().adam());
    assertThat(reg.interval()).isEqualTo(4);
    assertThat(List.of(reg.isDue(0), reg.isDue(3), reg.isDue(4)))
        .containsExactly(true, false, true);
    assertThat(List.of(reg.steps(1), reg.steps(4), reg.steps(5))).containsExactly(1L, 1L, 2L);
    // Biases of ToRGB have no influence on path lengths, so they take the main steps only.
    assertThat(phases.getFirst().rates().values())
        .containsExactlyInAnyOrder(Set.of("Gmain"), Set.of("Gmain", "Greg"));
    assertThat(reg.rates().values()).containsExactly(Set.of("Gmain", "Greg"));
  }

  @Test
  void withoutAnIntervalTheRegulariserIsPartOfTheMainStep() {
    AdamOptions adam = AdamOptions.of(0.002);
    TrainingConfig config =
        new TrainingConfig(
            4,
            Precision.F32,
            LossConfig.stylegan2(1),
            adam,
            adam,
            OptionalInt.empty(),
            OptionalInt.empty(),
            Set.of());
    List<TrainingPhase> phases = program(config).phases();
    assertThat(names(phases)).containsExactly("Gboth", "Dboth");
    assertThat(phases.get(0).accumulate()).containsExactly("Gmain", "Greg");
    assertThat(phases.get(1).accumulate()).containsExactly("Dmain.fake", "Dmain.real", "Dreg");
    assertThat(phases).allSatisfy(p -> assertThat(p.adam()).isEqualTo(adam));
  }

  @Test
  void regularisersOfWeightZeroAreLeftOut() {
    TrainingProgram program = program(TrainingConfig.stylegan3(4, 0));
    assertThat(names(program.phases())).containsExactly("Gboth", "Dmain");
    assertThat(program.program(false).entries()).doesNotContainKeys("Greg", "Dreg");
  }

  @Test
  void frozenLayersAreNotTrained() {
    TrainingProgram program =
        new TrainingProgram(
            GENERATOR, discriminator(16, 2), Optional.empty(), TrainingConfig.stylegan3(4, 1));
    assertThat(program.variables().stream().map(v -> v.name()))
        .contains("D.b16.conv0.weight", "gradient/D.b16.conv1.weight")
        .doesNotContain("gradient/D.b16.fromrgb.weight", "gradient/D.b16.conv0.weight");
  }

  @Test
  void wrongOptionsAreNamed() {
    assertThatThrownBy(
            () ->
                new TrainingProgram(
                    GENERATOR,
                    discriminator(32, 0),
                    Optional.empty(),
                    TrainingConfig.stylegan2(4, 1)))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("resolution, but the generator has 16 and the discriminator 32");
    assertThatThrownBy(() -> TrainingConfig.stylegan2(1, 1))
        .hasMessageContaining("batch_gpu of 1, which leaves no image");
    assertThatThrownBy(() -> LossConfig.stylegan3(-1)).hasMessageContaining("r1_gamma is -1.0");
    assertThatThrownBy(() -> LossConfig.stylegan3(Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void theSecondStyleBeginsAtTheCutoff() {
    HostTensor mask = StyleMixing.mask(4, 3);
    assertThat(List.of(mask.get(0), mask.get(2), mask.get(3))).containsExactly(0.0, 0.0, 1.0);
    assertThat(StyleMixing.cutoff(4, 0.9, 0, 0.89)).isEqualTo(1);
    assertThat(StyleMixing.cutoff(4, 0.9, 0.999, 0.89)).isEqualTo(3);
    assertThat(StyleMixing.cutoff(4, 0.9, 0, 0.9)).isEqualTo(4);
    assertThatThrownBy(() -> StyleMixing.mask(4, 5)).hasMessageContaining("cutoff");
  }
}
