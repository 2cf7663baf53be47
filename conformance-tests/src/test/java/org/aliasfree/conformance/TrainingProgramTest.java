package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.backend.CompiledProgram;
import org.aliasfree.backend.Run;
import org.aliasfree.backend.VariableStore;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.op.Source;
import org.aliasfree.random.ImageRandom;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.tensor.Variable;
import org.aliasfree.training.BlurFade;
import org.aliasfree.training.TrainingConfig;
import org.aliasfree.training.TrainingPhase;
import org.aliasfree.training.TrainingProgram;
import org.aliasfree.training.TrainingVariables;
import org.aliasfree.training.augment.AugmentConfig;
import org.aliasfree.training.augment.AugmentDraws;
import org.aliasfree.training.augment.AugmentPipe;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the recorded training does not show: micro-batches, blur, augmentation. */
class TrainingProgramTest {
  private static final TrainingReplay NETWORKS =
      new TrainingReplay(Goldens.file("training/loop_sg2_cond3.safetensors"));
  private static final Generator GENERATOR = NETWORKS.generator;
  private static final Discriminator DISCRIMINATOR = NETWORKS.discriminator;
  private static final TrainingConfig CONFIG = TrainingConfig.stylegan2(4, 1);

  /** A program with its variables, all filled as before training. */
  private record Setting(
      Backend backend, TrainingProgram training, VariableStore store, CompiledProgram program)
      implements AutoCloseable {
    static Setting of(String backendId, TrainingProgram training, boolean blurred) {
      Backend backend = Backends.select(backendId);
      VariableStore store = backend.createStore(training.variables());
      GeneratorNetwork g = GeneratorNetwork.initial(GENERATOR, 1);
      training.initialize(store, g, DiscriminatorNetwork.initial(DISCRIMINATOR, 2), g);
      return new Setting(
          backend, training, store, backend.compile(training.program(blurred), store));
    }

    Run run(String entry, Map<String, HostTensor> values) {
      Run run = program.plan(entry).newRun();
      Map<String, Source.Input> inputs = program.plan(entry).graph().inputs();
      inputs.forEach(
          (name, input) -> {
            HostTensor value = values.get(name);
            run.bind(name, value == null ? random(name, input.type()) : value);
          });
      run.execute();
      return run;
    }

    /** The gradients that an entry gives, by the parameters' names. */
    Map<String, HostTensor> gradients(String entry, Map<String, HostTensor> values) {
      Map<String, HostTensor> gradients = new HashMap<>();
      run(entry, values).close();
      for (Variable v : program.plan(entry).graph().assignments().keySet()) {
        if (v.name().startsWith("gradient/")) {
          gradients.put(v.name(), store.read(v));
          store.write(v, HostTensor.allocate(v.type()));
        }
      }
      return gradients;
    }

    @Override
    public void close() {
      program.close();
      store.close();
      backend.close();
    }
  }

  private static HostTensor random(String name, TensorType type) {
    if (type.dtype() != DType.F32) {
      return HostTensor.allocate(type); // no style mixing
    }
    return new RandomState(Math.floorMod(name.hashCode(), 1 << 30))
        .randn(type.withDType(DType.F64))
        .to(DType.F32);
  }

  private static TrainingProgram training(TrainingConfig config, Optional<AugmentPipe> augment) {
    return new TrainingProgram(GENERATOR, DISCRIMINATOR, augment, config);
  }

  @ParameterizedTest
  @MethodSource("org.aliasfree.conformance.TestBackends#ids")
  void microBatchesAddUpUntilAStepIsTaken(String backendId) {
    TrainingProgram training = training(CONFIG, Optional.empty());
    TrainingPhase phase =
        training.phases().stream().filter(p -> p.name().equals("Dmain")).findFirst().orElseThrow();
    try (Setting s = Setting.of(backendId, training, false)) {
      Map<String, HostTensor> once = s.gradients("Dmain.real", Map.of());
      s.run("Dmain.real", Map.of()).close();
      s.run("Dmain.real", Map.of()).close();
      Variable parameter =
          training.variables().stream()
              .filter(v -> v.name().equals("D.b16.conv0.weight"))
              .findFirst()
              .orElseThrow();
      Variable gradient = TrainingVariables.gradient(parameter);
      HostTensor twice = s.store.read(gradient);
      HostTensor single = Objects.requireNonNull(once.get(gradient.name()));
      HostTensor before = s.store.read(parameter);
      try (Run apply = s.program.plan(phase.apply()).newRun()) {
        phase.bindRates(apply, name -> name.equals("Dmain") ? 1 : 0);
        apply.execute();
      }
      HostTensor after = s.store.read(parameter);
      HostTensor left = s.store.read(gradient);
      for (long i = 0; i < twice.type().elements(); i++) {
        double g = twice.get(i);
        assertThat(g).isEqualTo(2 * single.get(i)).isNotZero();
        // The first step of Adam has the size of the rate.
        assertThat(after.get(i) - before.get(i))
            .isCloseTo(-phase.adam().learningRate() * Math.signum(g), within(1e-5));
        assertThat(left.get(i)).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("org.aliasfree.conformance.TestBackends#ids")
  void aBlurOfOneTapAndAugmentationThatIsNeverDrawnChangeNoGradient(String backendId) {
    BlurFade blur = new BlurFade(1, 1);
    AugmentPipe pipe = new AugmentPipe(AugmentConfig.preset("color"));
    TrainingConfig blurred = CONFIG.withLoss(CONFIG.loss().withBlur(blur));
    Map<String, HostTensor> values = new HashMap<>();
    values.put(TrainingProgram.BLUR, blur.filter(0));
    TensorType images = TensorType.f32(4, 3, 16, 16);
    AugmentDraws.draw(pipe.config(), images.shape(), 0, ImageRandom.philox(0, 0, 0))
        .values()
        .forEach((input, value) -> values.put(input.label(), value));
    try (Setting plain = Setting.of(backendId, training(CONFIG, Optional.empty()), false);
        Setting changed = Setting.of(backendId, training(blurred, Optional.of(pipe)), true)) {
      for (String entry : List.of("Gmain", "Dmain.fake", "Dmain.real", "Dreg")) {
        assertThat(changed.program.plan(entry).graph().inputs())
            .containsKeys(TrainingProgram.BLUR, "augment.color");
        Map<String, HostTensor> expected = plain.gradients(entry, Map.of());
        Map<String, HostTensor> got = changed.gradients(entry, values);
        assertThat(got.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
            (name, e) -> assertClose(entry + " " + name, e, Objects.requireNonNull(got.get(name))));
      }
      assertThat(changed.program.plan("Greg").graph().inputs())
          .containsKey(TrainingProgram.PL_NOISE)
          .doesNotContainKeys(TrainingProgram.BLUR, "augment.color");
    }
  }

  @ParameterizedTest
  @MethodSource("org.aliasfree.conformance.TestBackends#ids")
  void r1SeesTheImageThroughTheAugmentation(String backendId) {
    AugmentPipe pipe = new AugmentPipe(AugmentConfig.preset("color"));
    HostTensor color = HostTensor.allocate(TensorType.f32(4, 3, 4));
    HostTensor doubled = HostTensor.allocate(TensorType.f32(4, 3, 16, 16));
    HostTensor images = random("images", doubled.type());
    for (long n = 0; n < 4; n++) {
      for (long i = 0; i < 3; i++) {
        color.set((n * 3 + i) * 4 + i, 2);
      }
    }
    for (long i = 0; i < doubled.type().elements(); i++) {
      doubled.set(i, 2 * images.get(i));
    }
    try (Setting plain = Setting.of(backendId, training(CONFIG, Optional.empty()), false);
        Setting augmented = Setting.of(backendId, training(CONFIG, Optional.of(pipe)), false);
        Run expected = plain.run("Dreg", Map.of(TrainingProgram.IMAGES, doubled));
        Run got =
            augmented.run("Dreg", Map.of(TrainingProgram.IMAGES, images, "augment.color", color))) {
      // By the chain rule the gradient doubles where the colours are doubled.
      HostTensor e = expected.output(TrainingProgram.PENALTY);
      for (long n = 0; n < 4; n++) {
        assertThat(got.output(TrainingProgram.PENALTY).get(n))
            .isCloseTo(4 * e.get(n), within(1e-5 * e.get(n)));
      }
    }
  }

  private static void assertClose(String what, HostTensor expected, HostTensor got) {
    double largest = 0;
    for (long i = 0; i < expected.type().elements(); i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
    }
    for (long i = 0; i < expected.type().elements(); i++) {
      assertThat(got.get(i)).as(what).isCloseTo(expected.get(i), within(1e-5 * largest));
    }
  }
}
