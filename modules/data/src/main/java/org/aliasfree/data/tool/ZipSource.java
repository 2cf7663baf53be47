package org.aliasfree.data.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.aliasfree.AliasFreeException;
import org.aliasfree.data.ImageDecoder;
import org.aliasfree.data.ImageExtensions;
import org.aliasfree.data.RasterImage;
import org.jspecify.annotations.Nullable;

/** All image files of a zip archive, in order of their names. */
final class ZipSource implements ImageSource {
  /** Images are compressed already; a file that shrank further is there to fill the memory. */
  private static final int GREATEST_RATIO = 100;

  private static final int SMALL = 1 << 24;

  private final Path file;
  private final ZipFile zip;
  private final List<String> names;
  private final SourceLabels labels;

  private ZipSource(Path file, ZipFile zip, List<String> names, SourceLabels labels) {
    this.file = file;
    this.zip = zip;
    this.names = names;
    this.labels = labels;
  }

  static ZipSource open(Path file, boolean labelsFromFolders) {
    ZipFile zip;
    try {
      zip = new ZipFile(file.toFile());
    } catch (IOException | IllegalArgumentException e) {
      String reason = e instanceof IOException io ? SourceFiles.reason(io) : e.getMessage();
      throw new AliasFreeException(file + " cannot be read as a zip archive: " + reason + ".", e);
    }
    try {
      List<String> names = new ArrayList<>();
      zip.stream().map(ZipEntry::getName).filter(ImageExtensions::matches).forEach(names::add);
      names.sort(CodePoints.ORDER);
      SourceLabels labels = labelsFromFolders ? SourceLabels.fromFolders(names) : labels(file, zip);
      return new ZipSource(file, zip, names, labels);
    } catch (Throwable e) {
      close(zip);
      throw e;
    }
  }

  private static SourceLabels labels(Path file, ZipFile zip) {
    ZipEntry entry = zip.getEntry(SourceLabels.FILE);
    String where = file + "/" + SourceLabels.FILE;
    if (entry == null) {
      return SourceLabels.NONE;
    }
    try {
      return SourceLabels.read(bytes(zip, entry, SourceFiles.LARGEST_JSON), where);
    } catch (IOException e) {
      throw new AliasFreeException(where + " cannot be read: " + SourceFiles.reason(e) + ".", e);
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry, long largest) throws IOException {
    long packed = entry.getCompressedSize();
    if (entry.getSize() > SMALL && entry.getSize() / GREATEST_RATIO > packed) {
      throw new AliasFreeException(
          "is refused: its "
              + packed
              + " bytes grow to "
              + entry.getSize()
              + ", which no image does.");
    }
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = SourceFiles.read(in, entry.getSize(), largest);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if (crc.getValue() != entry.getCrc()) {
      throw new AliasFreeException("is damaged: its checksum differs from the archive's.");
    }
    return bytes;
  }

  @Override
  public int size() {
    return names.size();
  }

  @Override
  public String name(int index) {
    return file + "/" + names.get(index);
  }

  @Override
  public RasterImage image(int index) {
    String name = names.get(index);
    if (leadsOutside(name)) {
      throw new AliasFreeException("has a path that leads out of the archive.");
    }
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new AliasFreeException("is not in the archive any more.");
    }
    try {
      return ImageDecoder.decode(bytes(zip, entry, SourceFiles.LARGEST));
    } catch (IOException e) {
      throw new AliasFreeException("cannot be read: " + SourceFiles.reason(e) + ".", e);
    }
  }

  private static boolean leadsOutside(String name) {
    return name.startsWith("/")
        || name.indexOf('\\') >= 0
        || List.of(name.split("/", -1)).contains("..");
  }

  @Override
  public @Nullable String label(int index) {
    return labels.get(names.get(index));
  }

  @Override
  public List<String> classes() {
    return labels.classes();
  }

  @Override
  public String fingerprint() {
    return SourceFiles.fingerprint(file);
  }

  @Override
  public void close() {
    close(zip);
  }

  private static void close(ZipFile zip) {
    try {
      zip.close();
    } catch (IOException e) {
      System.getLogger(ZipSource.class.getName())
          .log(System.Logger.Level.DEBUG, "The archive could not be closed.", e);
    }
  }
}
