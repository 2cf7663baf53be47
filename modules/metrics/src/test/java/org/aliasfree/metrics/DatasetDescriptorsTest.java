package org.aliasfree.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.DatasetOptions;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.PngWriter;
import org.aliasfree.data.RasterImage;
import org.aliasfree.tensor.HostTensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetDescriptorsTest {
  @TempDir private Path folder = Path.of("");

  private ImageDataset dataset(int images, boolean mirror) throws IOException {
    for (int i = 0; i < images; i++) {
      byte[] samples = new byte[16 * 16 * 3];
      new Random(i).nextBytes(samples);
      PngWriter.write(new RasterImage(16, 16, 3, samples).tensor(), folder.resolve(i + ".png"));
    }
    return ImageDataset.open(folder, DatasetOptions.DEFAULT.withXflip(mirror));
  }

  @Test
  void halvesAreAllOfTheDataAndKeepMirroredCopiesTogether() throws IOException {
    try (ImageDataset dataset = dataset(9, true)) {
      int[][] halves = DatasetDescriptors.halves(dataset, 3);
      assertThat(halves[0]).hasSize(8);
      assertThat(halves[1]).hasSize(10);
      assertThat(IntStream.concat(Arrays.stream(halves[0]), Arrays.stream(halves[1])).sorted())
          .containsExactlyElementsOf(IntStream.range(0, 18).boxed().toList());
      for (int[] half : halves) {
        List<Integer> items = Arrays.stream(half).boxed().toList();
        assertThat(items).allMatch(item -> items.contains((item + 9) % 18));
      }
      assertThat(DatasetDescriptors.halves(dataset, 4)[0]).isNotEqualTo(halves[0]);
    }
  }

  @Test
  void itemsAreDescribedAsTheyAreOnAnyNumberOfThreads() throws IOException {
    try (ImageDataset dataset = dataset(5, true)) {
      int[] items = DatasetDescriptors.items(dataset, 0);
      List<HostTensor> images = Arrays.stream(items).mapToObj(dataset::image).toList();
      PatchDescriptors expected = Textures.describe(images, 0);
      for (int threads : new int[] {1, 3}) {
        PatchDescriptors read = DatasetDescriptors.of(dataset, items, 0, threads, _ -> {});
        assertThat(read.images()).isEqualTo(10);
        assertThat(SlicedWasserstein.distance(read, expected, 1, _ -> {}).mean()).isZero();
      }
    }
  }

  @Test
  void oneImageHasNoHalves() throws IOException {
    try (ImageDataset dataset = dataset(1, true)) {
      assertThatThrownBy(() -> DatasetDescriptors.halves(dataset, 0))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("2 images or more");
    }
  }

  @Test
  void aFaultyImageEndsTheWorkWithItsName() throws IOException {
    try (ImageDataset dataset = dataset(6, false)) {
      Files.write(folder.resolve("4.png"), new byte[] {1, 2, 3});
      int[] items = DatasetDescriptors.items(dataset, 0);
      assertThatThrownBy(() -> DatasetDescriptors.of(dataset, items, 0, 2, _ -> {}))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining("4.png");
    }
  }
}
