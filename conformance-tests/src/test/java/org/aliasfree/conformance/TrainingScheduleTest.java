package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.aliasfree.training.AdaController;
import org.aliasfree.training.AdamOptions;
import org.aliasfree.training.BlurFade;
import org.aliasfree.training.EmaSchedule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The optimiser, the blur and the schedules against what the official loop did. */
class TrainingScheduleTest {
  private static Stream<Arguments> casesAndBackends(String kind) {
    return TestBackends.ids().stream()
        .flatMap(id -> Goldens.cases(kind).stream().map(c -> Arguments.of(c, id)));
  }

  static Stream<Arguments> adam() {
    return casesAndBackends("training.adam");
  }

  static Stream<Arguments> blur() {
    return casesAndBackends("training.blur");
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("adam")
  void adamTakesTheOfficialSteps(GoldenCase golden, String backendId) {
    AdamOptions base = AdamOptions.of(golden.param("base_lr").asDouble());
    AdamOptions adam =
        golden.hasParam("reg_interval") ? base.lazily(golden.param("reg_interval").asInt()) : base;
    assertThat(adam.learningRate()).isCloseTo(golden.param("lr").asDouble(), within(1e-15));
    assertThat(adam.beta1()).isEqualTo(golden.param("betas").get(0).asDouble());
    assertThat(adam.beta2()).isCloseTo(golden.param("betas").get(1).asDouble(), within(1e-15));
    HostTensor gradients = golden.tensor("in.grads");
    HostTensor expected = golden.tensor("out.params");
    HostTensor got = HostTensor.allocate(expected.type());
    Map<String, HostTensor> state = new LinkedHashMap<>();
    HostTensor parameter = golden.tensor("in.param");
    state.put("parameter", parameter);
    state.put("m", HostTensor.allocate(parameter.type()));
    state.put("v", HostTensor.allocate(parameter.type()));
    try (Backend backend = Backends.select(backendId)) {
      for (int step = 1; step <= gradients.shape().dim(0); step++) {
        state.put("gradient", gradients.row(step - 1));
        state.put("rates", adam.rates(step));
        state.putAll(Evaluate.evaluate(backend, adamStep(parameter.type()), state));
        HostTensor updated = Objects.requireNonNull(state.get("parameter"));
        got.row(step - 1).data().copyFrom(updated.data());
      }
    }
    golden.assertMatches("out.params", got);
  }

  private static Map<String, Tensor> adamStep(TensorType type) {
    Node step =
        Node.of(
            new Fused.AdamStep(),
            Stream.of("parameter", "gradient", "m", "v", "rates")
                .map(n -> Ops.input(n, n.equals("rates") ? TensorType.f32(7) : type))
                .toList());
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("parameter", step.outputs().get(0));
    outputs.put("m", step.outputs().get(1));
    outputs.put("v", step.outputs().get(2));
    return outputs;
  }

  @ParameterizedTest
  @MethodSource("org.aliasfree.conformance.TestBackends#ids")
  void adamReplacesGradientsThatAreNotFinite(String backendId) {
    double[] gradients = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 3e5, -2};
    double[] cleaned = {0, 1e5, -1e5, 3e5, -2};
    Map<String, HostTensor> inputs = new LinkedHashMap<>();
    for (String name : new String[] {"parameter", "gradient", "m", "v"}) {
      inputs.put(name, HostTensor.allocate(TensorType.f32(gradients.length)));
    }
    HostTensor gradient = Objects.requireNonNull(inputs.get("gradient"));
    for (int i = 0; i < gradients.length; i++) {
      gradient.set(i, gradients[i]);
    }
    inputs.put("rates", new AdamOptions(0.1, 0.5, 0.75, 1e-8).rates(1));
    try (Backend backend = Backends.select(backendId)) {
      Map<String, HostTensor> got =
          Evaluate.evaluate(backend, adamStep(TensorType.f32(gradients.length)), inputs);
      for (int i = 0; i < gradients.length; i++) {
        assertThat(Objects.requireNonNull(got.get("m")).get(i)).isEqualTo(cleaned[i] / 2);
        assertThat(Objects.requireNonNull(got.get("v")).get(i))
            .isEqualTo((float) (cleaned[i] * cleaned[i] / 4));
        // The first step has the size of the rate, whatever the gradient.
        assertThat(Objects.requireNonNull(got.get("parameter")).get(i))
            .isCloseTo(-0.1 * Math.signum(cleaned[i]), within(1e-6));
      }
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("blur")
  void blurredImagesAndTheirGradientsAreTheOfficialOnes(GoldenCase golden, String backendId) {
    double sigma = golden.param("blur_sigma").asDouble();
    HostTensor expected = golden.tensor("out.f");
    golden.assertMatches("out.f", new BlurFade(sigma, 1).filter(sigma));
    // The taps are those of a stronger blur, so that zeros are around them.
    BlurFade blur = new BlurFade(sigma + 0.5, 1);
    assertThat((long) blur.taps()).isGreaterThan(expected.type().elements());
    Tensor x = Ops.input("in.x", golden.tensor("in.x").type());
    Tensor taps = Ops.input("taps", TensorType.f32(blur.taps()));
    Tensor y = BlurFade.apply(x, taps);
    Tensor dy = Ops.input("in.dy", y.type());
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("out.y", y);
    outputs.put("grad.x", Gradients.of(y, dy).wrt(x).getFirst());
    Map<String, HostTensor> inputs = new LinkedHashMap<>(golden.tensors());
    inputs.put("taps", blur.filter(sigma));
    try (Backend backend = Backends.select(backendId)) {
      Evaluate.evaluate(backend, outputs, inputs).forEach(golden::assertMatches);
    }
  }

  @Test
  void theBlurFadesAsInTheOfficialLoss() {
    for (GoldenCase golden : Goldens.cases("training.blur_schedule")) {
      BlurFade blur =
          new BlurFade(
              golden.param("blur_init_sigma").asDouble(),
              golden.param("blur_fade_kimg").asDouble());
      HostTensor images = golden.tensor("in.cur_nimg");
      HostTensor sigma = HostTensor.allocate(golden.tensor("out.blur_sigma").type());
      for (long i = 0; i < images.type().elements(); i++) {
        long curNimg = (long) images.get(i);
        sigma.set(i, blur.sigma(curNimg));
        assertThat(blur.isOn(curNimg)).isEqualTo(Math.floor(3 * blur.sigma(curNimg)) > 0);
      }
      golden.assertMatches("out.blur_sigma", sigma);
    }
    assertThat(BlurFade.stylegan3R(32)).isEqualTo(new BlurFade(10, 200));
    assertThat(BlurFade.NONE.isOn(0)).isFalse();
  }

  @Test
  void augmentationAndTheAverageFollowTheOfficialControllers() {
    for (GoldenCase golden : Goldens.cases("training.ada")) {
      int batch = golden.param("batch_size").asInt();
      AdaController ada =
          new AdaController(
              golden.param("ada_target").asDouble(),
              golden.param("ada_interval").asInt(),
              golden.param("ada_kimg").asDouble(),
              batch,
              golden.param("initial_p").asDouble());
      EmaSchedule ema =
          new EmaSchedule(
              golden.param("ema_kimg").asDouble(),
              OptionalDouble.of(golden.param("ema_rampup").asDouble()));
      HostTensor signs = golden.tensor("in.signs");
      HostTensor until = golden.tensor("in.reports_until");
      HostTensor p = HostTensor.allocate(golden.tensor("out.p").type());
      HostTensor beta = HostTensor.allocate(golden.tensor("out.ema_beta").type());
      int seen = 0;
      for (int i = 0; i < until.type().elements(); i++) {
        for (; seen < until.get(i); seen++) {
          ada.report(signs.row(seen));
        }
        p.set(i, ada.endIteration(i + 1L));
        beta.set(i, ema.beta((long) golden.tensor("in.cur_nimg").get(i), batch));
      }
      golden.assertMatches("out.p", p);
      golden.assertMatches("out.ema_beta", beta);
      assertThat(p.dtype()).isEqualTo(DType.F32);
    }
  }
}
