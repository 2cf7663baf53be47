package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.conformance.FilledNetworks.Kind;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.InputTransform;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Small networks filled from RandomState by a rule, against numbers that the official code gave for
 * the same networks.
 */
class NetworkVectorsTest {
  /** What a network gave at the places that the test looks at. */
  record Vectors(
      Kind kind,
      int classes,
      List<Double> w,
      double mean,
      double deviation,
      List<Double> corner,
      List<Double> inner,
      double truncated,
      List<Double> logits) {
    @Override
    public String toString() {
      return kind + " with " + classes + " classes";
    }
  }

  private static final List<Vectors> NETWORKS =
      List.of(
          new Vectors(
              Kind.T,
              0,
              List.of(0.000639, -0.392822, -0.380977, -0.217839),
              0.212422,
              0.167981,
              List.of(.01042, .12420, .19958),
              List.of(.03038, .20377, .33741),
              -.05216,
              List.of(.31994, .29542)),
          new Vectors(
              Kind.T,
              3,
              List.of(-0.462654, 0.328001, 1.069206, 0.704106),
              0.674782,
              1.154504,
              List.of(1.17053, -.53391, 2.04404),
              List.of(.30777, .13397, .09645),
              .33981,
              List.of(1.43049, .10431)),
          new Vectors(
              Kind.R,
              0,
              List.of(0.000639, -0.392822, -0.380977, -0.217839),
              0.556443,
              0.467514,
              List.of(.30120, 2.03656, 1.38844),
              List.of(.90495, .42359, .32547),
              .44547,
              List.of(-.11971, .30499)),
          new Vectors(
              Kind.SG2,
              0,
              List.of(0.482829, 1.084208, -0.183422, 1.426994),
              -0.339904,
              1.342618,
              List.of(-1.01383, -.95210, .11049),
              List.of(-1.48398, -.39415, .31761),
              -1.80541,
              List.of(.16247, .29079)),
          new Vectors(
              Kind.SG2,
              3,
              List.of(0.718531, -0.201060, -0.066383, -0.366538),
              -0.729946,
              0.813175,
              List.of(-.72335, -.07336, -.23240),
              List.of(-1.25719, -.25356, -.41180),
              -1.85680,
              List.of(.25414, -.04896)));

  static Stream<Arguments> networksAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(backend -> NETWORKS.stream().map(network -> Arguments.of(network, backend)));
  }

  private static HostTensor labels(int classes) {
    HostTensor c = HostTensor.allocate(TensorType.f32(2, classes));
    for (int n = 0; n < 2 && classes > 0; n++) {
      c.set((long) n * classes + n, 1);
    }
    return c;
  }

  private static double at(HostTensor t, long... index) {
    long[] strides = t.shape().strides();
    long place = 0;
    for (int i = 0; i < index.length; i++) {
      place += index[i] * strides[i];
    }
    return t.get(place);
  }

  /** The numbers are printed with five or six digits. */
  private static Offset<Double> near(double expected) {
    return within(1e-4 * Math.abs(expected) + 2e-5);
  }

  private static void assertNear(double got, double expected) {
    assertThat(got).isCloseTo(expected, near(expected));
  }

  private static void assertMoments(HostTensor images, double mean, double deviation) {
    double sum = 0;
    double squares = 0;
    long count = images.type().elements();
    for (long i = 0; i < count; i++) {
      sum += images.get(i);
      squares += images.get(i) * images.get(i);
    }
    assertNear(sum / count, mean);
    assertNear(Math.sqrt((squares - sum * sum / count) / (count - 1)), deviation);
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void networkGivesTheOfficialNumbers(Vectors v, String id) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator =
            ImageGenerator.open(backend, FilledNetworks.generator(v.kind(), v.classes()))) {
      HostTensor z = generator.latents(0, 1);
      HostTensor c = labels(v.classes());
      GeneratedImages got = generator.generate(z, c, GenerationRequest.defaults().withLayers("w"));
      for (int i = 0; i < 4; i++) {
        assertNear(at(got.layer("w"), 0, i), v.w().get(i));
      }
      assertMoments(got.image(), v.mean(), v.deviation());
      for (int i = 0; i < 3; i++) {
        assertNear(at(got.image(), 0, i, 0, 0), v.corner().get(i));
        assertNear(at(got.image(), 1, i, 5, 9), v.inner().get(i));
      }
      HostTensor truncated =
          generator.generate(z, c, GenerationRequest.defaults().withTruncationPsi(0.7)).image();
      assertNear(at(truncated, 1, 0, 7, 7), v.truncated());
      assertLogits(backend, v, got.image(), c);
    }
  }

  private static void assertLogits(Backend backend, Vectors v, HostTensor image, HostTensor c) {
    DiscriminatorNetwork network = FilledNetworks.discriminator(v.classes());
    Map<String, HostTensor> values = new HashMap<>(network.tensors());
    values.put(Discriminator.IMAGE, image);
    values.put("c", c);
    Graph graph =
        network.discriminator().classify(2, Precision.F32).select(List.of(Discriminator.LOGITS));
    HostTensor logits =
        Objects.requireNonNull(Evaluate.evaluate(backend, graph, values).get(Discriminator.LOGITS));
    for (int n = 0; n < 2; n++) {
      assertNear(logits.get(n), v.logits().get(n));
    }
  }

  /** A turn by 0.3 radians and a move. */
  private static HostTensor transform() {
    return InputTransform.inverseOf(0.1, -0.2, Math.toDegrees(0.3));
  }

  static Stream<Arguments> moved() {
    double[] t = {.269946, .307696, .03163, .11235, .24382, -.89509, .53818, -.18270};
    double[] r = {.560254, .468828, -.04536, 1.03132, .68282, -1.08201, -.40720, .37727};
    return TestBackends.ids().stream()
        .flatMap(id -> Stream.of(Arguments.of(false, id, t), Arguments.of(true, id, r)));
  }

  @ParameterizedTest
  @MethodSource("moved")
  void movedNetworkGivesTheOfficialNumbers(boolean radial, String id, double[] expected) {
    try (Backend backend = Backends.select(id);
        ImageGenerator generator =
            ImageGenerator.open(backend, FilledNetworks.generator(radial ? Kind.R : Kind.T, 0))) {
      GeneratedImages got =
          generator.generate(
              generator.latents(0, 1),
              GenerationRequest.defaults().withInputTransform(transform()).withLayers("input"));
      assertMoments(got.image(), expected[0], expected[1]);
      for (int i = 0; i < 3; i++) {
        assertNear(at(got.image(), 0, i, 3, 4), expected[2 + i]);
        assertNear(at(got.layer("input"), 0, i, 10, 20), expected[5 + i]);
      }
    }
  }
}
