package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands do where no network is named. */
class BundledNetworkTest {
  private static final Path ROOT = Path.of(System.getProperty("aliasfree.root", "../.."));

  @TempDir private Path folder = Path.of("");

  private CommandRun run(String... args) {
    CommandRun run = CommandRun.of(args);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return run;
  }

  @Test
  void generateTakesTheNetworkThatComesWithIt() {
    CommandRun run = run("generate", "--seeds=3", "--outdir=" + folder);
    assertThat(run.out())
        .containsExactly(
            "Network: emoji-portraits, 64x64, portraits in the style of emoji (--network chooses another)",
            "Generating image for seed 3 (0/1) ...");
    Path named = folder.resolve("named");
    run("generate", "--network=builtin:emoji-portraits", "--seeds=3", "--outdir=" + named);
    assertThat(folder.resolve("seed0003.png"))
        .hasSameBinaryContentAs(named.resolve("seed0003.png"));
  }

  /**
   * The picture was made with the network in f32, before its parameters were rounded to f16. A
   * rounding changes a weight by up to 2⁻¹¹ of itself, 2⁻¹² on average; fifteen layers of many
   * weights, independent of each other, change a picture by about √15 · 2⁻¹² of its range, a
   * quarter of a grey level. So one value in a thousand may be off by two levels (a level of
   * rounding and more than three deviations), and none by more than four (sixteen deviations).
   */
  @Test
  void thePicturesOfTheReadmeAreMadeFromTheRoundedNetwork() throws IOException {
    run("generate", "--seeds=0-63", "--grid=8x8", "--outdir=" + folder);
    BufferedImage made = ImageIO.read(folder.resolve("grid.png").toFile());
    BufferedImage shown = ImageIO.read(ROOT.resolve("docs/images/portraits.png").toFile());
    assertThat(List.of(made.getWidth(), made.getHeight())).containsExactly(512, 512);
    int[] differences = new int[256];
    for (int i = 0; i < 512 * 512 * 3; i++) {
      int x = i / 3 % 512;
      int y = i / 3 / 512;
      int of = shown.getRaster().getSample(x, y, i % 3);
      differences[Math.abs(made.getRaster().getSample(x, y, i % 3) - of)]++;
    }
    assertThat(Arrays.stream(differences, 2, 256).sum())
        .as("of two levels or more")
        .isLessThan(786);
    assertThat(Arrays.stream(differences, 5, 256).sum()).as("of more than four levels").isZero();
  }

  @Test
  void sampleGridAndInfoTakeItToo() {
    run("sample-grid", "--seeds=1", "--outfile=" + folder.resolve("a.png"));
    assertThat(folder.resolve("a.png")).exists();
    List<String> info = run("networks", "info").out();
    assertThat(info.getFirst())
        .startsWith("emoji-portraits: portraits in the style of emoji; from 807 portraits");
    assertThat(info).anyMatch(line -> line.startsWith("G_ema: StyleGAN3 generator"));
    assertThat(run("networks", "info", "--json").out()).hasSize(1);
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThatThereAre() {
    CommandRun run =
        CommandRun.of(
            "generate", "--network=builtin:faces", "--seeds=1", "--outdir=" + folder.resolve("no"));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly(
            "aliasfree: --network: no network comes with this installation as \"faces\"; there are:"
                + " emoji-portraits.");
  }

  @Test
  void jsonSaysNothingBesides() {
    assertThat(run("generate", "--seeds=3", "--outdir=" + folder, "--json").out()).hasSize(1);
  }

  @Test
  void theBundledNetworkHasNoOtherGenerator() {
    CommandRun run =
        CommandRun.of("generate", "--net=G", "--seeds=1", "--outdir=" + folder.resolve("no"));
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().getFirst()).contains("there is no network \"G\"", "it has G_ema");
  }
}
