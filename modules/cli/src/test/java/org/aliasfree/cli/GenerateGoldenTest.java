package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.Raster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class GenerateGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "sg3t_32, cpu-reference",
    "sg3t_32, cpu-vector",
    "sg3r_64_cond3, cpu-reference",
    "sg3r_64_cond3, cpu-vector",
    "sg2_32, cpu-reference",
    "sg2_32, cpu-vector",
    "sg2_32_cond4, cpu-reference",
    "sg2_32_cond4, cpu-vector"
  })
  void picturesAreThoseOfTheOfficialTool(String name, String backend, @TempDir Path folder)
      throws Exception {
    String file = "pickles/" + name + "_gen_images.safetensors";
    JsonNode p = OptionValuesTest.goldenParams(file);
    String x = p.get("translate").get(0).asString();
    String y = p.get("translate").get(1).asString();
    List<String> args = new ArrayList<>();
    args.add("generate");
    args.add("--network=" + OptionValuesTest.GOLDENS.resolve("pickles/" + name + ".pkl"));
    args.add("--seeds=" + p.get("seeds").get(0).asInt() + "," + p.get("seeds").get(1).asInt());
    args.add("--trunc=" + p.get("trunc").asString());
    args.add("--translate=" + x + "," + y);
    args.add("--rotate=" + p.get("rotate").asString());
    args.add("--noise-mode=" + p.get("noise_mode").asString());
    args.add("--outdir=" + folder);
    args.add("--backend=" + backend);
    if (!p.get("class_idx").isNull()) {
      args.add("--class=" + p.get("class_idx").asInt());
    }
    CommandRun run = CommandRun.of(args.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
    assertThat(run.out())
        .containsExactly(
            "Loading networks from \"" + args.get(1).substring("--network=".length()) + "\"...",
            "Generating image for seed 1 (0/2) ...",
            "Generating image for seed 66 (1/2) ...");
    Safetensors golden = Safetensors.read(OptionValuesTest.GOLDENS.resolve(file));
    compare(golden.tensor("out.seed1"), folder.resolve("seed0001.png"));
    compare(golden.tensor("out.seed66"), folder.resolve("seed0066.png"));
    try (var files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }

  /** Within one grey level. */
  private static void compare(HostTensor expected, Path png) throws Exception {
    Raster got = ImageIO.read(png.toFile()).getRaster();
    int height = expected.shape().intDim(0);
    int width = expected.shape().intDim(1);
    assertThat(got.getHeight()).isEqualTo(height);
    assertThat(got.getWidth()).isEqualTo(width);
    assertThat(got.getNumBands()).isEqualTo(3);
    for (int i = 0; i < height * width * 3; i++) {
      int value = got.getSample(i / 3 % width, i / 3 / width, i % 3);
      assertThat(Math.abs(value - expected.get(i))).as("value %s", i).isLessThanOrEqualTo(1);
    }
  }
}
