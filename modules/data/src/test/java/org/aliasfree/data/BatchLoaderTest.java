package org.aliasfree.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchLoaderTest {
  private static final int BATCH = 3;
  private static final int BATCHES = 12;

  @TempDir Path temp;
  private Path zip = Path.of("");

  @BeforeEach
  void write() throws IOException {
    StringBuilder labels = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      labels.append(i == 0 ? "" : ", ").append("[\"0/%d.png\", %d]".formatted(i, i % 4));
    }
    zip =
        DatasetFolder.ofNoise(10, 3)
            .withLabels("{\"labels\": [" + labels + "]}")
            .zipTo(temp.resolve("a.zip"), ZipEntry.DEFLATED);
  }

  private ImageDataset open() {
    return ImageDataset.open(zip, DatasetOptions.DEFAULT.withLabels(true).withXflip(true));
  }

  private static InfiniteSampler sampler(ImageDataset dataset) {
    return new InfiniteSampler(InfiniteSampler.Settings.of(dataset.size(), 5));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void batchesAreTheItemsOfTheSamplerWhateverTheThreads(int workers) {
    try (ImageDataset dataset = open();
        BatchLoader loader = new BatchLoader(dataset, sampler(dataset), BATCH, workers)) {
      InfiniteSampler order = sampler(dataset);
      for (int b = 0; b < BATCHES; b++) {
        Batch batch = loader.next();
        assertThat(batch.images().type()).isEqualTo(TensorType.of(DType.U8, BATCH, 3, 8, 8));
        assertThat(batch.labels().type()).isEqualTo(TensorType.f32(BATCH, 4));
        for (int n = 0; n < BATCH; n++) {
          int item = order.next();
          assertSame(batch.images().row(n), dataset.image(item));
          assertSame(batch.labels().row(n), dataset.label(item));
        }
        assertThat(batch.position()).isEqualTo(order.position());
      }
    }
  }

  private static void assertSame(HostTensor got, HostTensor expected) {
    assertThat(got.data().mismatch(expected.data())).isEqualTo(-1);
  }

  @Test
  void loaderThatStartsAtThePositionOfABatchGivesTheNext() {
    try (ImageDataset dataset = open();
        BatchLoader first = new BatchLoader(dataset, sampler(dataset), BATCH, 2)) {
      List<Batch> all = new ArrayList<>();
      for (int b = 0; b < BATCHES; b++) {
        all.add(first.next());
      }
      InfiniteSampler later = sampler(dataset);
      later.skipTo(all.get(4).position());
      try (BatchLoader second = new BatchLoader(dataset, later, BATCH, 3)) {
        for (int b = 5; b < BATCHES; b++) {
          Batch batch = second.next();
          assertSame(batch.images(), all.get(b).images());
          assertSame(batch.labels(), all.get(b).labels());
          assertThat(batch.position()).isEqualTo(all.get(b).position());
        }
      }
    }
  }

  @Test
  void withoutLabelsTheirTensorHasNoElements() {
    try (ImageDataset dataset = ImageDataset.open(zip, DatasetOptions.DEFAULT);
        BatchLoader loader = new BatchLoader(dataset, sampler(dataset), BATCH, 1)) {
      assertThat(loader.next().labels().type()).isEqualTo(TensorType.f32(BATCH, 0));
    }
  }

  @Test
  void faultyImageIsNamedWhenItsTurnComesAndFromThenOn() throws IOException {
    Path folder = DatasetFolder.ofNoise(6, 3).with("0/4.png", new byte[7]).writeTo(temp);
    var plain = new InfiniteSampler.Settings(6, 0, 1, false, 0, 0);
    try (ImageDataset dataset = ImageDataset.open(folder, DatasetOptions.DEFAULT);
        BatchLoader loader = new BatchLoader(dataset, new InfiniteSampler(plain), 2, 2)) {
      loader.next();
      loader.next();
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(loader::next)
            .isInstanceOf(AliasFreeException.class)
            .hasMessageContaining(folder.resolve("0/4.png").toString());
      }
    }
  }

  @Test
  void closingEndsTheThreads() throws InterruptedException {
    try (ImageDataset dataset = open()) {
      BatchLoader loader = new BatchLoader(dataset, sampler(dataset), BATCH, 4);
      loader.next();
      loader.close();
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread.getName().startsWith("aliasfree-data-")) {
          // A pool has ended a moment before its last thread is gone.
          assertThat(thread.join(Duration.ofMinutes(1))).as("%s ended", thread).isTrue();
        }
      }
      assertThatThrownBy(loader::next).hasMessageContaining("closed");
      loader.close();
    }
  }

  @Test
  void impossibleLoadersAreRefused() {
    try (ImageDataset dataset = open()) {
      assertThatThrownBy(
              () ->
                  new BatchLoader(
                      dataset, new InfiniteSampler(InfiniteSampler.Settings.of(3, 0)), 1, 1))
          .hasMessageContaining("3 items")
          .hasMessageContaining("has 20");
      assertThatThrownBy(() -> new BatchLoader(dataset, sampler(dataset), 0, 1))
          .hasMessageContaining("batches of 0");
      assertThatThrownBy(() -> new BatchLoader(dataset, sampler(dataset), 1 << 30, 1))
          .hasMessageContaining("2 GiB");
      assertThatThrownBy(() -> new InfiniteSampler(InfiniteSampler.Settings.of(0, 0)))
          .hasMessageContaining("size 0");
    }
  }
}
