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
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SampleGridTest {
  private static final int SIDE = 16;

  @TempDir private Path folder = Path.of("");
  private String network = CommandRun.TINY;

  private Path file(String name) {
    return folder.resolve(name);
  }

  private CommandRun run(Path to, String... options) {
    List<String> args = new ArrayList<>(List.of("sample-grid", "--network", network));
    args.addAll(List.of("--outfile", to.toString()));
    args.addAll(List.of(options));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private BufferedImage sheet(String... options) throws IOException {
    CommandRun run = run(file("sheet.png"), options);
    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    return ImageIO.read(file("sheet.png").toFile());
  }

  /** What the command generate makes of a seed. */
  private BufferedImage generated(int seed, String... options) throws IOException {
    List<String> args = new ArrayList<>(List.of("generate", "--network", network));
    args.addAll(List.of("--seeds=" + seed, "--outdir=" + folder));
    args.addAll(List.of(options));
    assertThat(CommandRun.of(args.toArray(String[]::new)).err()).isEmpty();
    return ImageIO.read(file("seed000" + seed + ".png").toFile());
  }

  /** A cell of a sheet without gaps whose pixels are not enlarged. */
  private static BufferedImage cell(BufferedImage sheet, int row, int column) {
    return sheet.getSubimage(column * SIDE, row * SIDE, SIDE, SIDE);
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private void assertCell(BufferedImage sheet, int row, int column, BufferedImage expected) {
    assertThat(pixels(cell(sheet, row, column)))
        .as("row %d, column %d", row, column)
        .isEqualTo(pixels(expected));
  }

  @Test
  void samplesAreThePicturesOfGenerateRowByRow() throws IOException {
    BufferedImage sheet =
        sheet("--seed-start=2", "--grid=3x2", "--scale=1", "--trunc=0.7", "--batch=4");
    assertThat(List.of(sheet.getWidth(), sheet.getHeight())).containsExactly(48, 32);
    for (int i = 0; i < 6; i++) {
      assertCell(sheet, i / 3, i % 3, generated(2 + i, "--trunc=0.7"));
    }
  }

  @Test
  void pixelsAreEnlargedAndPicturesKeptApart() throws IOException {
    BufferedImage sheet = sheet("--seeds=1,2", "--scale=3", "--gap=5");
    assertThat(List.of(sheet.getWidth(), sheet.getHeight())).containsExactly(2 * 48 + 5, 48);
    BufferedImage first = generated(1);
    BufferedImage second = generated(2);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 48; x++) {
        assertThat(sheet.getRGB(x, y)).isEqualTo(first.getRGB(x / 3, y / 3));
        assertThat(sheet.getRGB(53 + x, y)).isEqualTo(second.getRGB(x / 3, y / 3));
      }
      assertThat(sheet.getRGB(50, y)).isEqualTo(0xff000000);
    }
  }

  @Test
  void sheetsOfSmallPicturesAreAtLeast512Wide() throws IOException {
    assertThat(sheet("--seeds=0-2").getWidth()).isEqualTo(3 * SIDE * 11);
    assertThat(sheet("--seeds=0-9").getHeight()).as("8 columns, 2 rows").isEqualTo(2 * SIDE * 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"w", "z"})
  void aWalkBeginsAndEndsWithThePicturesOfItsSeeds(String space) throws IOException {
    BufferedImage sheet =
        sheet("--kind=walk", "--seeds=3,5,4", "--steps=4", "--space=" + space, "--scale=1");
    assertThat(List.of(sheet.getWidth(), sheet.getHeight())).containsExactly(64, 32);
    assertCell(sheet, 0, 0, generated(3));
    assertCell(sheet, 0, 3, generated(5));
    assertCell(sheet, 1, 0, generated(5));
    assertCell(sheet, 1, 3, generated(4));
    List<int[]> way = Stream.of(0, 1, 2, 3).map(i -> pixels(cell(sheet, 0, i))).toList();
    assertThat(way).doesNotHaveDuplicates();
  }

  @Test
  void theArcKeepsLengthsAndTheLineDoesNot() {
    HostTensor a = HostTensor.allocate(TensorType.of(DType.F32, 1, 2));
    HostTensor b = HostTensor.allocate(TensorType.of(DType.F32, 1, 2));
    a.set(0, 2);
    b.set(1, 2);
    Offset<Double> rounding = Offset.offset(1e-6);
    assertThat(Latents.arc(a, b, 1 / 3.0).get(0)).isCloseTo(2 * Math.cos(Math.PI / 6), rounding);
    assertThat(Latents.arc(a, b, 1 / 3.0).get(1)).isCloseTo(2 * Math.sin(Math.PI / 6), rounding);
    assertThat(Latents.line(a, b, 0.25).get(0)).isCloseTo(1.5, rounding);
    assertThat(Latents.line(a, b, 0.25).get(1)).isCloseTo(0.5, rounding);
    assertThat(Latents.arc(a, a, 0.5).get(0)).as("no angle").isEqualTo(2);
  }

  @Test
  void truncationHasAColumnForEachPsi() throws IOException {
    BufferedImage sheet = sheet("--kind=truncation", "--seeds=1,2", "--psis=1,-0.5,0", "--scale=1");
    for (int row = 0; row < 2; row++) {
      assertCell(sheet, row, 0, generated(1 + row));
      assertCell(sheet, row, 1, generated(1 + row, "--trunc=-0.5"));
      assertCell(sheet, row, 2, generated(7, "--trunc=0"));
    }
  }

  @Test
  void classesHaveAColumnEach() throws IOException {
    network = CommandRun.TINY + "&c_dim=3";
    BufferedImage sheet = sheet("--kind=classes", "--seeds=4,1", "--scale=1");
    assertThat(sheet.getWidth()).isEqualTo(3 * SIDE);
    assertCell(sheet, 0, 2, generated(4, "--class=2"));
    assertCell(sheet, 1, 0, generated(1, "--class=0"));
    assertCell(
        sheet("--kind=classes", "--classes=1", "--scale=1"), 3, 0, generated(3, "--class=1"));
  }

  @Test
  void mixingTakesTheLayersOfTheColumnsSeed() throws IOException {
    String[] seeds = {"--kind=mix", "--seeds=1,2", "--cols=3,4,5", "--scale=1"};
    List<BufferedImage> sheets = new ArrayList<>();
    for (String layers : List.of("none", "all", "0-2", "3-5", "0,1,2")) {
      BufferedImage sheet = sheet(seeds[0], seeds[1], seeds[2], seeds[3], "--mix=" + layers);
      assertThat(List.of(sheet.getWidth(), sheet.getHeight())).containsExactly(64, 48);
      assertThat(pixels(cell(sheet, 0, 0))).containsOnly(0xff000000);
      for (int i = 1; i < 3; i++) {
        assertCell(sheet, i, 0, generated(i));
      }
      for (int i = 1; i < 4; i++) {
        assertCell(sheet, 0, i, generated(2 + i));
      }
      sheets.add(sheet);
    }
    assertCell(sheets.get(0), 2, 3, generated(2));
    assertCell(sheets.get(1), 2, 3, generated(5));
    List<int[]> mixed = sheets.stream().map(sheet -> pixels(cell(sheet, 2, 3))).toList();
    assertThat(mixed.subList(0, 4)).doesNotHaveDuplicates();
    assertThat(mixed.get(4)).isEqualTo(mixed.get(2));
  }

  @Test
  void transformTurnsAndThenShifts() throws IOException {
    BufferedImage sheet =
        sheet("--kind=transform", "--seeds=1,2", "--degrees=0,30", "--shifts=-0.25", "--scale=1");
    assertThat(sheet.getWidth()).isEqualTo(3 * SIDE);
    assertCell(sheet, 0, 0, generated(1));
    assertCell(sheet, 1, 1, generated(2, "--rotate=30"));
    assertCell(sheet, 1, 2, generated(2, "--translate=-0.25,0"));
    assertThat(sheet("--kind=transform", "--seeds=1", "--scale=1").getWidth()).isEqualTo(8 * SIDE);
  }

  @Test
  void noiseIsThatOfGenerate() throws IOException {
    network = "random:stylegan2-16?seed=1&cbase=128&cmax=8&map_layers=1";
    for (String noise : List.of("--noise-mode=random", "--noise-mode=none")) {
      BufferedImage sheet = sheet("--seeds=6,7", "--scale=1", "--batch=2", noise);
      assertCell(sheet, 0, 1, generated(7, noise));
    }
  }

  @ParameterizedTest
  @CsvSource({"--threads=1, --threads=3", "--batch=1, --batch=5"})
  void bytesDoNotDependOnHowTheWorkIsDone(String some, String other) throws IOException {
    run(file("a.png"), "--kind=transform", "--seeds=0-2", "--degrees=0,10,0", some);
    run(file("b.png"), "--kind=transform", "--seeds=0-2", "--degrees=0,10,0", other);
    assertThat(file("b.png")).hasSameBinaryContentAs(file("a.png"));
  }

  @Test
  void jsonIsOneObject() {
    CommandRun run =
        run(file("a.png"), "--kind=truncation", "--seeds=3", "--psis=0,0.5,1", "--json");
    assertThat(run.out()).hasSize(1);
    JsonNode told = JsonMapper.shared().readTree(run.out().getFirst());
    assertThat(told.get("file").asString()).isEqualTo(file("a.png").toString());
    assertThat(told.get("rows").valueStream().map(JsonNode::asString)).containsExactly("seed 3");
    assertThat(told.get("columns").valueStream().map(JsonNode::asString))
        .containsExactly("psi 0", "psi 0.5", "psi 1");
    assertThat(told.get("width").asInt()).isEqualTo(3 * SIDE * told.get("scale").asInt());
  }

  @Test
  void allFaultsAreReportedTogether() throws IOException {
    CommandRun run =
        run(
            file("missing/a.png"),
            "--kind=walk",
            "--network=/no/such.pkl",
            "--seeds=x",
            "--steps=1",
            "--space=y",
            "--psis=1",
            "--trunc=much",
            "--class=-1",
            "--scale=0",
            "--gap=-1",
            "--batch=0",
            "--backend=abacus",
            "--zoom=2");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(13).allMatch(line -> line.startsWith("aliasfree: "));
    assertThat(String.join(" ", run.err()))
        .contains("missing does not exist", "/no/such.pkl", "--seeds", "--steps", "--space")
        .contains("--psis is for --kind=truncation", "--trunc", "--class", "--scale", "--gap")
        .contains("--batch", "--backend", "--zoom");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--kind=classes, the network has no classes",
    "--kind=heap, is not one of samples",
    "--kind=mix --mix=6, the network takes 6 w; 0 to 5",
    "--kind=walk --seeds=1, give 2 or more",
    "--kind=truncation --trunc=0.5, leave it out",
    "--grid=2x2 --seeds=1, has 4 places",
    "--seeds=1 --seed-start=1, give one of them",
    "--steps=3, is for --kind=walk",
    "--outfile=a.jpg, does not end in .png",
    "--grid=1000x1000 --scale=100, use a smaller --scale",
    "--network=random:stylegan2-16?cmax=4 --kind=transform, cannot be moved",
    "--network=random:stylegan2-16?cmax=4&map_w_avg_beta=none --kind=truncation --psis=0, keeps no mean"
  })
  void whatCannotBeShownIsOneLine(String options, String says) {
    CommandRun run = run(file("a.png"), options.split(" ", -1));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).hasSize(1);
    assertThat(run.err().getFirst()).contains(says.replace(';', ','));
    assertThat(file("a.png")).doesNotExist();
  }

  @Test
  void terminalSeesHowFarItIs() {
    List<String> out =
        CommandRun.of(
                60,
                "sample-grid",
                "--network=" + network,
                "--seeds=1-3",
                "--outfile=" + file("a.png"))
            .out();
    assertThat(out).anyMatch(line -> line.startsWith("Generating picture 2/3 ... "));
    assertThat(out.getLast()).isEqualTo(file("a.png") + ": 3x1 pictures, 528x176 pixels");
  }
}
