package org.aliasfree.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.aliasfree.data.DatasetOptions;
import org.aliasfree.data.ImageDataset;
import org.aliasfree.data.ImageGrid;
import org.aliasfree.data.InfiniteSampler;
import org.aliasfree.data.ItemDetails;
import org.aliasfree.data.PngWriter;
import org.aliasfree.data.SampleGrid;
import org.aliasfree.network.Pixels;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Data sets, their order and their grids against the original's, bit by bit. */
class DatasetGoldenTest {
  @TempDir Path folder;

  static Stream<GoldenCase> labels() {
    return Goldens.cases("dataset.labels").stream();
  }

  static Stream<GoldenCase> maxSizes() {
    return Goldens.cases("random.dataset_max_size").stream();
  }

  static Stream<GoldenCase> samplers() {
    return Goldens.cases("random.infinite_sampler").stream();
  }

  static Stream<GoldenCase> grids() {
    return Goldens.cases("dataset.grid").stream();
  }

  static Stream<GoldenCase> imageGrids() {
    return Goldens.cases("dataset.image_grid").stream();
  }

  private static DatasetOptions options(GoldenCase golden) {
    DatasetOptions options =
        DatasetOptions.DEFAULT
            .withLabels(golden.hasParam("use_labels") && golden.param("use_labels").asBoolean())
            .withXflip(golden.hasParam("xflip") && golden.param("xflip").asBoolean())
            .withRandomSeed(
                golden.hasParam("random_seed") ? golden.param("random_seed").asLong() : 0);
    return golden.hasParam("max_size")
        ? options.withMaxSize(golden.param("max_size").asInt())
        : options;
  }

  @ParameterizedTest
  @MethodSource("labels")
  void anArchiveOfTheOriginalToolHasItsItemsAndLabels(GoldenCase golden) {
    Path archive = golden.path().resolveSibling(golden.param("archive").asString());
    try (ImageDataset dataset = ImageDataset.open(archive, options(golden))) {
      assertThat(dataset.labelDim()).isEqualTo(golden.param("label_dim").asInt());
      assertThat(dataset.hasLabels()).isEqualTo(golden.param("has_labels").asBoolean());
      assertThat(dataset.hasOnehotLabels())
          .isEqualTo(golden.param("has_onehot_labels").asBoolean());
      assertThat(dataset.resolution()).isEqualTo(golden.param("resolution").asInt());
      assertThat(dataset.imageNames())
          .containsExactlyElementsOf(
              golden.param("file_names").valueStream().map(n -> n.asString()).toList());
      HostTensor images = golden.tensor("out.images");
      assertThat(dataset.size()).isEqualTo((int) images.shape().dim(0));
      HostTensor labels = HostTensor.allocate(TensorType.f32(dataset.size(), dataset.labelDim()));
      for (int i = 0; i < dataset.size(); i++) {
        assertThat(dataset.image(i).type()).isEqualTo(images.row(i).type());
        assertThat(dataset.image(i).data().mismatch(images.row(i).data())).isEqualTo(-1);
        dataset.readLabel(i, labels.data().asSlice(i * 4L * dataset.labelDim()));
      }
      golden.assertMatches("out.labels", labels);
      assertOrder(golden, dataset);
    }
  }

  private static void assertOrder(GoldenCase golden, ImageDataset dataset) {
    List<ItemDetails> items =
        IntStream.range(0, dataset.size()).mapToObj(dataset::details).toList();
    assertThat(items.stream().mapToLong(ItemDetails::rawIndex).toArray())
        .containsExactly(longs(golden.tensor("out.raw_idx")));
    assertThat(items.stream().mapToLong(i -> i.xflip() ? 1 : 0).toArray())
        .containsExactly(longs(golden.tensor("out.xflip")));
    assertThat(items).noneMatch(ItemDetails::yflip);
  }

  private static long[] longs(HostTensor t) {
    return LongStream.range(0, t.type().elements()).map(i -> (long) t.get(i)).toArray();
  }

  @ParameterizedTest
  @MethodSource("maxSizes")
  void aDataSetIsCutToTheSameImages(GoldenCase golden) throws IOException {
    writeImages(golden.param("count").asInt(), 2);
    try (ImageDataset dataset = ImageDataset.open(folder, options(golden))) {
      assertOrder(golden, dataset);
    }
  }

  private void writeImages(int count, int resolution) throws IOException {
    byte[] png =
        PngWriter.bytes(HostTensor.allocate(TensorType.of(DType.U8, resolution, resolution, 1)));
    for (int i = 0; i < count; i++) {
      Files.write(folder.resolve(imageName(i)), png);
    }
  }

  private static String imageName(int i) {
    return "img%08d.png".formatted(i);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void itemsComeInTheOrderOfTheOriginalFromAnyPositionOn(GoldenCase golden) {
    var settings =
        new InfiniteSampler.Settings(
            golden.param("size").asInt(),
            golden.hasParam("rank") ? golden.param("rank").asInt() : 0,
            golden.hasParam("num_replicas") ? golden.param("num_replicas").asInt() : 1,
            !golden.hasParam("shuffle") || golden.param("shuffle").asBoolean(),
            golden.hasParam("seed") ? golden.param("seed").asLong() : 0,
            golden.hasParam("window_size") ? golden.param("window_size").asDouble() : 0.5);
    long[] order = longs(golden.tensor("out.order"));
    var sampler = new InfiniteSampler(settings);
    assertThat(LongStream.range(0, order.length).map(i -> sampler.next()).toArray())
        .containsExactly(order);
    assertThat(sampler.position()).isEqualTo(order.length);
    for (int start : new int[] {0, 1, order.length / 2, order.length - 1}) {
      sampler.skipTo(start);
      assertThat(sampler.position()).isEqualTo(start);
      assertThat(LongStream.range(start, order.length).map(i -> sampler.next()).toArray())
          .containsExactly(java.util.Arrays.copyOfRange(order, start, order.length));
    }
  }

  @ParameterizedTest
  @MethodSource("grids")
  void theGridOfATrainingRunShowsTheSameItems(GoldenCase golden) throws IOException {
    int count = golden.param("count").asInt();
    writeImages(count, golden.param("resolution").asInt());
    if (golden.hasTensor("in.raw_labels")) {
      writeLabels(golden.tensor("in.raw_labels"));
    }
    try (ImageDataset dataset =
        ImageDataset.open(folder, DatasetOptions.DEFAULT.withLabels(true))) {
      SampleGrid grid =
          SampleGrid.of(
              dataset,
              OptionalInt.empty(),
              OptionalInt.empty(),
              golden.param("random_seed").asLong());
      assertThat(List.of(grid.columns(), grid.rows()))
          .containsExactlyElementsOf(
              golden.param("grid_size").valueStream().map(n -> n.asInt()).toList());
      assertThat(IntStream.range(0, grid.size()).mapToLong(grid::item).toArray())
          .containsExactly(longs(golden.tensor("out.indices")));
      golden.assertMatches("out.labels", grid.labels());
    }
  }

  private void writeLabels(HostTensor raw) throws IOException {
    StringJoiner entries = new StringJoiner(", ", "{\"labels\": [", "]}");
    for (int i = 0; i < raw.shape().dim(0); i++) {
      HostTensor label = raw.row(i);
      String text =
          label.shape().rank() == 0
              ? Long.toString((long) label.get(0))
              : List.of((float) label.get(0), (float) label.get(1)).toString();
      entries.add("[\"" + imageName(i) + "\", " + text + "]");
    }
    Files.writeString(folder.resolve("dataset.json"), entries.toString());
  }

  @ParameterizedTest
  @MethodSource("imageGrids")
  void aGridIsDrawnWithTheSameGrayLevels(GoldenCase golden) {
    HostTensor images = golden.tensor("in.images");
    int columns = golden.param("grid_size").get(0).asInt();
    int rows = golden.param("grid_size").get(1).asInt();
    int channels = images.shape().intDim(1);
    int height = images.shape().intDim(2);
    int width = images.shape().intDim(3);
    var grid = new ImageGrid(columns, rows, height, width, channels);
    var frame = new ImageGrid(columns, rows, height, width, channels);
    for (int i = 0; i < columns * rows; i++) {
      grid.put(
          i,
          images.row(i),
          golden.param("drange").get(0).floatValue(),
          golden.param("drange").get(1).floatValue());
      frame.put(i, Pixels.of(images.row(i)));
    }
    golden.assertMatches(
        "out.png", grid.pixels().reshape(golden.tensor("out.png").shape().toArray()));
    golden.assertMatches("out.video_frame", frame.pixels());
  }
}
