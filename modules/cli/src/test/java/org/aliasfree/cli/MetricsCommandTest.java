package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MetricsCommandTest {
  private static final String CONDITIONAL = CommandRun.TINY + "&c_dim=3";

  @TempDir private Path temporary = Path.of("");

  private String data(int images, int resolution, boolean labels) throws IOException {
    return "--data=" + TrainingData.zip(temporary.resolve("data.zip"), images, resolution, labels);
  }

  private static List<JsonNode> json(CommandRun run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run.out().stream().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  @Test
  void halvesAndEachNetworkAreALine() throws IOException {
    String data = data(7, 16, false);
    CommandRun run =
        CommandRun.of(
            "metrics",
            "--metrics=swd",
            data,
            "--network=" + CommandRun.TINY,
            "--network=" + CONDITIONAL.replace("&c_dim=3", "&img_channels=3"),
            "--images=5",
            "--trunc=0.5");
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).hasSize(5);
    assertThat(run.out().get(0))
        .startsWith("swd7x7-v1: ")
        .endsWith("data.zip, 7 images of 16x16, seed 0");
    assertThat(run.out().get(1)).isEqualTo("     mean     16x16");
    assertThat(run.out().get(2))
        .matches(" +[0-9.]+ +[0-9.]+  between halves of the data set \\(3 and 4 images\\)");
    assertThat(run.out().get(3)).endsWith("  " + CommandRun.TINY + " G_ema (5 images, psi 0.5)");
    // The second network is the first in other words.
    assertThat(run.out().get(4).substring(0, 19)).isEqualTo(run.out().get(3).substring(0, 19));
  }

  @Test
  void jsonSaysAllThatTheNumberDependsOn() throws IOException {
    String data = data(7, 32, false);
    String network = CommandRun.TINY.replace("-16?", "-32?");
    List<JsonNode> objects =
        json(
            CommandRun.of(
                "metrics", data, "--mirror=1", "--network=" + network, "--seed=9", "--json"));
    assertThat(objects).hasSize(2);
    for (JsonNode object : objects) {
      assertThat(object.get("metric").asString()).isEqualTo("swd");
      assertThat(object.get("features").asString()).isEqualTo("swd7x7-v1");
      assertThat(object.get("mirror").asBoolean()).isTrue();
      assertThat(object.get("seed").asInt()).isEqualTo(9);
      JsonNode levels = object.get("levels");
      assertThat(levels.propertyNames()).containsExactly("16", "32");
      double mean = (levels.get("16").asDouble() + levels.get("32").asDouble()) / 2;
      assertThat(object.get("swd").asDouble())
          .isCloseTo(mean, org.assertj.core.api.Assertions.within(2e-6));
    }
    assertThat(objects.get(0).get("of").asString()).isEqualTo("halves");
    assertThat(objects.get(0).get("images").toString()).isEqualTo("[6,8]");
    assertThat(objects.get(1).get("of").asString()).isEqualTo("network");
    assertThat(objects.get(1).get("images").toString()).isEqualTo("[14,7]");
    assertThat(objects.get(1).get("network").asString()).isEqualTo(network);
    assertThat(objects.get(1).get("net").asString()).isEqualTo("G_ema");
    // Smooth pictures of an untrained network are far from noise.
    assertThat(objects.get(1).get("swd").asDouble())
        .isGreaterThan(2 * objects.get(0).get("swd").asDouble());
  }

  @Test
  void threadsAndBatchDoNotChangeTheNumbers() throws IOException {
    String data = data(9, 16, true);
    String network = "--network=" + CONDITIONAL;
    CommandRun one = CommandRun.of("metrics", data, network, "--threads=1", "--batch=1");
    CommandRun three = CommandRun.of("metrics", data, network, "--threads=3", "--batch=4");
    assertThat(one.exitCode()).isZero();
    assertThat(three.out()).isEqualTo(one.out());
  }

  /** The files that generate writes, as a data set, are the pictures that metrics makes. */
  @Test
  void picturesOfANetworkAreAtNoDistanceFromIt() {
    Path made = temporary.resolve("made");
    assertThat(
            CommandRun.of(
                    "generate", "--network=" + CommandRun.TINY, "--seeds=4-9", "--outdir=" + made)
                .exitCode())
        .isZero();
    List<JsonNode> objects =
        json(
            CommandRun.of(
                "metrics", "--data=" + made, "--network=" + CommandRun.TINY, "--seed=4", "--json"));
    assertThat(objects.get(0).get("swd").asDouble()).isPositive();
    assertThat(objects.get(1).get("swd").asDouble()).isZero();
  }

  @Test
  void progressIsOneLineOfATerminal() throws IOException {
    CommandRun run =
        CommandRun.of(
            100, "metrics", data(4, 16, false), "--network=" + CommandRun.TINY, "--batch=1");
    assertThat(run.exitCode()).isZero();
    assertThat(String.join("\n", run.out()))
        .contains("swd: 2/2 reading one half", "swd: 4/4 making images", "swd: 128/128 comparing");
    assertThat(run.out().getLast()).endsWith("G_ema (4 images)");
  }

  @Test
  void allWrongOptionsAreToldAtOnce() {
    CommandRun run =
        CommandRun.of(
            "metrics",
            "--metrics=fid",
            "--data=/no/such.zip",
            "--mirror=maybe",
            "--network=random:what",
            "--network=/no/such.pkl",
            "--net=D",
            "--trunc=x",
            "--images=0",
            "--seed=-1",
            "--batch=0",
            "--backend=abacus",
            "--threads=0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    for (String option :
        List.of(
            "--metrics: \"fid\" is not a metric; there is swd.",
            "--mirror: ",
            "--network: ",
            "--net: ",
            "--trunc: ",
            "--images: ",
            "--seed: ",
            "--batch: ",
            "--backend: ",
            "--threads: ")) {
      assertThat(run.err()).anyMatch(line -> line.startsWith("aliasfree: " + option));
    }
    assertThat(CommandRun.of("metrics", "--data=/no/such.zip").exitCode()).isEqualTo(1);
    assertThat(CommandRun.of("metrics").exitCode()).isEqualTo(2);
  }

  @Test
  void networksThatDoNotFitTheDataAreNamed() throws IOException {
    CommandRun run =
        CommandRun.of(
            "metrics",
            data(4, 32, false),
            "--network=" + CommandRun.TINY,
            "--network=" + CONDITIONAL.replace("-16?", "-32?"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .containsExactly(
            "aliasfree: --network: "
                + CommandRun.TINY
                + " makes images of 16x16 with 3 channels, but those of --data are 32x32 with 3"
                + " channels; give the data set that it was trained on.",
            "aliasfree: --network: "
                + CONDITIONAL.replace("-16?", "-32?")
                + " takes labels of 3 numbers, but those of --data have 0; give the data set that it"
                + " was trained on.");
  }

  @Test
  void dataThatCannotBeMeasuredIsRefused() throws IOException {
    assertThat(CommandRun.of("metrics", data(1, 16, false)).err().getFirst())
        .contains("has 1 images of 16x16", "2 or more");
    assertThat(CommandRun.of("metrics", data(4, 8, false)).err().getFirst())
        .contains("8x8", "16x16 or more");
    Path folder = Files.createDirectories(temporary.resolve("empty"));
    assertThat(CommandRun.of("metrics", "--data=" + folder).exitCode()).isEqualTo(1);
  }
}
