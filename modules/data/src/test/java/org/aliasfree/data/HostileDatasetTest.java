package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipEntry;
import org.aliasfree.AliasFreeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a data set ends in one line that says where and what. */
class HostileDatasetTest {
  @TempDir Path temp;

  private static void assertRefused(Path path, DatasetOptions options, String... parts) {
    assertThatThrownBy(() -> ImageDataset.open(path, options).close())
        .isInstanceOf(AliasFreeException.class)
        .hasMessageNotContaining("\n")
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  private static void assertRefused(Path path, String... parts) {
    assertRefused(path, DatasetOptions.DEFAULT, parts);
  }

  @Test
  void whatIsNoFolderAndNoArchiveIsRefused() throws IOException {
    assertRefused(temp.resolve("gone.zip"), "gone.zip", "does not exist");
    Path text = Files.writeString(temp.resolve("data.txt"), "x");
    assertRefused(text, "data.txt", "Path must point to a directory or zip");
    assertRefused(Files.writeString(temp.resolve("bad.zip"), "no zip"), "bad.zip", "zip archive");
    assertRefused(Files.write(temp.resolve("empty.zip"), new byte[0]), "empty.zip");
    Path cut = DatasetFolder.ofNoise(3, 3).zipTo(temp.resolve("cut.zip"), ZipEntry.STORED);
    byte[] whole = Files.readAllBytes(cut);
    assertRefused(Files.write(cut, Arrays.copyOf(whole, whole.length / 2)), "cut.zip");
  }

  @Test
  void dataSetWithoutImagesIsRefused() throws IOException {
    Path folder = new DatasetFolder().withLabels("{\"labels\": null}").writeTo(temp);
    assertRefused(folder, "No image files found in the specified path", folder.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.png", "0/../../a.png", "/a.png", "C:/a.png", "..\\a.png"})
  void entryWithAPathOutsideIsRefused(String name) throws IOException {
    Path zip =
        DatasetFolder.ofNoise(1, 3)
            .with(name, DatasetFolder.noise(8, 8, 3, 0))
            .zipTo(temp.resolve("a.zip"), ZipEntry.STORED);
    assertRefused(zip, "a.zip", "\"" + name + "\"", "leads out of the archive");
  }

  @Test
  void entryThatWouldFillTheMemoryIsNotUnpacked() throws IOException {
    Path zip =
        new DatasetFolder()
            .with("bomb.png", new byte[1 << 25])
            .zipTo(temp.resolve("a.zip"), ZipEntry.DEFLATED);
    assertRefused(zip, "bomb.png in ", "a.zip", "which no image does");
  }

  /** The archive's own index says 100 bytes less than are there, or more. */
  @ParameterizedTest
  @CsvSource({"-100, more than the", "100, fewer than the"})
  void entryOfAnotherSizeThanDeclaredIsRefused(int change, String problem) throws IOException {
    Path zip = DatasetFolder.ofNoise(1, 3).zipTo(temp.resolve("a.zip"), ZipEntry.DEFLATED);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(zip)).order(ByteOrder.LITTLE_ENDIAN);
    int index = bytes.getInt(bytes.limit() - 6);
    bytes.putInt(index + 24, bytes.getInt(index + 24) + change);
    Files.write(zip, bytes.array());
    assertRefused(zip, "0/0.png in ", problem);
  }

  @Test
  void damagedByteInAnArchiveIsNoticed() throws IOException {
    Path zip =
        new DatasetFolder()
            .with("a.bmp", new byte[1000])
            .zipTo(temp.resolve("a.zip"), ZipEntry.STORED);
    byte[] bytes = Files.readAllBytes(zip);
    bytes[500] ^= 1;
    Files.write(zip, bytes);
    assertRefused(zip, "a.bmp in ", "checksum");
  }

  @Test
  void formatsThatNobodyReadsAreNamedWithTheRemedy() throws IOException {
    Path folder =
        DatasetFolder.ofNoise(1, 3)
            .with("x.webp", new byte[9])
            .with("y.webp", new byte[9])
            .writeTo(temp);
    assertRefused(folder, "2 of the 3 images", "x.webp", "plug-in", "png");
  }

  @Test
  void firstImageMustBeSquareAndOfTheResolution() throws IOException {
    Path wide =
        new DatasetFolder()
            .with("a.png", DatasetFolder.noise(8, 4, 3, 0))
            .writeTo(temp.resolve("wide"));
    assertRefused(wide, "a.png", "8x4", "square");
    Path small = DatasetFolder.ofNoise(1, 3).writeTo(temp.resolve("small"));
    assertRefused(
        small,
        DatasetOptions.DEFAULT.withResolution(16),
        "0.png",
        "8x8",
        "16x16",
        "Image files do not match the specified resolution");
    Path alpha = DatasetFolder.ofNoise(1, 2).writeTo(temp.resolve("alpha"));
    assertRefused(alpha, "0.png", "gray with alpha");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "links need privileges there")
  void everyFaultyImageIsListedAndTheOthersCanBeRead() throws IOException {
    byte[] png = DatasetFolder.noise(8, 8, 3, 0);
    byte[] damaged = png.clone();
    damaged[png.length / 2] ^= 1;
    Path folder =
        DatasetFolder.ofNoise(2, 3)
            .with("a.png", damaged)
            .with("b.png", new byte[0])
            .with("c.png", DatasetFolder.noise(16, 16, 3, 0))
            .with("d.png", DatasetFolder.noise(8, 8, 1, 0))
            .with("e.jpg", "no jpeg".getBytes(java.nio.charset.StandardCharsets.UTF_8))
            .with("g.png", Arrays.copyOf(png, png.length / 2))
            .with("h.png", png)
            .writeTo(temp);
    Files.createSymbolicLink(temp.resolve("f.png"), Path.of("nowhere"));
    List<Integer> progress = new ArrayList<>();
    try (ImageDataset dataset = ImageDataset.open(folder, DatasetOptions.DEFAULT)) {
      List<FaultyImage> faulty = dataset.verify(progress::add);
      assertThat(faulty)
          .extracting(FaultyImage::file)
          .containsExactly("a.png", "b.png", "c.png", "d.png", "e.jpg", "f.png", "g.png");
      List<String> problems =
          List.of("checksum", "empty", "16x16", "1 channel,", "no image", "link", "ends before");
      for (int i = 0; i < problems.size(); i++) {
        FaultyImage image = faulty.get(i);
        assertThat(image.problem()).contains(temp.resolve(image.file()).toString());
        assertThat(image.problem()).contains(problems.get(i)).doesNotContain("\n");
        assertThatThrownBy(() -> dataset.image(dataset.imageNames().indexOf(image.file())))
            .isInstanceOf(AliasFreeException.class)
            .hasMessage(image.problem());
      }
      assertThat(progress).hasSize(10).isSorted().endsWith(10);
      assertThat(dataset.image(9).type()).isEqualTo(dataset.imageType());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]| do not start with an object",
        "{\"lab| cannot be read",
        "{}| have no \"labels\"",
        "{\"labels\": 3}| neither a list nor null",
        "{\"labels\": []}| have none for 2 of the 2 images, first for 0/0.png",
        "{\"labels\": [[\"0/0.png\", 1]]}| have none for 1 of the 2 images, first for 0/1.png",
        "{\"labels\": [[\"0/0.png\", -1]]}| give 0/0.png the class -1",
        "{\"labels\": [[\"0/0.png\", 1.5]]}| give 0/0.png the class 1.5",
        "{\"labels\": [[\"0/0.png\", NaN]]}| give 0/0.png the class NaN",
        "{\"labels\": [[\"0/0.png\", 99999999999999999999]]}| the class 99999999999999999999",
        "{\"labels\": [[\"0/0.png\", \"cat\"]]}| give 0/0.png the label cat",
        "{\"labels\": [[\"0/0.png\", true]]}| give 0/0.png the label true",
        "{\"labels\": [[\"0/0.png\", null]]}| give 0/0.png the label null",
        "{\"labels\": [[\"0/0.png\", {\"a\": 1}]]}| give 0/0.png the label {",
        "{\"labels\": [[\"0/0.png\", []]]}| give 0/0.png an empty list",
        "{\"labels\": [[\"0/0.png\", [1, NaN]]]}| a list with NaN at place 1",
        "{\"labels\": [[\"0/0.png\", [1e39]]]}| a list with 1e39 at place 0",
        "{\"labels\": [[\"0/0.png\", [1, [2]]]]}| a list with [ at place 1",
        "{\"labels\": [[\"0/0.png\", [1, 2]], [\"0/1.png\", [1]]]}| 0/1.png a list of 1 numbers",
        "{\"labels\": [[\"0/0.png\", 1], [\"0/1.png\", [1]]]}| mix class numbers and lists",
        "{\"labels\": [[\"0/0.png\", 1, 2]]}| more than a name and a label",
        "{\"labels\": [[\"0/0.png\"]]}| give 0/0.png the label ]",
        "{\"labels\": [3]}| an entry that is not [\"image.png\", label]",
      })
  void labelsThatDoNotFitAreRefused(String json, String problem) throws IOException {
    Path folder = DatasetFolder.ofNoise(2, 3).withLabels(json).writeTo(temp);
    assertRefused(
        folder,
        DatasetOptions.DEFAULT.withLabels(true),
        folder.resolve("dataset.json").toString(),
        problem);
    ImageDataset.open(folder, DatasetOptions.DEFAULT).close();
  }

  @Test
  void closedDataSetSaysSo() throws IOException {
    Path zip = DatasetFolder.ofNoise(1, 3).zipTo(temp.resolve("a.zip"), ZipEntry.STORED);
    ImageDataset dataset = ImageDataset.open(zip, DatasetOptions.DEFAULT);
    dataset.close();
    assertThatThrownBy(() -> dataset.image(0)).hasMessageContaining("closed");
    assertThatThrownBy(() -> dataset.image(1)).hasMessageContaining("no item 1; it has 1");
  }
}
