package org.aliasfree.data.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.RasterImage;

/**
 * MNIST: {@value #FILE} with the labels in the file beside it. Pictures of 28×28 get a black rim of
 * 2 pixels.
 */
final class MnistSource implements ImageSource {
  static final String FILE = "train-images-idx3-ubyte.gz";

  private static final int SIZE = 28;
  private static final int RIM = 2;
  private static final int OUT = SIZE + 2 * RIM;
  private static final int IMAGES_MAGIC = 0x803;
  private static final int LABELS_MAGIC = 0x801;
  private static final int IMAGES_HEADER = 16;
  private static final int LABELS_HEADER = 8;

  private final Path path;
  private final byte[] images;
  private final byte[] labels;

  private MnistSource(Path path, byte[] images, byte[] labels) {
    this.path = path;
    this.images = images;
    this.labels = labels;
  }

  static MnistSource open(Path path) {
    Path labelPath = labelPath(path);
    byte[] images = unpack(path, IMAGES_HEADER, IMAGES_MAGIC);
    byte[] labels = unpack(labelPath, LABELS_HEADER, LABELS_MAGIC);
    ByteBuffer header = ByteBuffer.wrap(images);
    int count = header.getInt(4);
    if (header.getInt(8) != SIZE || header.getInt(12) != SIZE) {
      throw new AliasFreeException(path + " does not hold pictures of 28x28 pixels.");
    }
    check(path, images.length - IMAGES_HEADER, (long) count * SIZE * SIZE);
    check(labelPath, labels.length - LABELS_HEADER, ByteBuffer.wrap(labels).getInt(4));
    if (labels.length - LABELS_HEADER != count) {
      throw new AliasFreeException(
          path
              + " has "
              + count
              + " pictures, but "
              + labelPath
              + " has "
              + (labels.length - LABELS_HEADER)
              + " labels.");
    }
    for (byte label : Arrays.copyOfRange(labels, LABELS_HEADER, labels.length)) {
      if (label < 0 || label > 9) {
        throw new AliasFreeException(labelPath + " has labels other than 0 to 9.");
      }
    }
    return new MnistSource(path, images, labels);
  }

  private static Path labelPath(Path path) {
    return path.resolveSibling(FILE.replace("-images-idx3-", "-labels-idx1-"));
  }

  private static void check(Path path, long bytes, long expected) {
    if (bytes != expected) {
      throw new AliasFreeException(
          path + " is damaged: " + expected + " bytes of data are expected, not " + bytes + ".");
    }
  }

  private static byte[] unpack(Path path, int header, int magic) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), 1 << 16)) {
      byte[] bytes = in.readNBytes((int) SourceFiles.LARGEST);
      if (bytes.length < header || ByteBuffer.wrap(bytes).getInt() != magic) {
        throw new AliasFreeException(path + " is no file of MNIST: it does not begin as one.");
      }
      return bytes;
    } catch (IOException e) {
      throw new AliasFreeException(
          path + " cannot be read as a gzip file: " + SourceFiles.reason(e) + ".", e);
    }
  }

  @Override
  public int size() {
    return labels.length - LABELS_HEADER;
  }

  @Override
  public String name(int index) {
    return path + "[" + index + "]";
  }

  @Override
  public RasterImage image(int index) {
    byte[] samples = new byte[OUT * OUT];
    for (int y = 0; y < SIZE; y++) {
      int from = IMAGES_HEADER + (index * SIZE + y) * SIZE;
      System.arraycopy(images, from, samples, (y + RIM) * OUT + RIM, SIZE);
    }
    return new RasterImage(OUT, OUT, 1, samples);
  }

  @Override
  public String label(int index) {
    return Integer.toString(labels[LABELS_HEADER + index]);
  }

  @Override
  public String fingerprint() {
    return SourceFiles.fingerprint(path) + " " + SourceFiles.fingerprint(labelPath(path));
  }

  @Override
  public void close() {}
}
