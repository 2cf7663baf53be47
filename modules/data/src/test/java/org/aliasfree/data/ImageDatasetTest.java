package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageDatasetTest {
  @TempDir Path temp;

  private static byte[] bytes(HostTensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void folderAndStoredAndDeflatedArchiveHoldTheSame() throws IOException {
    DatasetFolder files =
        DatasetFolder.ofNoise(5, 3)
            .withLabels(
                """
                {"other": {"x": [1]}, "labels": [["0/3.png", 1], ["0/1.png", 0], ["gone.png", 99],
                 ["0/0.png", 2.0], ["0/2.png", 0], ["0/4.png", 1]]}
                """);
    List<Path> sources =
        List.of(
            files.writeTo(temp.resolve("set.one")),
            files.zipTo(temp.resolve("set.two.zip"), ZipEntry.STORED),
            files.zipTo(temp.resolve("set.ZIP"), ZipEntry.DEFLATED));
    List<List<byte[]>> images = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Path source : sources) {
      try (ImageDataset dataset =
          ImageDataset.open(source, DatasetOptions.DEFAULT.withLabels(true).withResolution(8))) {
        names.add(dataset.name());
        assertThat(dataset.imageNames())
            .containsExactly("0/0.png", "0/1.png", "0/2.png", "0/3.png", "0/4.png");
        assertThat(dataset.labelDim()).isEqualTo(3);
        assertThat(
                IntStream.range(0, 5).mapToObj(i -> dataset.details(i).rawLabel().get(0)).toList())
            .containsExactly(2.0, 0.0, 0.0, 1.0, 1.0);
        assertThat(dataset.verify(done -> {})).isEmpty();
        images.add(IntStream.range(0, 5).mapToObj(i -> bytes(dataset.image(i))).toList());
      }
    }
    assertThat(names).containsExactly("set", "set.two", "set");
    for (int i = 0; i < 5; i++) {
      assertThat(images.get(1).get(i)).isEqualTo(images.get(0).get(i));
      assertThat(images.get(2).get(i)).isEqualTo(images.get(0).get(i));
    }
  }

  @Test
  void bothWaysOfMirroringMakeFourOfEachImage() throws IOException {
    byte[] samples = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Path folder =
        new DatasetFolder()
            .with("a.png", DatasetFolder.png(new RasterImage(2, 2, 3, samples)))
            .with("b.png", DatasetFolder.noise(2, 2, 3, 0))
            .writeTo(temp);
    try (ImageDataset dataset =
        ImageDataset.open(
            folder, DatasetOptions.DEFAULT.withXflip(true).withVerticalMirror(true))) {
      assertThat(dataset.size()).isEqualTo(8);
      assertThat(dataset.imageCount()).isEqualTo(2);
      assertThat(bytes(dataset.image(0))).containsExactly(1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12);
      assertThat(bytes(dataset.image(2))).containsExactly(4, 1, 10, 7, 5, 2, 11, 8, 6, 3, 12, 9);
      assertThat(bytes(dataset.image(4))).containsExactly(7, 10, 1, 4, 8, 11, 2, 5, 9, 12, 3, 6);
      assertThat(bytes(dataset.image(6))).containsExactly(10, 7, 4, 1, 11, 8, 5, 2, 12, 9, 6, 3);
      assertThat(IntStream.range(0, 8).mapToObj(i -> flips(dataset.details(i))).toList())
          .containsExactly("0", "1", "0x", "1x", "0y", "1y", "0xy", "1xy");
    }
  }

  private static String flips(ItemDetails item) {
    return item.rawIndex() + (item.xflip() ? "x" : "") + (item.yflip() ? "y" : "");
  }

  /** Java compares the two halves of the first name's letter with the whole of the second's. */
  @Test
  void namesAreSortedByCodePointAsPythonSorts() throws IOException {
    byte[] png = DatasetFolder.noise(4, 4, 1, 0);
    Path zip =
        new DatasetFolder()
            .with("\ud83d\ude00.png", png)
            .with("\uff21.png", png)
            .with("b/c.png", png)
            .with("b.png", png)
            .with("B.PNG", png)
            .with("notes.txt", png)
            .with(".png", png)
            .zipTo(temp.resolve("a.zip"), ZipEntry.DEFLATED);
    try (ImageDataset dataset = ImageDataset.open(zip, DatasetOptions.DEFAULT)) {
      assertThat(dataset.imageNames())
          .containsExactly("B.PNG", "b.png", "b/c.png", "\uff21.png", "\ud83d\ude00.png");
    }
  }

  @Test
  void vectorsOfAnyNumbersAreLabelsAsTheyAre() throws IOException {
    Path folder =
        DatasetFolder.ofNoise(2, 1)
            .withLabels("{\"labels\": [[\"0/1.png\", [-1.5, 2]], [\"0/0.png\", [0.1, 1e-3]]]}")
            .writeTo(temp);
    try (ImageDataset dataset =
        ImageDataset.open(folder, DatasetOptions.DEFAULT.withLabels(true))) {
      assertThat(dataset.hasOnehotLabels()).isFalse();
      assertThat(dataset.label(0).data().toArray(HostTensor.F32)).containsExactly(0.1f, 1e-3f);
      assertThat(dataset.label(1).data().toArray(HostTensor.F32)).containsExactly(-1.5f, 2);
    }
  }

  @Test
  void manyThreadsReadTheSameAsOne() throws IOException {
    Path zip = DatasetFolder.ofNoise(16, 4).zipTo(temp.resolve("a.zip"), ZipEntry.DEFLATED);
    try (ImageDataset dataset = ImageDataset.open(zip, DatasetOptions.DEFAULT)) {
      List<byte[]> alone = IntStream.range(0, 16).mapToObj(i -> bytes(dataset.image(i))).toList();
      assertThat(
              IntStream.range(0, 800)
                  .parallel()
                  .allMatch(
                      i ->
                          java.util.Arrays.equals(bytes(dataset.image(i % 16)), alone.get(i % 16))))
          .isTrue();
    }
  }
}
