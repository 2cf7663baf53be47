package org.aliasfree.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Network files laid out by the official training loop, against what the official code says they
 * hold.
 */
class GoldenPickleTest {
  private static final Path FOLDER = Path.of(System.getProperty("aliasfree.goldens"), "pickles");
  private static final JsonMapper JSON = new JsonMapper();

  /** All pickles of the folder, so that a larger set of golden data is read whole. */
  static List<Path> pickles() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> pickles = files.filter(file -> file.toString().endsWith(".pkl")).sorted().toList();
      assertThat(pickles).hasSizeGreaterThanOrEqualTo(2);
      return pickles;
    }
  }

  private static JsonNode metadata(Path pickle, String key) {
    return JSON.readTree(golden(pickle).metadata().getOrDefault(key, "null"));
  }

  private static Safetensors golden(Path pickle) {
    return Safetensors.read(Path.of(pickle.toString().replace(".pkl", ".safetensors")));
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void namesShapesTypesAndOrderAreThoseOfStateDict(Path pickle) {
    NetworkFile file = NetworkFile.read(pickle);
    assertThat(file.names()).contains("G", "D", "G_ema");
    JsonNode stateDicts = metadata(pickle, "state_dict");
    assertThat(stateDicts.size()).isGreaterThanOrEqualTo(3);
    stateDicts
        .properties()
        .forEach(
            entry ->
                assertThat(tree(listing(file.network(entry.getKey()))))
                    .as("%s", entry.getKey())
                    .isEqualTo(entry.getValue()));
  }

  /** As the golden file lists it: name, shape, type. */
  private static List<Object> listing(StoredNetwork network) {
    List<Object> listing = new ArrayList<>();
    network
        .tensors()
        .forEach(
            (name, tensor) -> {
              listing.add(
                  List.of(name, tensor.shape().toArray(), "float" + 8 * tensor.dtype().bytes()));
            });
    return listing;
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void tensorsHaveTheStoredValues(Path pickle) {
    StoredNetwork network = NetworkFile.read(pickle).network("G_ema");
    HostTensor average = golden(pickle).tensor("out.w_avg");
    assertThat(network.tensor("mapping.w_avg").data().mismatch(average.data())).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void kindIsToldByWhatTheNetworkIsMadeOf(Path pickle) {
    NetworkFile file = NetworkFile.read(pickle);
    boolean third = pickle.getFileName().toString().startsWith("sg3");
    assertThat(file.network("G").kind())
        .isEqualTo(
            third
                ? StoredNetwork.Kind.STYLEGAN3_GENERATOR
                : StoredNetwork.Kind.STYLEGAN2_GENERATOR);
    assertThat(file.network("D").kind()).isEqualTo(StoredNetwork.Kind.DISCRIMINATOR);
    assertThat(file.network("augment_pipe").kind()).isEqualTo(StoredNetwork.Kind.OTHER);
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void constructorArgumentsAndSettingsAreThoseOfTheRun(Path pickle) throws IOException {
    NetworkFile file = NetworkFile.read(pickle);
    JsonNode parameters = parameters(pickle);
    assertThat(tree(file.network("G").initKwargs())).isEqualTo(parameters.get("G_init_kwargs"));
    assertThat(tree(file.network("D").initKwargs())).isEqualTo(parameters.get("D_init_kwargs"));
    assertThat(tree(file.trainingSetKwargs())).isEqualTo(parameters.get("training_set_kwargs"));
    assertThat(file.entries().keySet()).containsExactly("training_set_kwargs");
  }

  private static JsonNode parameters(Path pickle) throws IOException {
    JsonNode index = JSON.readTree(Files.readString(FOLDER.resolveSibling("index.json")));
    for (JsonNode golden : index.path("cases")) {
      if (golden.path("file").asString().equals("pickles/" + pickle.getFileName())) {
        return golden.path("params");
      }
    }
    throw new AssertionError(pickle + " is not in the index");
  }

  /** Through text, so that numbers are of the kinds that the index has. */
  private static JsonNode tree(Object value) {
    return JSON.readTree(JSON.writeValueAsString(value));
  }

  @ParameterizedTest
  @MethodSource("pickles")
  void ownLayoutGivesBackExactlyWhatWasStored(Path pickle, @TempDir Path folder) {
    NetworkFile file = NetworkFile.read(pickle);
    Path copy = folder.resolve("copy.safetensors");
    file.write(copy);
    NetworkFile again = NetworkFile.read(copy);
    assertThat(again.names()).containsExactlyElementsOf(file.names());
    assertThat(again.entries()).isEqualTo(file.entries());
    for (String name : file.names()) {
      StoredNetwork before = file.network(name);
      StoredNetwork after = again.network(name);
      assertThat(after.modules()).isEqualTo(before.modules());
      assertThat(after.buffers()).isEqualTo(before.buffers());
      assertThat(after.modules().keySet()).containsExactlyElementsOf(before.modules().keySet());
      assertThat(after.tensors().keySet()).containsExactlyElementsOf(before.tensors().keySet());
      before
          .tensors()
          .forEach(
              (tensor, data) -> {
                assertThat(after.tensor(tensor).type()).isEqualTo(data.type());
                assertThat(after.tensor(tensor).data().mismatch(data.data())).isEqualTo(-1);
              });
    }
  }
}
