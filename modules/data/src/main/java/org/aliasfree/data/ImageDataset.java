package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.aliasfree.AliasFreeException;
import org.aliasfree.random.RandomState;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/**
 * Square images of one size in a folder or a zip archive, and their labels: what networks are
 * trained on. Images are the files with an image's extension, sorted by their path from the root;
 * labels come from {@code dataset.json} in the root.
 *
 * <p><em>Images</em> are the files; <em>items</em> are what is trained on: the images that {@link
 * DatasetOptions#maxSize()} leaves, in order, then the same mirrored. Nothing of an image is kept
 * in memory: it is decoded whenever it is asked for. All methods may be called by several threads
 * at once.
 */
public final class ImageDataset implements AutoCloseable {
  private final DatasetImages images;
  private final DatasetOptions options;
  private final ItemLabels labels;
  private final int channels;
  private final int resolution;
  private final int[] kept;

  private ImageDataset(DatasetImages images, DatasetOptions options) {
    this.images = images;
    this.options = options;
    labels = options.useLabels() ? images.readLabels() : ItemLabels.none();
    RasterImage first = readFirst(images, options);
    resolution = first.width();
    channels = first.channels();
    kept = keep(images.names().size(), options);
    int views = (options.xflip() ? 2 : 1) * (options.mirrorVertically() ? 2 : 1);
    if ((long) kept.length * views > Integer.MAX_VALUE) {
      throw new AliasFreeException(
          "The data set "
              + images.path()
              + " has "
              + kept.length
              + " images; mirrored these are more than can be counted. Set a largest number.");
    }
  }

  /**
   * Opens a folder or a zip archive, reads its labels and decodes its first image.
   *
   * @throws AliasFreeException when it cannot be read, has no images or labels that do not match
   *     them, or its first image is not square, has a format that is not read here or another size
   *     than {@link DatasetOptions#resolution()}
   */
  public static ImageDataset open(Path path, DatasetOptions options) {
    DatasetImages images = DatasetImages.open(path);
    try {
      return new ImageDataset(images, options);
    } catch (RuntimeException e) {
      images.close();
      throw e;
    }
  }

  private static RasterImage readFirst(DatasetImages images, DatasetOptions options) {
    RasterImage image =
        images.decode(
            0,
            (width, height) -> {
              if (height != width) {
                throw new AliasFreeException(
                    "is "
                        + width
                        + "x"
                        + height
                        + " pixels, but the images of a data set must be square; crop or scale"
                        + " them.");
              }
              int wanted = options.resolution().orElse(height);
              if (height != wanted) {
                throw new AliasFreeException(
                    "is "
                        + width
                        + "x"
                        + height
                        + " pixels, but "
                        + wanted
                        + "x"
                        + wanted
                        + " is asked for: Image files do not match the specified resolution.");
              }
            });
    if (image.channels() == 2) {
      throw new AliasFreeException(
          "The image "
              + images.where(0)
              + " is gray with alpha (2 channels); the images of a data set must be gray, RGB or"
              + " RGBA. Remove the alpha channel, or convert to RGBA.");
    }
    return image;
  }

  private static int[] keep(int images, DatasetOptions options) {
    int size = options.maxSize().orElse(images);
    if (images <= size) {
      return IntStream.range(0, images).toArray();
    }
    int[] kept = new RandomState(options.randomSeed()).choice(images, size);
    Arrays.sort(kept);
    return kept;
  }

  /** Decodes an image file of the size and channels of the first. */
  private RasterImage decode(int image) {
    RasterImage pixels =
        images.decode(
            image,
            (width, height) -> {
              if (height != resolution || width != resolution) {
                throw new AliasFreeException(
                    "is "
                        + width
                        + "x"
                        + height
                        + " pixels, but the first image of the data set is "
                        + resolution
                        + "x"
                        + resolution
                        + "; all must have the same size.");
              }
            });
    if (pixels.channels() != channels) {
      throw new AliasFreeException(
          "The image "
              + images.where(image)
              + " has "
              + pixels.channels()
              + (pixels.channels() == 1 ? " channel" : " channels")
              + ", but the first image of the data set has "
              + channels
              + "; all must have the same number.");
    }
    return pixels;
  }

  /** The folder or the archive. */
  public Path path() {
    return images.path();
  }

  /** The name of the folder or archive, without its last extension. */
  public String name() {
    Path file = images.path().toAbsolutePath().normalize().getFileName();
    String name = file == null ? "" : file.toString();
    int dot = name.lastIndexOf('.');
    return dot > 0 && !name.substring(0, dot).chars().allMatch(c -> c == '.')
        ? name.substring(0, dot)
        : name;
  }

  /** Items: what {@link DatasetOptions#maxSize()} leaves, times the ways of mirroring. */
  public int size() {
    return kept.length * (options.xflip() ? 2 : 1) * (options.mirrorVertically() ? 2 : 1);
  }

  /** Image files. */
  public int imageCount() {
    return images.names().size();
  }

  /** Paths of the image files from the root, with {@code /}, sorted. */
  public List<String> imageNames() {
    return images.names();
  }

  /** Height and width of the images. */
  public int resolution() {
    return resolution;
  }

  /** 1 for gray, 3 for RGB, 4 for RGBA. */
  public int channels() {
    return channels;
  }

  /** Type of an image: u8 [channels, resolution, resolution]. */
  public TensorType imageType() {
    return TensorType.of(DType.U8, channels, resolution, resolution);
  }

  /** Elements of a label: the number of classes, the length of the vectors, or 0 for none. */
  public int labelDim() {
    return labels.dim();
  }

  /** Whether labels have any elements. */
  public boolean hasLabels() {
    return labels.dim() > 0;
  }

  /** Whether the labels are classes. */
  public boolean hasOnehotLabels() {
    return labels.oneHot();
  }

  /** The options it was opened with. */
  public DatasetOptions options() {
    return options;
  }

  /** What an item is made of. */
  public ItemDetails details(int item) {
    int raw = rawIndex(item);
    return new ItemDetails(raw, xflip(item), yflip(item), labels.raw(raw));
  }

  private int rawIndex(int item) {
    if (item < 0 || item >= size()) {
      throw new AliasFreeException(
          "The data set " + name() + " has no item " + item + "; it has " + size() + ", from 0.");
    }
    return kept[item % kept.length];
  }

  private boolean xflip(int item) {
    return options.xflip() && (item / kept.length & 1) == 1;
  }

  private boolean yflip(int item) {
    return options.mirrorVertically() && item / kept.length >= (options.xflip() ? 2 : 1);
  }

  /** The label of an item, f32 [labelDim]: classes are one-hot. */
  public HostTensor label(int item) {
    HostTensor label = ItemLabels.heap(TensorType.f32(labelDim()));
    readLabel(item, label.data());
    return label;
  }

  /**
   * Writes the label of an item.
   *
   * @param destination at least labelDim f32 values, little-endian
   */
  public void readLabel(int item, MemorySegment destination) {
    labels.put(rawIndex(item), destination);
  }

  /** The image of an item, u8 [C, H, W]. */
  public HostTensor image(int item) {
    HostTensor image = ItemLabels.heap(imageType());
    read(item, image.data());
    return image;
  }

  /**
   * Decodes the image of an item.
   *
   * @param destination takes the bytes of u8 [C, H, W]
   * @throws AliasFreeException naming the file, when it cannot be read or decoded or differs from
   *     the first in size or channels
   */
  public void read(int item, MemorySegment destination) {
    byte[] source = decode(rawIndex(item)).samples();
    boolean xflip = xflip(item);
    boolean yflip = yflip(item);
    byte[] row = new byte[resolution];
    int stepX = xflip ? -channels : channels;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < resolution; y++) {
        int from = (yflip ? resolution - 1 - y : y) * resolution * channels;
        int at = from + c + (xflip ? (resolution - 1) * channels : 0);
        for (int x = 0; x < resolution; x++, at += stepX) {
          row[x] = source[at];
        }
        MemorySegment.copy(
            row,
            0,
            destination,
            ValueLayout.JAVA_BYTE,
            ((long) c * resolution + y) * resolution,
            resolution);
      }
    }
  }

  /**
   * Decodes every image file and lists those that cannot be trained on, in the order of the files.
   *
   * @param progress told the number of images looked at, growing, never by two threads at once
   */
  public List<FaultyImage> verify(IntConsumer progress) {
    List<FaultyImage> faulty = new ArrayList<>();
    AtomicInteger done = new AtomicInteger();
    IntStream.range(0, images.names().size())
        .parallel()
        .forEach(
            image -> {
              String problem = "";
              try {
                decode(image);
              } catch (AliasFreeException e) {
                problem = String.valueOf(e.getMessage());
              }
              synchronized (faulty) {
                if (!problem.isEmpty()) {
                  faulty.add(new FaultyImage(images.names().get(image), problem));
                }
                progress.accept(done.incrementAndGet());
              }
            });
    faulty.sort(Comparator.comparing(FaultyImage::file, DatasetImages::compareCodePoints));
    return faulty;
  }

  /** Closes the archive; images can no longer be read then. */
  @Override
  public void close() {
    images.close();
  }
}
