package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.GeneratedImages;
import org.aliasfree.network.GenerationRequest;
import org.aliasfree.network.Generator;
import org.aliasfree.network.GeneratorNetwork;
import org.aliasfree.network.ImageGenerator;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.NoiseMode;
import org.aliasfree.network.Pixels;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Whole generators from the official training loop, against what the official code makes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkGoldenTest {
  private static final List<String> NETWORKS =
      List.of("sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4");

  private final Map<String, Backend> backends = new HashMap<>();
  private final Map<List<String>, ImageGenerator> generators = new HashMap<>();

  static Stream<String> networks() {
    return NETWORKS.stream();
  }

  static Stream<Arguments> networksAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(backend -> NETWORKS.stream().map(network -> Arguments.of(network, backend)));
  }

  @AfterAll
  void close() {
    generators.values().forEach(ImageGenerator::close);
    backends.values().forEach(Backend::close);
  }

  private ImageGenerator generator(String network, String backend) {
    return generators.computeIfAbsent(
        List.of(network, backend),
        key ->
            ImageGenerator.open(
                backends.computeIfAbsent(backend, Backends::select), TestNetworks.load(network)));
  }

  private static GoldenCase golden(String network) {
    return Goldens.file("pickles/" + network + ".safetensors");
  }

  /** The first rows of a batch. */
  private static HostTensor first(HostTensor batch, long rows) {
    long[] sizes = batch.shape().toArray();
    sizes[0] = rows;
    TensorType type = TensorType.of(batch.dtype(), sizes);
    return new HostTensor(type, batch.data().asSlice(0, type.bytes()));
  }

  /** Makes as many images as the golden data has. */
  private static void assertImages(
      GoldenCase golden, String name, ImageGenerator generator, GenerationRequest request) {
    long rows = golden.tensor(name).shape().dim(0);
    HostTensor z = first(golden.tensor("in.z"), rows);
    HostTensor c = first(golden.tensor("in.c"), rows);
    golden.assertMatches(name, generator.generate(z, c, request).image());
  }

  @ParameterizedTest
  @MethodSource("networks")
  void variablesAreThoseOfTheNetworkFile(String network) {
    List<String> expected = new ArrayList<>();
    for (JsonNode entry : golden(network).metadata("state_dict").get("G")) {
      expected.add(entry.get(0).asString() + " " + entry.get(1));
    }
    List<String> variables = new ArrayList<>();
    for (NetworkVariable v : TestNetworks.load(network).generator().variables()) {
      TensorType type = v.variable().type();
      variables.add(v.variable().name() + " " + type.shape().toString().replace(" ", ""));
    }
    assertThat(variables).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void latentsOfSeedsAreThoseOfNumpy(String network, String backend) {
    GoldenCase golden = golden(network);
    JsonNode seeds = golden.metadata("seeds");
    HostTensor z =
        generator(network, backend).latents(seeds.get(0).asLong(), seeds.get(1).asLong());
    golden.assertMatches("in.z", z, 0, Math.scalb(1.0, -24));
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void intermediateLatentsAreTheOfficialOnes(String network, String backend) {
    GoldenCase golden = golden(network);
    int cutoff = golden.metadata("truncation_cutoff").asInt();
    GenerationRequest request =
        GenerationRequest.defaults().withTruncationPsi(0.7).withTruncationCutoff(cutoff);
    GeneratedImages got =
        generator(network, backend)
            .generate(
                golden.tensor("in.z"),
                golden.tensor("in.c"),
                request.withOnlyLayers("w", "mapping"));
    golden.assertMatches("out.w", got.layer("w"));
    HostTensor ws = got.layer("mapping");
    HostTensor expected = golden.tensor("out.w_psi0.7_cutoff");
    int[] rows = {0, cutoff - 1, cutoff, (int) ws.shape().dim(1) - 1};
    HostTensor some = HostTensor.allocate(new TensorType(ws.dtype(), expected.shape()));
    for (int n = 0; n < ws.shape().dim(0); n++) {
      for (int i = 0; i < rows.length; i++) {
        some.row(n).row(i).data().copyFrom(ws.row(n).row(rows[i]).data());
      }
    }
    golden.assertMatches("out.w_psi0.7_cutoff", some);
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void truncatedAndMovedImagesAreTheOfficialOnes(String network, String backend) {
    GoldenCase golden = golden(network);
    ImageGenerator generator = generator(network, backend);
    GenerationRequest plain = GenerationRequest.defaults();
    GenerationRequest truncated = plain.withTruncationPsi(0.7);
    int cutoff = golden.metadata("truncation_cutoff").asInt();
    assertImages(golden, "out.img_psi0.7", generator, truncated);
    assertImages(
        golden, "out.img_psi0.7_cutoff", generator, truncated.withTruncationCutoff(cutoff));
    assertThat(generator.generator().hasInputTransform())
        .isEqualTo(golden.hasTensor("in.transform"));
    if (golden.hasTensor("in.transform")) {
      HostTensor transform = golden.tensor("in.transform");
      assertImages(golden, "out.img_transform", generator, plain.withInputTransform(transform));
      JsonNode by = golden.metadata("translate");
      double degrees = golden.metadata("rotate").asDouble();
      GenerationRequest moved =
          plain.withMovement(by.get(0).asDouble(), by.get(1).asDouble(), degrees);
      golden.assertMatches("in.transform", moved.inputTransform().orElseThrow(), 1e-7, 0);
    }
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void imageAndActivationsOfEveryLayerAreTheOfficialOnes(String network, String backend) {
    GoldenCase golden = golden(network);
    List<String> layers = new ArrayList<>();
    golden.metadata("act_G_layers").forEach(layer -> layers.add(layer.asString()));
    GeneratedImages got =
        generator(network, backend)
            .generate(
                golden.tensor("in.z"),
                golden.tensor("in.c"),
                GenerationRequest.defaults().withLayers(layers.toArray(String[]::new)));
    golden.assertMatches("out.img_psi1", got.image());
    for (JsonNode layer : golden.metadata("act_full")) {
      String name = layer.asString();
      golden.assertMatches("act.G.full." + name, first(got.layer(name), 1));
    }
    ActivationStatistics.assertMatch(golden, "act.G.stats", layers, got::layer);
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void pixelsAreThoseOfTheOfficialToolWithinOneGreyLevel(String network, String backend) {
    GoldenCase golden = Goldens.file("pickles/" + network + "_gen_images.safetensors");
    ImageGenerator generator = generator(network, backend);
    JsonNode by = golden.metadata("translate");
    GenerationRequest request =
        GenerationRequest.defaults()
            .withTruncationPsi(golden.metadata("trunc").asDouble())
            .withMovement(
                by.get(0).asDouble(), by.get(1).asDouble(), golden.metadata("rotate").asDouble());
    if (!golden.metadata("class_idx").isNull()) {
      request = request.withClassLabel(golden.metadata("class_idx").asInt());
    }
    for (JsonNode seed : golden.metadata("seeds")) {
      HostTensor image = generator.generate(generator.latents(seed.asLong()), request).image();
      golden.assertMatches("out.seed" + seed.asLong(), Pixels.of(image.row(0)));
    }
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void imageFromIntermediateLatentsIsTheImageFromLatents(String network, String backend) {
    GoldenCase golden = golden(network);
    ImageGenerator generator = generator(network, backend);
    HostTensor w = golden.tensor("out.w");
    golden.assertMatches(
        "out.img_psi1", generator.synthesize(w, GenerationRequest.defaults()).image());
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void noiseIsThatOfTheModeThatIsAskedFor(String network, String backend) {
    GoldenCase golden = golden(network);
    ImageGenerator generator = generator(network, backend);
    boolean third = network.startsWith("sg3");
    assertThat(generator.generator().hasNoise()).isEqualTo(!third);
    GenerationRequest plain = GenerationRequest.defaults();
    if (third) {
      HostTensor z = generator.latents(3);
      HostTensor c = first(golden.tensor("in.c"), 1);
      assertThat(
              generator
                  .generate(z, c, plain.withRandomNoise(1))
                  .image()
                  .data()
                  .mismatch(generator.generate(z, c, plain).image().data()))
          .isEqualTo(-1);
      return;
    }
    assertImages(golden, "out.img_noise_none", generator, plain.withNoise(NoiseMode.NONE));
    assertImages(golden, "out.img_noise_const_unfused", generator, plain);
    for (boolean fused : new boolean[] {false, true}) {
      golden.assertMatches(
          "out.img_noise_random",
          withRecordedNoise(
              golden,
              TestNetworks.load(network),
              Objects.requireNonNull(backends.get(backend)),
              fused));
    }
  }

  /** The first image, with the noise that the official code drew. */
  private static HostTensor withRecordedNoise(
      GoldenCase golden, GeneratorNetwork network, Backend backend, boolean fused) {
    Map<String, HostTensor> values = new HashMap<>(network.tensors());
    values.put("z", first(golden.tensor("in.z"), 1).to(DType.F32));
    values.put("c", first(golden.tensor("in.c"), 1).to(DType.F32));
    Graph graph =
        network
            .generator()
            .generate(
                1, SynthesisOptions.DEFAULTS.withNoise(NoiseMode.RANDOM).withFusedModconv(fused))
            .select(List.of(Generator.IMAGE));
    Iterator<JsonNode> draws = golden.metadata("tape").iterator();
    graph
        .inputs()
        .forEach(
            (name, input) -> {
              if (name.startsWith(Generator.NOISE)) {
                values.put(name, golden.tensor(draws.next().get(0).asString()));
              } else if (name.equals("truncation")) {
                HostTensor all = HostTensor.allocate(input.type());
                for (long i = 0; i < all.type().elements(); i++) {
                  all.set(i, 1);
                }
                values.put(name, all);
              }
            });
    return Objects.requireNonNull(Evaluate.evaluate(backend, graph, values).get(Generator.IMAGE));
  }
}
