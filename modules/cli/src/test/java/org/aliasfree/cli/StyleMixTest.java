package org.aliasfree.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class StyleMixTest {
  private static final int SIDE = 16;

  @TempDir private Path folder = Path.of("");

  private CommandRun run(String... options) {
    List<String> args = new ArrayList<>(List.of("style-mix", "--network", CommandRun.TINY));
    args.add("--outdir=" + folder.resolve("out"));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private int[] file(String name) throws IOException {
    return pixels(ImageIO.read(folder.resolve(name).toFile()));
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> namesOf(List<Integer> rows, List<Integer> columns) {
    Stream<String> pairs = rows.stream().flatMap(r -> columns.stream().map(c -> r + "-" + c));
    Stream<String> alone = Stream.concat(rows.stream(), columns.stream()).map(s -> s + "-" + s);
    return Stream.concat(Stream.concat(pairs, alone).map(n -> n + ".png"), Stream.of("grid.png"))
        .sorted()
        .toList();
  }

  @Test
  void withoutOptionsTheSeedsAreThoseOfTheOriginal() throws IOException {
    assertThat(run().exitCode()).isZero();
    assertThat(files())
        .isEqualTo(namesOf(List.of(85, 100, 75, 458, 1500), List.of(55, 821, 1789, 293)));
    BufferedImage grid = ImageIO.read(folder.resolve("out/grid.png").toFile());
    assertThat(List.of(grid.getWidth(), grid.getHeight())).containsExactly(5 * SIDE, 6 * SIDE);
  }

  @Test
  void theGridShowsTheFilesAroundABlackCorner() throws IOException {
    CommandRun run = run("--rows=1,2", "--cols=3,4,5", "--styles=0-2", "--batch=2");
    assertThat(run.err()).isEmpty();
    assertThat(run.out().getLast()).endsWith("grid.png, and 11 pictures");
    BufferedImage grid = ImageIO.read(folder.resolve("out/grid.png").toFile());
    List<List<String>> cells =
        List.of(
            List.of("", "3-3", "4-4", "5-5"),
            List.of("1-1", "1-3", "1-4", "1-5"),
            List.of("2-2", "2-3", "2-4", "2-5"));
    for (int y = 0; y < 3; y++) {
      for (int x = 0; x < 4; x++) {
        int[] cell = pixels(grid.getSubimage(x * SIDE, y * SIDE, SIDE, SIDE));
        if (x + y == 0) {
          assertThat(cell).containsOnly(0xff000000);
        } else {
          String name = cells.get(y).get(x);
          assertThat(file("out/" + name + ".png")).as(name).isEqualTo(cell);
        }
      }
    }
    assertThat(file("out/2-4.png")).isNotEqualTo(file("out/2-2.png"));
    assertThat(file("out/2-4.png")).isNotEqualTo(file("out/4-4.png"));
  }

  @Test
  void aSeedByItselfIsThePictureOfGenerate() throws IOException {
    run("--rows=1", "--cols=3", "--trunc=0.6");
    CommandRun.of(
        "generate",
        "--network",
        CommandRun.TINY,
        "--seeds=1,3",
        "--trunc=0.6",
        "--outdir=" + folder);
    assertThat(file("out/1-1.png")).isEqualTo(file("seed0001.png"));
    assertThat(file("out/3-3.png")).isEqualTo(file("seed0003.png"));
  }

  @Test
  void allStylesAreTheColumnsPictureAndNoneTheRows() throws IOException {
    run("--rows=1", "--cols=3", "--styles=0-5");
    assertThat(file("out/1-3.png")).isEqualTo(file("out/3-3.png"));
    run("--rows=1", "--cols=3", "--styles=none");
    assertThat(file("out/1-3.png")).isEqualTo(file("out/1-1.png"));
  }

  @Test
  void aStyleThatTheNetworkLacksIsOneLine() {
    CommandRun run = run("--styles=0-6");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .containsExactly("aliasfree: --styles: 6 is out of range: the network takes 6 w, 0 to 5.");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void jsonNamesEveryFile() {
    CommandRun run = run("--rows=1", "--cols=1,3", "--json");
    assertThat(run.out()).hasSize(1);
    var told = JsonMapper.shared().readTree(run.out().getFirst());
    assertThat(told.get("files").valueStream().map(f -> Path.of(f.asString()).getFileName()))
        .map(Path::toString)
        .containsExactlyInAnyOrder("1-1.png", "3-3.png", "1-3.png", "grid.png");
    assertThat(told.get("file").asString()).endsWith("grid.png");
  }
}
