package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.DiscriminatorFiles;
import org.aliasfree.graph.Graph;
import org.aliasfree.network.Discriminator;
import org.aliasfree.network.DiscriminatorNetwork;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.Precision;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Discriminators from the official training loop, against what the official code makes of them. */
class DiscriminatorGoldenTest {
  private static final List<String> NETWORKS =
      List.of("sg3t_32", "sg3r_64_cond3", "sg2_32", "sg2_32_cond4");

  static Stream<Arguments> networksAndBackends() {
    return TestBackends.ids().stream()
        .flatMap(backend -> NETWORKS.stream().map(network -> Arguments.of(network, backend)));
  }

  private static DiscriminatorNetwork load(String network) {
    return DiscriminatorFiles.load(
        Goldens.folder().resolve("pickles").resolve(network + ".pkl"), "D");
  }

  @ParameterizedTest
  @MethodSource("networksAndBackends")
  void logitsAndActivationsAreTheOfficialOnes(String network, String backendId) {
    GoldenCase golden = Goldens.file("pickles/" + network + ".safetensors");
    DiscriminatorNetwork loaded = load(network);
    List<String> layers = new ArrayList<>();
    golden.metadata("act_D_layers").forEach(layer -> layers.add(layer.asString()));
    List<String> outputs = new ArrayList<>(layers);
    outputs.add(Discriminator.LOGITS);
    try (Backend backend = Backends.select(backendId)) {
      Map<String, HostTensor> got = classify(backend, loaded, golden, 4, outputs);
      golden.assertMatches("out.logits", logits(got));
      ActivationStatistics.assertMatch(
          golden,
          "act.D.stats",
          layers,
          layer -> Objects.requireNonNull(got.get(layer), layer).to(DType.F32));
      golden.assertMatches(
          "out.logits_batch2",
          logits(classify(backend, loaded, golden, 2, List.of(Discriminator.LOGITS))));
    }
  }

  private static HostTensor logits(Map<String, HostTensor> results) {
    return Objects.requireNonNull(results.get(Discriminator.LOGITS));
  }

  private static Map<String, HostTensor> classify(
      Backend backend,
      DiscriminatorNetwork network,
      GoldenCase golden,
      int batch,
      List<String> outputs) {
    Map<String, HostTensor> values = new HashMap<>(network.tensors());
    HostTensor pixels = golden.tensor("in.disc_img");
    HostTensor image = HostTensor.allocate(TensorType.of(DType.F32, sizes(pixels, batch)));
    for (long i = 0; i < image.type().elements(); i++) {
      image.set(i, pixels.get(i) / 127.5 - 1);
    }
    values.put(Discriminator.IMAGE, image);
    HostTensor c = golden.tensor("in.disc_c");
    TensorType labels = TensorType.of(DType.F32, sizes(c, batch));
    values.put("c", new HostTensor(labels, c.data().asSlice(0, labels.bytes())));
    Graph graph = network.discriminator().classify(batch, Precision.F32).select(outputs);
    return Evaluate.evaluate(backend, graph, values);
  }

  private static long[] sizes(HostTensor all, int batch) {
    long[] sizes = all.shape().toArray();
    sizes[0] = batch;
    return sizes;
  }

  @ParameterizedTest
  @MethodSource("networks")
  void variablesAreThoseOfTheNetworkFile(String network) {
    GoldenCase golden = Goldens.file("pickles/" + network + ".safetensors");
    List<String> expected = new ArrayList<>();
    for (JsonNode entry : golden.metadata("state_dict").get("D")) {
      expected.add(entry.get(0).asString() + " " + entry.get(1));
    }
    List<String> variables = new ArrayList<>();
    for (NetworkVariable v : load(network).discriminator().variables()) {
      variables.add(
          v.variable().name() + " " + v.variable().type().shape().toString().replace(" ", ""));
    }
    assertThat(variables).isEqualTo(expected);
  }

  static Stream<String> networks() {
    return NETWORKS.stream();
  }
}
