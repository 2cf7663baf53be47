package org.aliasfree.data.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipFile;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.RasterImage;
import org.aliasfree.data.UncompressedPng;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetToolTest {
  private static final Path GOLDENS =
      Path.of(System.getProperty("aliasfree.goldens", "../../goldens"));

  @TempDir private Path temporary = Path.of("");

  private static DatasetSettings settings(Path source, Path dest) {
    return new DatasetSettings(
        source, dest, 1 << 30, Transform.RESIZE, 0, 0, ResampleFilter.LANCZOS, 0, false, false, 2);
  }

  private static DatasetSettings byFolder(Path source, Path dest, boolean skipFaulty) {
    return new DatasetSettings(
        source,
        dest,
        1 << 30,
        Transform.RESIZE,
        0,
        0,
        ResampleFilter.LANCZOS,
        0,
        true,
        skipFaulty,
        2);
  }

  private static Map<String, String> zipContent(Path file) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (var entry : zip.stream().toList()) {
        try (InputStream in = zip.getInputStream(entry)) {
          content.put(entry.getName(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return content;
  }

  private static Map<String, String> folderContent(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(
            folder.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  private static byte[] png(int size, int seed) {
    byte[] samples = new byte[size * size * 3];
    new Random(seed).nextBytes(samples);
    return UncompressedPng.of(new RasterImage(size, size, 3, samples));
  }

  private Path pictures(int count) throws IOException {
    Path source = temporary.resolve("source");
    for (int i = 0; i < count; i++) {
      Path folder = Files.createDirectories(source.resolve(i % 3 == 0 ? "dog" : "Cat"));
      Files.write(folder.resolve("p" + i + ".png"), png(8, i));
    }
    return source;
  }

  /** The archives were written by the official tool; the bytes of every file are compared. */
  @ParameterizedTest
  @ValueSource(strings = {"labels_int", "labels_vector", "labels_null"})
  void officialArchiveComesOutAsItWentIn(String name) throws IOException {
    Path official = GOLDENS.resolve("dataset/" + name + ".zip");
    Path dest = temporary.resolve("new/folder/out.zip");
    DatasetResult result = DatasetTool.run(settings(official, dest), DatasetProgress.NONE);
    assertThat(result.images()).isEqualTo(7);
    assertThat(zipContent(dest)).isEqualTo(zipContent(official));
    Path folder = temporary.resolve("out");
    DatasetTool.run(settings(dest, folder), DatasetProgress.NONE);
    assertThat(folderContent(folder)).isEqualTo(zipContent(official));
    assertThat(temporary).isDirectoryNotContaining(p -> p.toString().endsWith(".part"));
  }

  @Test
  void subFoldersAreClasses() throws IOException {
    Path dest = temporary.resolve("out");
    DatasetTool.run(byFolder(pictures(4), dest, false), DatasetProgress.NONE);
    assertThat(dest.resolve("class_labels.txt")).hasContent("Cat\ndog\n");
    assertThat(dest.resolve("dataset.json"))
        .hasContent(
            "{\"labels\": [[\"00000/img00000000.png\", 0], [\"00000/img00000001.png\", 0],"
                + " [\"00000/img00000002.png\", 1], [\"00000/img00000003.png\", 1]]}");
  }

  /** Dies without tidying up at some picture, and loses the end of what it wrote. */
  private static void killed(DatasetSettings settings, int at, Random random) throws IOException {
    try (ImageSource source = ImageSources.open(settings.source(), settings.labelsFromFolders())) {
      Workplace place =
          Workplace.open(settings.dest(), settings.description() + source.fingerprint() + "\n");
      DatasetProgress death =
          new DatasetProgress() {
            @Override
            public void begun(int present, int total) {}

            @Override
            public void advanced(int done, int total) {
              if (done == at) {
                throw new IllegalStateException("killed");
              }
            }
          };
      assertThatThrownBy(() -> new Conversion(settings, source, place.sink(), death).run())
          .hasMessage("killed");
      place.close();
    }
    Path content = settings.dest().resolveSibling(settings.dest().getFileName() + ".part/content");
    Path last = content;
    if (Files.isDirectory(content)) {
      try (Stream<Path> files = Files.walk(content)) {
        last = files.filter(Files::isRegularFile).max(Path::compareTo).orElseThrow();
      }
    }
    try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - random.nextLong(channel.size() + 1));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.zip", "out"})
  void interruptedWorkEndsInTheSameBytes(String name) throws IOException {
    Path source = pictures(25);
    Files.writeString(source.resolve("dog/p12.png"), "no picture");
    Path undisturbed = temporary.resolve("whole-" + name);
    DatasetTool.run(byFolder(source, undisturbed, true), DatasetProgress.NONE);
    Random random = new Random(4);
    for (int round = 0; round < 6; round++) {
      DatasetSettings settings = byFolder(source, temporary.resolve(round + name), true);
      killed(settings, 1 + random.nextInt(24), random);
      killed(settings, 25, random);
      DatasetResult result = DatasetTool.run(settings, DatasetProgress.NONE);
      assertThat(result.faulty()).isEqualTo(1);
      if (name.endsWith("zip")) {
        assertThat(settings.dest()).hasSameBinaryContentAs(undisturbed);
      } else {
        assertThat(folderContent(settings.dest())).isEqualTo(folderContent(undisturbed));
      }
      assertThat(temporary).isDirectoryNotContaining(p -> p.toString().endsWith(".part"));
    }
  }

  @Test
  void unfinishedWorkOfAnotherCommandIsNotTakenUp() throws IOException {
    Path source = pictures(5);
    Path dest = temporary.resolve("out.zip");
    killed(byFolder(source, dest, true), 3, new Random(1));
    assertThatThrownBy(() -> DatasetTool.run(settings(source, dest), DatasetProgress.NONE))
        .hasMessageContaining("unfinished work of another command");
    assertThat(temporary.resolve("out.zip.part/content")).exists();
  }

  @Test
  void faultsAreListedAndNothingIsLeft() throws IOException {
    Path source = pictures(30);
    byte[] broken = png(8, 3);
    broken[100] ^= 1;
    Files.write(source.resolve("dog/p3.png"), broken);
    Files.write(source.resolve("dog/p9.png"), png(16, 9));
    Path dest = temporary.resolve("deep/out");
    DatasetResult result = DatasetTool.run(settings(source, dest), DatasetProgress.NONE);
    assertThat(result.written()).isFalse();
    assertThat(result.faults()).hasSize(2);
    assertThat(result.faults().get(0))
        .startsWith(source.resolve("dog/p3.png").toString())
        .contains("a checksum is wrong");
    assertThat(result.faults().get(1))
        .contains("attributes must be equal", "dataset width/cur image width: 8/16");
    assertThat(temporary.resolve("deep")).doesNotExist();
    assertThat(DatasetTool.run(byFolder(source, dest, true), DatasetProgress.NONE).images())
        .isEqualTo(28);
  }

  /** Written by LMDB 0.9.24: a branch, leaves, pictures of 48 pixels on overflow pages. */
  private byte[] lmdb() throws IOException {
    try (InputStream in = DatasetToolTest.class.getResourceAsStream("lsun.mdb.gz")) {
      assertThat(in).isNotNull();
      return new GZIPInputStream(in).readAllBytes();
    }
  }

  private Path lmdb(byte[] content) throws IOException {
    Path folder = Files.createDirectories(temporary.resolve("x_lmdb"));
    Files.write(folder.resolve("data.mdb"), content);
    return folder;
  }

  @Test
  void lmdbIsReadInOrderOfKeys() throws IOException {
    try (ImageSource source = ImageSources.open(lmdb(lmdb()), false)) {
      assertThat(source.size()).isEqualTo(30);
      for (int i = 0; i < 30; i++) {
        int key = i;
        RasterImage image = source.image(key);
        int written = image.samples()[0]; // each picture begins with its number
        assertThat(written * 7 % 30).isEqualTo(key);
        assertThat(image.width()).isEqualTo(written == 3 || written == 20 ? 48 : 8);
        assertThat(source.name(key)).endsWith(String.format("/key%03d", key));
      }
    }
  }

  @Test
  void brokenLmdbIsRefusedInWords() throws IOException {
    byte[] whole = lmdb();
    Random random = new Random(8);
    for (int round = 0; round < 300; round++) {
      byte[] broken = Arrays.copyOf(whole, round % 2 == 0 ? whole.length : random.nextInt(40960));
      for (int i = 0; i < 20 && broken.length > 0; i++) {
        broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
      }
      try (ImageSource source = ImageSources.open(lmdb(broken), false)) {
        for (int i = 0; i < source.size(); i++) {
          source.image(i);
        }
      } catch (AliasFreeException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThatThrownBy(() -> ImageSources.open(lmdb(new byte[0]), false))
        .hasMessageContaining("is no sound LMDB database");
  }

  private static void gzip(Path file, byte[]... parts) throws IOException {
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      for (byte[] part : parts) {
        out.write(part);
      }
    }
  }

  private static byte[] ints(int... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    bytes.asIntBuffer().put(values);
    return bytes.array();
  }

  @Test
  void mnistGetsABlackRim() throws IOException {
    byte[] pixels = new byte[3 * 28 * 28];
    Arrays.fill(pixels, (byte) 200);
    Path images = temporary.resolve("train-images-idx3-ubyte.gz");
    gzip(images, ints(0x803, 3, 28, 28), pixels);
    Path labels = temporary.resolve("train-labels-idx1-ubyte.gz");
    gzip(labels, ints(0x801, 3), new byte[] {4, 0, 9});
    try (ImageSource source = ImageSources.open(images, false)) {
      assertThat(source.size()).isEqualTo(3);
      assertThat(source.label(2)).isEqualTo("9");
      byte[] samples = source.image(1).samples();
      assertThat(samples[32 * 2 + 1]).isZero();
      assertThat(samples[32 * 2 + 2]).isEqualTo((byte) 200);
      assertThat(samples[32 * 29 + 29]).isEqualTo((byte) 200);
      assertThat(samples[32 * 30 + 29]).isZero();
    }
    gzip(labels, ints(0x801, 2), new byte[] {4, 0});
    assertThatThrownBy(() -> ImageSources.open(images, false)).hasMessageContaining("2 labels");
  }

  @Test
  void brokenArchivesAreRefusedInWords() throws IOException {
    for (String name :
        new String[] {
          "cifar-10-python.tar.gz", "train-images-idx3-ubyte.gz", "x.zip", "x.rar", "empty"
        }) {
      Path file = temporary.resolve(name);
      if (name.equals("empty")) {
        Files.createDirectories(file);
      } else {
        Files.writeString(file, "not what it says");
      }
      assertThatThrownBy(
              () -> DatasetTool.run(settings(file, temporary.resolve("out")), DatasetProgress.NONE))
          .isInstanceOf(AliasFreeException.class)
          .hasMessageContaining(name);
    }
    assertThat(temporary.resolve("out")).doesNotExist();
  }

  @Test
  void sourceAndDestinationMustBeApart() throws IOException {
    Path source = pictures(3);
    assertThatThrownBy(() -> DatasetTool.run(settings(source, source), DatasetProgress.NONE))
        .hasMessageContaining("--dest is --source");
    assertThatThrownBy(
            () -> DatasetTool.run(settings(source, source.resolve("a/b")), DatasetProgress.NONE))
        .hasMessageContaining("lies inside");
    Path full = temporary.resolve("full");
    Files.createDirectories(full.resolve("x"));
    assertThatThrownBy(() -> DatasetTool.run(settings(source, full), DatasetProgress.NONE))
        .hasMessageContaining("--dest folder must be empty");
  }

  @Test
  void cifarComesFromItsPickles() throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (int batch = 1; batch <= 5; batch++) {
      tar.writeBytes(CifarSample.member("cifar-10-batches-py/data_batch_" + batch, batch));
    }
    Path file = temporary.resolve("cifar-10-python.tar.gz");
    gzip(file, tar.toByteArray(), new byte[1024]);
    try (ImageSource source = ImageSources.open(file, false)) {
      assertThat(source.size()).isEqualTo(10);
      assertThat(source.label(5)).isEqualTo("4");
      assertThat(Arrays.copyOf(source.image(5).samples(), 3)).containsExactly(3, 13, 23);
    }
  }
}
