package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.BlockArchitecture;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorConfig;
import org.aliasfree.network.MappingConfig;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.network.Precision;
import org.aliasfree.network.StyleGan2Config;
import org.aliasfree.network.StyleGan2Generator;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** StyleGAN2's networks against their definition in double precision, on every backend. */
class StyleGan2Test {
  private static final int RESOLUTION = 16;
  private static final int BATCH = 4;

  /**
   * Rounding errors of f32, relative to the largest value: some 20 layers, each a sum of up to some
   * hundred products, whose errors add up like a random walk: √20 · √100 · 2⁻²⁴, times 4.
   */
  private static final double TOLERANCE = 4 * Math.sqrt(20 * 100) * 0x1p-24;

  static Stream<Arguments> architecturesAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(
            id ->
                Stream.of(BlockArchitecture.values())
                    .flatMap(a -> Stream.of(Arguments.of(a, 0, id), Arguments.of(a, 3, id))));
  }

  private static StyleGan2Generator generator(BlockArchitecture architecture, int classes) {
    return new StyleGan2Generator(
        StyleGan2Config.stylegan2(RESOLUTION)
            .with(
                b ->
                    b.zDim(6)
                        .wDim(7)
                        .cDim(classes)
                        .channelBase(64)
                        .channelMax(10)
                        .architecture(architecture)
                        .mapping(new MappingConfig(3, 0.01, 0.9))));
  }

  private static Discriminator discriminator(
      BlockArchitecture architecture, int classes, OptionalInt groupSize, int deviations) {
    return new Discriminator(
        DiscriminatorConfig.ofResolution(RESOLUTION)
            .with(
                b ->
                    b.cDim(classes)
                        .channelBase(64)
                        .channelMax(10)
                        .architecture(architecture)
                        .mbstdGroupSize(groupSize)
                        .mbstdNumChannels(deviations)
                        .freezeLayers(2)));
  }

  /** Normal values, so that no bias and no noise is 0; filters stay. */
  private static Map<String, HostTensor> values(
      List<NetworkVariable> variables, Graph graph, int classes) {
    Map<String, HostTensor> values = new LinkedHashMap<>();
    for (NetworkVariable v : variables) {
      String name = v.variable().name();
      HostTensor value = v.initialValue(7);
      boolean mapping = name.startsWith("mapping.fc");
      boolean zero = name.endsWith("bias") || name.endsWith("strength") || name.endsWith("w_avg");
      if (zero || mapping) {
        HostTensor drawn = new RandomState(name.hashCode() & 0xffff).randn(v.variable().type());
        for (long i = 0; i < drawn.type().elements(); i++) {
          drawn.set(i, drawn.get(i) * (mapping ? 100 : 0.3) + (name.contains("affine") ? 1 : 0));
        }
        value = drawn;
      }
      values.put(name, value);
    }
    graph
        .inputs()
        .forEach(
            (name, input) -> values.put(name, new RandomState(name.length()).randn(input.type())));
    values.computeIfPresent("c", (name, random) -> labels(classes));
    if (values.containsKey("truncation")) {
      HostTensor all = values.get("truncation");
      for (long i = 0; i < all.type().elements(); i++) {
        all.set(i, 1);
      }
    }
    return values;
  }

  private static HostTensor labels(int classes) {
    HostTensor c = HostTensor.allocate(TensorType.f32(BATCH, classes));
    for (int n = 0; n < BATCH; n++) {
      c.set((long) n * classes + n % classes, 1);
    }
    return c;
  }

  private static void assertNear(HostTensor got, PlainMaps expected) {
    double largest = 0;
    for (double v : expected.v()) {
      largest = Math.max(largest, Math.abs(v));
    }
    assertThat(got.type().elements()).isEqualTo(expected.v().length);
    for (int i = 0; i < expected.v().length; i++) {
      assertThat(got.get(i))
          .as("element %d", i)
          .isCloseTo(expected.v()[i], within(TOLERANCE * largest));
    }
  }

  @ParameterizedTest
  @MethodSource("architecturesAndBackends")
  void generatorIsItsDefinitionWhateverTheNoiseAndTheModulation(
      BlockArchitecture architecture, int classes, String id) {
    StyleGan2Generator generator = generator(architecture, classes);
    try (Backend backend = Backends.select(id)) {
      for (NoiseMode noise : NoiseMode.values()) {
        SynthesisOptions options = SynthesisOptions.DEFAULTS.withNoise(noise);
        Graph graph = generator.generate(BATCH, options);
        Map<String, HostTensor> values = values(generator.variables(), graph, classes);
        PlainMaps expected =
            new PlainStyleGan2(values, architecture).image(RESOLUTION, classes > 0, noise);
        assertNear(image(backend, graph, values), expected);
        Graph fused = generator.generate(BATCH, options.withFusedModconv(true));
        assertNear(image(backend, fused, values), expected);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void imageMayDependOnTheLabelAlone(String id) {
    StyleGan2Config config = generator(BlockArchitecture.SKIP, 3).config().with(b -> b.zDim(0));
    StyleGan2Generator generator = new StyleGan2Generator(config);
    Graph graph = generator.generate(BATCH, Precision.F32);
    Map<String, HostTensor> values = values(generator.variables(), graph, 3);
    PlainMaps expected =
        new PlainStyleGan2(values, config.architecture()).image(RESOLUTION, true, NoiseMode.CONST);
    try (Backend backend = Backends.select(id)) {
      assertNear(image(backend, graph, values), expected);
    }
  }

  static List<String> backends() {
    return TestBackends.ids();
  }

  private static HostTensor image(Backend backend, Graph graph, Map<String, HostTensor> values) {
    return output(backend, graph, values, "image");
  }

  private static HostTensor output(
      Backend backend, Graph graph, Map<String, HostTensor> values, String name) {
    Graph selected = graph.select(List.of(name));
    return Objects.requireNonNull(Evaluate.evaluate(backend, selected, values).get(name));
  }

  @ParameterizedTest
  @MethodSource("architecturesAndBackends")
  void discriminatorIsItsDefinitionFrozenOrNot(
      BlockArchitecture architecture, int classes, String id) {
    try (Backend backend = Backends.select(id)) {
      for (OptionalInt groupSize : List.of(OptionalInt.of(2), OptionalInt.empty())) {
        int deviations = groupSize.isPresent() ? 1 : 2;
        Discriminator d = discriminator(architecture, classes, groupSize, deviations);
        Graph graph = d.classify(BATCH, Precision.F32);
        Map<String, HostTensor> values = values(d.variables(), graph, classes);
        PlainMaps expected =
            new PlainStyleGan2(values, architecture)
                .logits(RESOLUTION, classes > 0, groupSize.orElse(BATCH), deviations);
        assertNear(output(backend, graph, values, Discriminator.LOGITS), expected);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BlockArchitecture.class)
  void frozenLayersAreCountedFromTheImage(BlockArchitecture architecture) {
    List<String> layers =
        switch (architecture) {
          case ORIG -> List.of("b16.fromrgb", "b16.conv0", "b16.conv1", "b8.conv0", "b8.conv1");
          case SKIP ->
              List.of(
                  "b16.fromrgb", "b16.conv0", "b16.conv1", "b8.fromrgb", "b8.conv0", "b8.conv1");
          case RESNET ->
              List.of(
                  "b16.fromrgb",
                  "b16.conv0",
                  "b16.conv1",
                  "b16.skip",
                  "b8.conv0",
                  "b8.conv1",
                  "b8.skip");
        };
    for (int freeze = 0; freeze <= layers.size() + 1; freeze++) {
      int count = freeze;
      DiscriminatorConfig config =
          DiscriminatorConfig.ofResolution(RESOLUTION)
              .with(b -> b.architecture(architecture).channelMax(4).freezeLayers(count));
      Set<String> frozen =
          new Discriminator(config)
              .variables().stream()
                  .filter(v -> !v.trainable() && !v.variable().name().endsWith("filter"))
                  .map(v -> v.variable().name().replaceFirst("\\.(weight|bias)$", ""))
                  .collect(Collectors.toCollection(LinkedHashSet::new));
      assertThat(frozen)
          .containsExactlyElementsOf(layers.subList(0, Math.min(freeze, layers.size())));
    }
  }
}
