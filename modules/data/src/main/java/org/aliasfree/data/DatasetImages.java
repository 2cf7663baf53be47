package org.aliasfree.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.aliasfree.AliasFreeException;

/** The image files of a data set, by number, and the file of their labels. */
final class DatasetImages implements AutoCloseable {
  private static final String LABELS = "dataset.json";

  private final FileSource files;
  private final List<String> names;

  private DatasetImages(FileSource files) {
    this.files = files;
    names = images(files);
  }

  /** Lists a folder or a zip archive. */
  static DatasetImages open(Path path) {
    FileSource files = source(path);
    try {
      return new DatasetImages(files);
    } catch (RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private static FileSource source(Path path) {
    if (Files.isDirectory(path)) {
      return new FolderSource(path);
    }
    if (!Files.exists(path)) {
      throw new AliasFreeException(
          "The data set " + path + " does not exist; give the path of a folder or a zip archive.");
    }
    if (!path.toString().toLowerCase(Locale.ROOT).endsWith(".zip") || !Files.isRegularFile(path)) {
      throw new AliasFreeException(
          "The data set "
              + path
              + " is neither a folder nor a file with the extension .zip: Path must point to a"
              + " directory or zip.");
    }
    return new ZipSource(path);
  }

  private static List<String> images(FileSource files) {
    List<String> images =
        files.names().stream()
            .filter(ImageFormats::isImage)
            .sorted(DatasetImages::compareCodePoints)
            .toList();
    if (images.isEmpty()) {
      throw new AliasFreeException(
          "No image files found in the specified path "
              + files.path()
              + "; it must hold images, such as PNG or JPEG files.");
    }
    List<String> unreadable = images.stream().filter(n -> !ImageFormats.isReadable(n)).toList();
    if (!unreadable.isEmpty()) {
      throw new AliasFreeException(
          unreadable.size()
              + " of the "
              + images.size()
              + " images of the data set "
              + files.path()
              + " have a format that is not read here, first "
              + unreadable.getFirst()
              + ". Readable are "
              + ImageFormats.readable()
              + ": convert or remove them, or add an ImageIO plug-in for the format to the class"
              + " path.");
    }
    return images;
  }

  /** As Python sorts, which differs from Java's order where characters need two units. */
  static int compareCodePoints(String a, String b) {
    int i = Arrays.mismatch(a.toCharArray(), b.toCharArray());
    if (i < 0 || i == Math.min(a.length(), b.length())) {
      return Integer.compare(a.length(), b.length());
    }
    boolean inPair = i > 0 && Character.isHighSurrogate(a.charAt(i - 1));
    int at = inPair ? i - 1 : i;
    return Integer.compare(a.codePointAt(at), b.codePointAt(at));
  }

  Path path() {
    return files.path();
  }

  /** Paths of the images from the root, with {@code /}, sorted. */
  List<String> names() {
    return names;
  }

  /** Where an image is, for a message. */
  String where(int image) {
    return files.where(names.get(image));
  }

  /** What {@code dataset.json} in the root says; none without that file. */
  ItemLabels readLabels() {
    if (!files.names().contains(LABELS)) {
      return ItemLabels.none();
    }
    try (InputStream in = files.open(LABELS)) {
      return LabelFile.read(in, files.where(LABELS), names);
    } catch (IOException e) {
      throw new AliasFreeException(
          "Cannot read the labels " + files.where(LABELS) + ": " + Failures.reason(e) + ".", e);
    }
  }

  /** Decodes an image. */
  RasterImage decode(int image, ImageDecoder.SizeCheck check) {
    byte[] content;
    try {
      content = files.read(names.get(image));
    } catch (IOException e) {
      throw new AliasFreeException(
          "Cannot read the image " + where(image) + ": " + Failures.reason(e) + ".", e);
    }
    try {
      return ImageDecoder.decode(content, check);
    } catch (AliasFreeException e) {
      throw new AliasFreeException("The image " + where(image) + " " + e.getMessage(), e);
    } catch (LinkageError e) {
      throw new AliasFreeException(
          "The image "
              + where(image)
              + " is no PNG, and for other formats this Java runtime lacks libraries of its module"
              + " java.desktop ("
              + e.getMessage()
              + "); convert it to PNG.",
          e);
    }
  }

  @Override
  public void close() {
    files.close();
  }
}
