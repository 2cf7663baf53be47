package org.aliasfree.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.aliasfree.AliasFreeException;
import org.aliasfree.graph.Graph;
import org.aliasfree.graph.Node;
import org.aliasfree.graph.Tensor;
import org.aliasfree.op.Fused;
import org.aliasfree.op.Source;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StyleGan3GeneratorTest {
  private static StyleGan3Generator preset(String name) {
    return new StyleGan3Generator(StyleGan3Config.preset(name));
  }

  private static Tensor tensor(Graph graph, String name) {
    return Objects.requireNonNull(graph.names().get(name), name);
  }

  /** Counts from the official networks. */
  @ParameterizedTest
  @CsvSource({
    "t-16, 37242887",
    "r-16, 23627783",
    "t-256, 27946821",
    "r-256, 18291075",
    "t-1024, 21787855",
    "r-1024, 14567839"
  })
  void synthesisHasAsManyParametersAsTheOfficialNetwork(String preset, long parameters) {
    assertThat(
            preset(preset).synthesis().variables().stream()
                .filter(NetworkVariable::trainable)
                .mapToLong(v -> v.variable().type().elements())
                .sum())
        .isEqualTo(parameters);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 6, 12, 30, 100, 256})
  void anyEvenResolutionGivesAnImageOfThatSize(int resolution) {
    for (String kind : List.of("t-", "r-")) {
      Graph graph = preset(kind + resolution).generate(2, Precision.F32);
      assertThat(tensor(graph, "image").type())
          .isEqualTo(TensorType.f32(2, 3, resolution, resolution));
    }
  }

  @Test
  void everyLayerIsNamedAndHasTheSizeThatItsNameSays() {
    StyleGan3Generator generator = preset("t-256");
    Graph graph = generator.generate(3, Precision.F32);
    assertThat(tensor(graph, "w").type()).isEqualTo(TensorType.f32(3, 512));
    assertThat(tensor(graph, "mapping").type()).isEqualTo(TensorType.f32(3, 16, 512));
    assertThat(tensor(graph, "synthesis.input").type()).isEqualTo(TensorType.f32(3, 512, 36, 36));
    List<String> layers =
        generator.layerNames().stream().filter(l -> l.matches("synthesis\\.L.*")).toList();
    assertThat(layers)
        .hasSize(15)
        .startsWith("synthesis.L0_36_512")
        .endsWith("synthesis.L14_256_3");
    for (String layer : layers) {
      String[] parts = layer.split("_", -1);
      long size = Long.parseLong(parts[1]);
      assertThat(tensor(graph, layer).type())
          .isEqualTo(TensorType.f32(3, Long.parseLong(parts[2]), size, size));
    }
  }

  @Test
  void inputsAreThoseThatTheGraphNeeds() {
    StyleGan3Generator plain = preset("t-16");
    StyleGan3Generator conditional =
        new StyleGan3Generator(StyleGan3Config.stylegan3T(16).with(b -> b.cDim(5)));
    assertThat(plain.generate(1, Precision.F32).inputs().keySet())
        .containsExactlyInAnyOrder("z", "truncation", "transform");
    assertThat(conditional.generate(1, Precision.F32).inputs().keySet())
        .containsExactlyInAnyOrder("z", "c", "truncation", "transform");
    assertThat(plain.map(1).inputs().keySet()).containsExactlyInAnyOrder("z", "truncation");
    assertThat(plain.synthesize(1, Precision.F32).inputs().keySet())
        .containsExactlyInAnyOrder("ws", "transform");
  }

  /** The layers that the official table lists: from the first one whose rate · 16 exceeds 1024. */
  @Test
  void officialHalfPrecisionIsInTheLayersOfHighResolutionOnly() {
    Graph graph = preset("t-1024").generate(1, Precision.OFFICIAL_F16);
    graph
        .names()
        .forEach(
            (name, tensor) -> {
              boolean half = name.matches("synthesis\\.L([5-9]|1[0-4])_.*");
              assertThat(tensor.dtype()).as(name).isEqualTo(half ? DType.F16 : DType.F32);
            });
  }

  @Test
  void convolutionsReadTheirWeightsAsTheyAreStored() {
    List<Node> convolutions =
        preset("r-64").generate(2, Precision.F32).nodes().stream()
            .filter(node -> node.op() instanceof Fused.ModulatedConv2d)
            .toList();
    assertThat(convolutions)
        .hasSize(15)
        .allMatch(node -> node.inputs().get(1).node().op() instanceof Source.Read);
  }

  @Test
  void layersCanBeNamedInShort() {
    StyleGan3Generator generator = preset("t-256");
    assertThat(generator.layerName("L3_52_512")).isEqualTo("synthesis.L3_52_512");
    assertThat(generator.layerName("synthesis.L3_52_512")).isEqualTo("synthesis.L3_52_512");
    assertThat(generator.layerName("fc1")).isEqualTo("mapping.fc1");
    assertThat(generator.layerName("w")).isEqualTo("w");
    assertThatThrownBy(() -> generator.layerName("L3"))
        .isInstanceOf(AliasFreeException.class)
        .hasMessageContaining("no layer called \"L3\"")
        .hasMessageContaining("synthesis.L3_52_512");
  }
}
