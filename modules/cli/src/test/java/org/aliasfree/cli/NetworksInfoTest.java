package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aliasfree.checkpoint.NetworkFile;
import org.aliasfree.checkpoint.StoredModule;
import org.aliasfree.checkpoint.StoredNetwork;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The numbers are those of the official tool's own summary of the same networks. */
class NetworksInfoTest {
  private static final String PICKLE =
      OptionValuesTest.GOLDENS.resolve("pickles/sg3r_64_cond3.pkl").toString();

  /** Cells of the first row of a layer, up to its tensors. */
  private static List<String> row(CommandRun run, String network, String layer) {
    int start = run.out().indexOf(network);
    assertThat(start).as("%s in %s", network, run.out()).isNotNegative();
    String line =
        run.out().stream()
            .skip(start)
            .filter(l -> l.startsWith("  " + layer + " "))
            .findFirst()
            .orElseThrow();
    return Arrays.asList(line.strip().split(" {2,}", 6));
  }

  @Test
  void layersHaveTheOfficialSizesAndShapes() {
    CommandRun run = CommandRun.of("networks", "info", PICKLE);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
    String average = "G_ema: StyleGAN3 generator, class Generator";
    assertThat(row(run, average, "synthesis.input"))
        .startsWith("synthesis.input", "256", "57", "[1, 16, 36, 36]", "f32")
        .endsWith("weight [16, 16] (transform [3, 3], freqs [16, 2], phases [16])");
    assertThat(row(run, average, "synthesis.input.affine"))
        .startsWith("synthesis.input.affine", "164", "-", "[1, 4]", "f32");
    assertThat(row(run, average, "synthesis.L10_84_13"))
        .startsWith("synthesis.L10_84_13", "221", "157", "[1, 13, 84, 84]", "f16");
    assertThat(row(run, average, "mapping"))
        .containsExactly("mapping", "-", "40", "[1, 16, 40]", "f32", "(w_avg [40])");
    assertThat(row(run, average, "mapping.embed"))
        .startsWith("mapping.embed", "160", "-", "[1, 40]", "f32");
    assertThat(row(run, average, "<top-level>"))
        .startsWith("<top-level>", "-", "-", "[1, 3, 64, 64]", "f32");
    assertThat(row(run, average, "Total")).startsWith("Total", "17863", "2056");
    assertThat(row(run, "D: discriminator, class Discriminator", "Total"))
        .startsWith("Total", "6556", "288");
    assertThat(String.join(" ", run.out()))
        .contains("use_radial_filters=true", "mapping_kwargs.lr_multiplier=0.01")
        .contains("augment_pipe: augmentations of the training, class AugmentPipe")
        .contains("Probability p = 0.2; total: 185 elements in buffers")
        .contains("training_set_kwargs.path=\"tiny.zip\"");
  }

  @Test
  void styleGan2AndDiscriminatorsAreBuiltToo() {
    CommandRun run =
        CommandRun.of(
            "networks", "info", OptionValuesTest.GOLDENS.resolve("pickles/sg2_32.pkl").toString());
    assertThat(run.out()).noneMatch(l -> l.contains("Cannot be built"));
    String average = "G_ema: StyleGAN2 generator, class Generator";
    assertThat(row(run, average, "synthesis.b4"))
        .startsWith("synthesis.b4", "288", "16", "[1, 18, 4, 4]", "f32");
    assertThat(row(run, average, "synthesis.b32.conv1"))
        .startsWith("synthesis.b32.conv1", "2321", "1040", "[1, 16, 32, 32]", "f16");
    assertThat(row(run, average, "synthesis.b16.torgb"))
        .startsWith("synthesis.b16.torgb", "57", "-", "[1, 3, 16, 16]");
    assertThat(row(run, average, "mapping"))
        .containsExactly("mapping", "-", "32", "[1, 8, 32]", "f32", "(w_avg [32])");
    assertThat(row(run, average, "Total")).startsWith("Total", "34965", "2912");
    CommandRun conditional = CommandRun.of("networks", "info", "--net=D", PICKLE);
    String discriminator = "D: discriminator, class Discriminator";
    assertThat(row(conditional, discriminator, "b64.skip"))
        .startsWith("b64.skip", "32", "16", "[1, 8, 32, 32]", "f16");
    assertThat(row(conditional, discriminator, "b8.conv1"))
        .startsWith("b8.conv1", "584", "16", "[1, 8, 4, 4]", "f16");
    assertThat(row(conditional, discriminator, "b8"))
        .startsWith("b8", "-", "16", "[1, 8, 4, 4]", "f16");
    assertThat(row(conditional, discriminator, "mapping.fc7"))
        .startsWith("mapping.fc7", "72", "-", "[1, 8]", "f32");
    assertThat(row(conditional, discriminator, "b4.mbstd"))
        .startsWith("b4.mbstd", "-", "-", "[1, 9, 4, 4]", "f32");
    assertThat(row(conditional, discriminator, "b4.out"))
        .startsWith("b4.out", "72", "-", "[1, 8]", "f32");
    assertThat(row(conditional, discriminator, "b4")).startsWith("b4", "-", "-", "[1, 1]", "f32");
  }

  @Test
  void jsonSaysTheSame() {
    CommandRun run = CommandRun.of("networks", "info", "--net=G", "--json", PICKLE);
    assertThat(run.out()).hasSize(1);
    JsonNode file = JsonMapper.shared().readTree(run.out().getFirst());
    assertThat(file.get("networks").size()).isEqualTo(1);
    JsonNode network = file.get("networks").get(0);
    assertThat(network.get("name").asString()).isEqualTo("G");
    assertThat(network.get("kind").asString()).isEqualTo("stylegan3-generator");
    assertThat(network.get("built").asBoolean()).isTrue();
    assertThat(network.get("parameters").asInt()).isEqualTo(17863);
    assertThat(network.get("buffers").asInt()).isEqualTo(2056);
    assertThat(network.get("bytes").asInt()).isEqualTo((17863 + 2056) * 4);
    assertThat(network.at("/keywords/mapping_kwargs/w_avg_beta").asDouble()).isEqualTo(0.998);
    JsonNode mean =
        network
            .get("layers")
            .valueStream()
            .filter(l -> l.get("path").asString().equals("synthesis.L14_64_3"))
            .findFirst()
            .orElseThrow();
    assertThat(mean.at("/output/shape").toString()).isEqualTo("[1,3,64,64]");
    assertThat(mean.at("/tensors/2").toString())
        .startsWith(
            "{\"name\":\"magnitude_ema\",\"role\":\"buffer\",\"dtype\":\"f32\",\"shape\":[]");
    assertThat(file.at("/entries/training_set_kwargs/max_size").asInt()).isEqualTo(12);
  }

  @Test
  void ownLayoutTellsTheSameAsThePickle(@TempDir Path folder) {
    Path copy = folder.resolve("copy.safetensors");
    NetworkFile.read(Path.of(PICKLE)).write(copy);
    assertThat(CommandRun.of("networks", "info", copy.toString()))
        .isEqualTo(CommandRun.of("networks", "info", PICKLE));
  }

  @Test
  void whatCannotBeBuiltIsListedWithAReasonAndHostileNamesBreakNoLine(@TempDir Path folder) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("a\n\u001b[2J\u202eb.weight", HostTensor.allocate(TensorType.f32(2, 3)));
    tensors.put("q", HostTensor.allocate(TensorType.of(DType.F16, 5)));
    StoredModule root =
        new StoredModule("Odd\nClass", List.of(), Map.of("k\u0007", "v\r"), Map.of());
    Path file = folder.resolve("odd.safetensors");
    NetworkFile.write(
        file,
        Map.of("G", new StoredNetwork(Map.of("", root), tensors)),
        Map.of("note\u2028", List.of(1L, "x")));
    CommandRun run = CommandRun.of("networks", "info", file.toString());
    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out().getFirst()).isEqualTo("G: another network, class Odd\\u000aClass");
    assertThat(run.out())
        .anyMatch(l -> l.startsWith("  Cannot be built: "))
        .anyMatch(l -> l.startsWith("  a\\u000a\\u001b[2J\\u202eb  ") && l.contains("6"))
        .anyMatch(l -> l.contains("q f16[5]"))
        .anyMatch(l -> l.contains("note\\u2028=[1,\"x\"]"));
    assertThat(run.out()).allMatch(l -> l.chars().noneMatch(Character::isISOControl));
    assertThat(row(run, run.out().getFirst(), "Total")).startsWith("Total", "11", "0");
  }

  /** As many names of full length as settings would fill gigabytes. */
  @Test
  void aLongNameOfManySettingsIsCutBeforeItIsRepeated(@TempDir Path folder) {
    Map<String, Object> inner = new LinkedHashMap<>();
    for (int i = 0; i < 50_000; i++) {
      inner.put("k" + i, (long) i);
    }
    String name = "A".repeat(40_000);
    StoredModule root = new StoredModule("Other", List.of(), Map.of(name, inner), Map.of());
    Path file = folder.resolve("long.safetensors");
    NetworkFile.write(
        file, Map.of("G", new StoredNetwork(Map.of("", root), Map.of())), Map.of(name, inner));
    CommandRun run = CommandRun.of("networks", "info", file.toString());
    assertThat(run.err()).isEmpty();
    String cut = "  " + "A".repeat(80) + "…=";
    assertThat(run.out()).filteredOn(l -> l.startsWith(cut)).hasSize(100_000);
    assertThat(run.out()).contains(cut + "0", cut + "49999").allMatch(l -> l.length() < 200);
  }

  @Test
  void mistakesAreOneLineEach() {
    CommandRun other = CommandRun.of("networks", "info", PICKLE, "--net=Gs");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .containsExactly(
            "aliasfree: --net: there is no network \"Gs\" in the file; it has G, D, G_ema, augment_pipe.");
    CommandRun missing = CommandRun.of("networks", "info", "no-such-file.pkl");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).hasSize(1).first().asString().contains("no-such-file.pkl");
    CommandRun none = CommandRun.of("networks", "info", "builtin:faces");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).hasSize(1).first().asString().contains("FILE", "emoji-portraits");
    CommandRun random = CommandRun.of("networks", "info", CommandRun.TINY);
    assertThat(random.exitCode()).isEqualTo(2);
    assertThat(random.err()).hasSize(1).first().asString().contains("random weights");
    assertThat(CommandRun.of("networks", "inf").exitCode()).isEqualTo(2);
    CommandRun help = CommandRun.of("networks");
    assertThat(help.exitCode()).isEqualTo(0);
    assertThat(help.out()).anyMatch(l -> l.strip().startsWith("info "));
  }
}
