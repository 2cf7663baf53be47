package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.aliasfree.backend.Backend;
import org.aliasfree.backend.Backends;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.graph.Gradients;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Ops;
import org.aliasfree.graph.Tensor;
import org.aliasfree.network.ForwardPass;
import org.aliasfree.network.NetworkVariable;
import org.aliasfree.network.SynthesisOptions;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.training.augment.AugmentConfig;
import org.aliasfree.training.augment.AugmentDraws;
import org.aliasfree.training.augment.AugmentPipe;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * On every backend, the augmentation pipe gives the images of the official one, and the gradients
 * of first and second order, from the same random numbers.
 */
class AugmentGoldenTest {
  @TestFactory
  Stream<DynamicContainer> augmentationGivesTheOfficialImagesAndGradients() {
    return TestBackends.ids().stream()
        .map(
            id ->
                DynamicContainer.dynamicContainer(
                    id,
                    Goldens.cases("augment").stream()
                        .map(c -> DynamicTest.dynamicTest(c.file(), () -> check(id, c)))));
  }

  @Test
  void variablesAndKeywordsAreThoseOfNetworkFiles() {
    StoredNetwork stored =
        NetworkFile.read(Goldens.file("pickles/sg3t_32.pkl").path()).network("augment_pipe");
    AugmentConfig config = AugmentConfig.ofKeywords(stored.module("").initKwargs());
    assertThat(config).isEqualTo(AugmentConfig.preset("bgc"));
    List<NetworkVariable> variables = new AugmentPipe(config).variables();
    assertThat(variables.stream().map(v -> v.variable().name()))
        .containsExactlyElementsOf(stored.tensors().keySet());
    for (NetworkVariable v : variables) {
      HostTensor expected = Objects.requireNonNull(stored.tensors().get(v.variable().name()));
      HostTensor value = v.initialValue(0);
      assertThat(value.type()).isEqualTo(expected.type());
      // The file's p is what training had come to.
      for (long i = 0; i < value.type().elements() && v.variable().type().elements() > 1; i++) {
        assertThat(value.get(i)).isCloseTo(expected.get(i), within(1e-7));
      }
    }
  }

  private static void check(String backendId, GoldenCase golden) {
    AugmentPipe pipe = new AugmentPipe(AugmentConfig.ofKeywords(keywords(golden)));
    Map<String, HostTensor> values = new LinkedHashMap<>(golden.tensors());
    draws(golden, pipe).values().forEach((input, value) -> values.put(input.label(), value));
    pipe.variables().forEach(v -> values.put(v.variable().name(), v.initialValue(0)));
    Graph graph = Evaluate.graph(outputs(golden, pipe));
    try (Backend backend = Backends.select(backendId)) {
      Evaluate.evaluate(backend, graph, values).forEach(golden::assertMatches);
    }
  }

  private static Map<String, Object> keywords(GoldenCase golden) {
    Map<String, Object> keywords = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> k : golden.param("kwargs").properties()) {
      JsonNode value = k.getValue();
      List<Double> list = new ArrayList<>();
      value.forEach(e -> list.add(e.asDouble()));
      keywords.put(k.getKey(), value.isArray() ? list : value.asDouble());
    }
    return keywords;
  }

  /** All that is random comes from the tape, which must be used up. */
  private static AugmentDraws draws(GoldenCase golden, AugmentPipe pipe) {
    RecordedDraws tape = new RecordedDraws(golden.tensors(), "tape.");
    HostTensor x = golden.tensor("in.x");
    AugmentDraws draws =
        golden.hasParam("debug_percentile")
            ? AugmentDraws.atPercentile(
                pipe.config(), x.shape(), golden.param("debug_percentile").asDouble(), tape)
            : AugmentDraws.draw(pipe.config(), x.shape(), golden.param("p").asDouble(), tape);
    assertThat(tape.left()).as("draws that were not made").isZero();
    assertThat(draws.values().keySet()).containsExactlyElementsOf(pipe.inputs(x.shape()));
    return draws;
  }

  private static Map<String, Tensor> outputs(GoldenCase golden, AugmentPipe pipe) {
    Tensor x = Ops.input("in.x", golden.tensor("in.x").type());
    Tensor y = pipe.apply(x, ForwardPass.inference(Graph.builder(), SynthesisOptions.DEFAULTS));
    Map<String, Tensor> outputs = new LinkedHashMap<>();
    outputs.put("out.y", y);
    if (golden.hasTensor("grad.x")) {
      Tensor dy = Ops.input("in.dy", y.type());
      Tensor dx = Gradients.of(y, dy).wrt(x).getFirst();
      outputs.put("grad.x", dx);
      if (golden.hasTensor("grad2.dy")) {
        Tensor v = Ops.input("in.v.x", x.type());
        List<Tensor> second = Gradients.of(dx, v).wrt(dy, x);
        outputs.put("grad2.dy", second.get(0));
        outputs.put("grad2.x", second.get(1));
      }
    }
    return outputs;
  }
}
