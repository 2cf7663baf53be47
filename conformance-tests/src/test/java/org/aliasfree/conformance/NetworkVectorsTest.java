package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.InputTransform;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.StyleGan3Config;
import org.aliasfree.network.StyleGan3Generator;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
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
      boolean radial,
      int classes,
      List<Double> w,
      double mean,
      double deviation,
      List<Double> corner,
      List<Double> inner,
      double truncated) {
    @Override
    public String toString() {
      return (radial ? "R" : "T") + " with " + classes + " classes";
    }
  }

  private static final List<Vectors> NETWORKS =
      List.of(
          new Vectors(
              false,
              0,
              List.of(0.000639, -0.392822, -0.380977, -0.217839),
              0.212422,
              0.167981,
              List.of(.01042, .12420, .19958),
              List.of(.03038, .20377, .33741),
              -.05216),
          new Vectors(
              false,
              3,
              List.of(-0.462654, 0.328001, 1.069206, 0.704106),
              0.674782,
              1.154504,
              List.of(1.17053, -.53391, 2.04404),
              List.of(.30777, .13397, .09645),
              .33981),
          new Vectors(
              true,
              0,
              List.of(0.000639, -0.392822, -0.380977, -0.217839),
              0.556443,
              0.467514,
              List.of(.30120, 2.03656, 1.38844),
              List.of(.90495, .42359, .32547),
              .44547));

  static Stream<Arguments> networksAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(backend -> NETWORKS.stream().map(network -> Arguments.of(network, backend)));
  }

  private static StyleGan3Config config(boolean radial, int classes) {
    StyleGan3Config preset =
        radial ? StyleGan3Config.stylegan3R(16) : StyleGan3Config.stylegan3T(16);
    int factor = radial ? 2 : 1;
    return preset.with(
        b ->
            b.zDim(16)
                .wDim(16)
                .cDim(classes)
                .channelBase(256 * factor)
                .channelMax(16 * factor)
                .mapping(new MappingConfig(2, 0.01, 0.998)));
  }

  /** Values by the names' order, some scaled or moved so that every variable matters. */
  private static GeneratorNetwork filled(boolean radial, int classes) {
    StyleGan3Generator generator = new StyleGan3Generator(config(radial, classes));
    GeneratorNetwork fresh = GeneratorNetwork.initial(generator, 0);
    Map<String, HostTensor> tensors = new HashMap<>(fresh.tensors());
    Map<String, TensorType> drawn = new TreeMap<>();
    for (NetworkVariable v : generator.variables()) {
      String name = v.variable().name();
      if (v.trainable() || name.matches(".*\\.(freqs|phases|w_avg)")) {
        drawn.put(name, v.variable().type().withDType(DType.F64));
      } else if (name.endsWith(".magnitude_ema")) {
        tensors.put(name, HostTensor.scalar(DType.F32, 0.8));
      }
    }
    int q = 0;
    for (Map.Entry<String, TensorType> entry : drawn.entrySet()) {
      HostTensor values = new RandomState(q++).randn(entry.getValue());
      tensors.put(entry.getKey(), adjusted(entry.getKey(), values));
    }
    return new GeneratorNetwork(generator, tensors);
  }

  private static HostTensor adjusted(String name, HostTensor drawn) {
    double scale = 1;
    double[] offset = {0};
    if (name.contains("mapping.fc")) {
      scale = name.endsWith(".weight") ? 100 : 10;
    } else if (name.endsWith(".bias")) {
      scale = 0.1;
    }
    if (name.endsWith("input.affine.weight") || name.endsWith("w_avg")) {
      scale = 0.1;
    } else if (name.endsWith("phases")) {
      scale = 0.25;
    } else if (name.endsWith("input.affine.bias")) {
      offset = new double[] {1, 0, 0, 0};
    } else if (name.endsWith("affine.bias")) {
      offset = new double[] {1};
    }
    for (int i = 0; i < drawn.type().elements(); i++) {
      drawn.set(i, drawn.get(i) * scale + offset[i % offset.length]);
    }
    return drawn;
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
        ImageGenerator generator = ImageGenerator.open(backend, filled(v.radial(), v.classes()))) {
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
        ImageGenerator generator = ImageGenerator.open(backend, filled(radial, 0))) {
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
