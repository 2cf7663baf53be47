package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.aliasfree.checkpoint.Safetensors;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateTest {
  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void chooseFolder() {
    folder = temporary.resolve("a/b");
  }

  private CommandRun generate(String network, String... more) {
    return generate(0, folder, network, more);
  }

  private static CommandRun generate(int columns, Path to, String network, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("generate", "--network", network, "--outdir", to.toString()));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(columns, args.toArray(String[]::new));
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isEqualTo(0);
    return run;
  }

  private static Map<String, byte[]> files(Path folder) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  private BufferedImage picture(String name) throws IOException {
    return ImageIO.read(folder.resolve(name).toFile());
  }

  private HostTensor raw(String name, String tensor) {
    return Safetensors.read(folder.resolve(name)).tensor(tensor);
  }

  @Test
  void seedsAreMadeInOrderWithTheOfficialMessagesAndNames() throws IOException {
    CommandRun run = generate(CommandRun.TINY, "--seeds", "12345,3-4,3");
    assertThat(run.out())
        .containsExactly(
            "Loading networks from \"" + CommandRun.TINY + "\"...",
            "Generating image for seed 12345 (0/4) ...",
            "Generating image for seed 3 (1/4) ...",
            "Generating image for seed 4 (2/4) ...",
            "Generating image for seed 3 (3/4) ...");
    assertThat(files(folder).keySet())
        .containsExactly("seed0003.png", "seed0004.png", "seed12345.png");
    assertThat(files(folder).get("seed0003.png")).isNotEqualTo(files(folder).get("seed0004.png"));
  }

  @ParameterizedTest
  @CsvSource({
    "--threads=1, --threads=2",
    "--threads=1, --threads=3",
    "--batch=1, --batch=3",
    "--layer=image, --layer=image --layer=synthesis.input --layer=w",
    "--noise-mode=const, --noise-mode=random"
  })
  void bytesDoNotDependOnHowTheWorkIsDone(String some, String others) throws IOException {
    String network = OptionValuesTest.GOLDENS.resolve("pickles/sg3r_64_cond3.pkl").toString();
    Path other = temporary.resolve("other");
    List<String> args = new ArrayList<>(List.of("--seeds=0-3", "--class=1", "--save-raw"));
    args.addAll(List.of(others.split(" ", -1)));
    generate(network, "--seeds=0-3", "--class=1", "--save-raw", some);
    generate(0, other, network, args.toArray(String[]::new));
    for (int seed = 0; seed < 4; seed++) {
      String name = "seed000" + seed;
      assertThat(files(other).get(name + ".png")).isEqualTo(files(folder).get(name + ".png"));
      assertThat(Safetensors.read(other.resolve(name + ".safetensors")).tensor("image").data())
          .matches(d -> d.mismatch(raw(name + ".safetensors", "image").data()) == -1);
    }
  }

  @Test
  void secondRunReplacesTheFilesWithTheSameBytes() throws IOException {
    generate(CommandRun.TINY, "--seeds=5", "--save-raw", "--layer=w");
    Map<String, byte[]> first = files(folder);
    generate(CommandRun.TINY, "--seeds=5", "--save-raw", "--layer=w");
    assertThat(first).hasSize(2);
    assertThat(files(folder)).containsExactlyInAnyOrderEntriesOf(first);
  }

  @Test
  void gridHoldsThePicturesRowByRow() throws IOException {
    generate(CommandRun.TINY, "--seeds=0-5", "--grid=3x2");
    assertThat(files(folder)).hasSize(7);
    List<BufferedImage> single = new ArrayList<>();
    for (int seed = 0; seed < 6; seed++) {
      single.add(picture("seed000" + seed + ".png"));
    }
    BufferedImage grid = picture("grid.png");
    assertThat(List.of(grid.getWidth(), grid.getHeight())).containsExactly(48, 32);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 48; x++) {
        BufferedImage part = single.get(y / 16 * 3 + x / 16);
        assertThat(grid.getRGB(x, y)).isEqualTo(part.getRGB(x % 16, y % 16));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "3, 3", "4, 4"})
  void channelsOfThePictureAreThoseOfTheNetwork(int channels, int bands) throws IOException {
    generate(CommandRun.TINY + "&img_channels=" + channels, "--seeds=1", "--save-raw");
    BufferedImage image = picture("seed0001.png");
    assertThat(image.getRaster().getNumBands()).isEqualTo(bands);
    HostTensor raw = raw("seed0001.safetensors", "image");
    assertThat(raw.shape().toArray()).containsExactly(channels, 16, 16);
    HostTensor pixels = Pixels.of(raw);
    for (int i = 0; i < 256 * channels; i++) {
      int band = i % channels;
      int pixel = i / channels;
      assertThat(image.getRaster().getSample(pixel % 16, pixel / 16, band))
          .isEqualTo((int) pixels.get(i));
    }
  }

  @Test
  void moreChannelsThanPngHasCanStillBeSavedRaw() throws IOException {
    generate(CommandRun.TINY + "&img_channels=5", "--seeds=1", "--save-raw");
    assertThat(files(folder).keySet()).containsExactly("seed0001.safetensors");
  }

  @Test
  void layersComeInsteadOfThePictureUnlessItIsAskedFor() throws IOException {
    generate(CommandRun.TINY, "--seeds=1", "--layer=L0_36_8", "--layer=mapping.fc0");
    assertThat(files(folder).keySet())
        .containsExactly("seed0001.safetensors", "seed0001_synthesis.L0_36_8.png");
    assertThat(Safetensors.read(folder.resolve("seed0001.safetensors")).tensors().keySet())
        .containsExactlyInAnyOrder("synthesis.L0_36_8", "mapping.fc0");
    HostTensor features = raw("seed0001.safetensors", "synthesis.L0_36_8");
    assertThat(features.shape().dim(0)).isEqualTo(8);
    BufferedImage view = picture("seed0001_synthesis.L0_36_8.png");
    double most = 0;
    for (int i = 0; i < view.getWidth() * view.getHeight(); i++) {
      most = Math.max(most, Math.abs(features.get(i)));
    }
    double first = features.get(0) / most * 127.5 + 128;
    assertThat(view.getRaster().getSample(0, 0, 0) + 0.5)
        .isCloseTo(first, org.assertj.core.data.Offset.offset(0.51));
    generate(CommandRun.TINY, "--seeds=1", "--layer=w", "--layer=image");
    assertThat(files(folder).keySet()).contains("seed0001.png");
  }

  @Test
  void movementAndTruncationChangeThePicture() throws IOException {
    for (String option :
        List.of("--trunc=1", "--trunc=0.2", "--translate=0.2,0", "--rotate=90", "--seeds=2")) {
      folder = temporary.resolve(option.substring(2));
      generate(CommandRun.TINY, "--seeds=1", option);
    }
    List<byte[]> pictures = new ArrayList<>();
    for (String name : List.of("trunc=1", "trunc=0.2", "translate=0.2,0", "rotate=90", "seeds=2")) {
      pictures.addAll(files(temporary.resolve(name)).values());
    }
    assertThat(pictures).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void classIsIgnoredWithTheOfficialWarningByAnUnconditionalNetwork() {
    assertThat(generate(CommandRun.TINY, "--seeds=1", "--class=3").out())
        .contains("warn: --class=lbl ignored when running on an unconditional network");
  }

  @Test
  void classesMakeDifferentPictures() throws IOException {
    generate(CommandRun.TINY + "&c_dim=2", "--seeds=1", "--class=0");
    byte[] first = files(folder).get("seed0001.png");
    generate(CommandRun.TINY + "&c_dim=2", "--seeds=1", "--class=1");
    assertThat(files(folder).get("seed0001.png")).isNotEqualTo(first);
  }

  @Test
  void noiseIsTheNetworksOwnOrFreshForEachSeedOrNone() throws IOException {
    String network = OptionValuesTest.GOLDENS.resolve("pickles/sg2_32.pkl").toString();
    Map<String, Map<String, byte[]>> made = new TreeMap<>();
    for (String mode : List.of("const", "random", "none")) {
      Path to = folder.resolve(mode);
      generate(0, to, network, "--seeds=1-3", "--save-raw", "--noise-mode=" + mode);
      made.put(mode, files(to));
    }
    Path usual = folder.resolve("usual");
    generate(0, usual, network, "--seeds=1-3", "--save-raw");
    assertThat(files(usual)).usingRecursiveComparison().isEqualTo(made.get("const"));
    Path batch = folder.resolve("batch");
    generate(0, batch, network, "--seeds=3,2", "--save-raw", "--noise-mode=random", "--batch=2");
    assertThat(files(batch).get("seed0003.safetensors"))
        .isEqualTo(made.getOrDefault("random", Map.of()).get("seed0003.safetensors"));
    assertThat(
            made.values().stream()
                .map(
                    files ->
                        ByteBuffer.wrap(files.getOrDefault("seed0001.safetensors", new byte[0])))
                .distinct())
        .hasSize(3);
  }

  @Test
  void theAverageIsTakenUnlessGIsAskedFor() throws IOException {
    Path file = OptionValuesTest.GOLDENS.resolve("pickles/sg2_32.pkl");
    List<byte[]> made = new ArrayList<>();
    for (List<String> net :
        List.of(List.<String>of(), List.of("--net=G_ema"), List.of("--net=G"))) {
      Path to = folder.resolve("" + made.size());
      List<String> more = new ArrayList<>(List.of("--seeds=1", "--layer=mapping.fc0"));
      more.addAll(net);
      generate(0, to, file.toString(), more.toArray(String[]::new));
      made.add(files(to).getOrDefault("seed0001.safetensors", new byte[0]));
    }
    assertThat(made.get(0)).isEqualTo(made.get(1)).isNotEqualTo(made.get(2));
  }

  @Test
  void aRandomStyleGan2NetworkMakesPicturesWithContrast() throws IOException {
    generate(
        "random:stylegan2-32?seed=1&cbase=512&cmax=32&map_layers=2", "--seeds=2", "--save-raw");
    HostTensor image = raw("seed0002.safetensors", "image");
    double squares = 0;
    for (long i = 0; i < image.shape().elements(); i++) {
      squares += image.get(i) * image.get(i);
    }
    assertThat(Math.sqrt(squares / image.shape().elements())).isBetween(0.1, 3.0);
  }

  @Test
  void jsonIsOneObjectAPictureAndNothingElse() {
    List<String> out =
        generate(CommandRun.TINY, "--seeds=1,7", "--json", "--backend=cpu-vector", "--save-raw")
            .out();
    assertThat(out).hasSize(2);
    JsonNode second = JsonMapper.shared().readTree(out.get(1));
    assertThat(second.get("seed").asLong()).isEqualTo(7);
    assertThat(second.get("index").asInt()).isEqualTo(1);
    assertThat(second.get("count").asInt()).isEqualTo(2);
    assertThat(second.get("file").asString()).isEqualTo(folder.resolve("seed0007.png").toString());
    assertThat(second.get("files").valueStream().map(JsonNode::asString).map(Path::of))
        .allMatch(Files::exists)
        .hasSize(2);
    assertThat(second.get("seconds").asDouble()).isPositive();
    assertThat(second.get("backend").asString()).isEqualTo("cpu-vector");
    out = generate(CommandRun.TINY, "--seeds=1,7", "--json", "--grid=1x2").out();
    JsonNode grid = JsonMapper.shared().readTree(out.get(2));
    assertThat(grid.get("seeds").size()).isEqualTo(2);
    assertThat(Path.of(grid.get("file").asString())).exists();
  }

  @Test
  void terminalGetsOneLineThatIsRewrittenAndASummary() {
    List<String> out = generate(40, folder, CommandRun.TINY, "--seeds=1-3").out();
    assertThat(out.getLast()).matches("3 images in 0:\\d\\d \\(.* (images/s|s an image)\\)");
    // lines() splits at carriage returns, as a terminal goes back to the start of the line
    assertThat(out).anyMatch(line -> line.startsWith("Generating image for seed 2 (1/3) ... "));
    assertThat(out.subList(1, out.size())).allMatch(line -> line.length() < 40);
  }
}
