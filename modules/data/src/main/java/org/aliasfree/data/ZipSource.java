package org.aliasfree.data;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.aliasfree.AliasFreeException;

/** The files in a zip archive, stored or deflated. The archive is opened once. */
final class ZipSource implements FileSource {
  /**
   * Images are compressed already, so a large file that shrank further than this is no image: it is
   * there to fill the memory.
   */
  private static final int GREATEST_RATIO = 100;

  private static final int SMALL = 1 << 24;

  private final Path path;
  private final ZipFile zip;
  private final List<String> names;

  ZipSource(Path path) {
    this.path = path;
    zip = open(path);
    try {
      names = list(path, zip);
    } catch (AliasFreeException e) {
      close();
      throw e;
    }
  }

  private static ZipFile open(Path path) {
    try {
      return open(path, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AliasFreeException(
          "Cannot open the data set "
              + path
              + " as a zip archive: "
              + Failures.reason(e)
              + ". Check that the file is complete, or pack it again.",
          e);
    }
  }

  /** Names are in UTF-8 nearly always; elsewhere any bytes have some letters. */
  private static ZipFile open(Path path, Charset names) throws IOException {
    try {
      return new ZipFile(path.toFile(), names);
    } catch (ZipException e) {
      if (names.equals(StandardCharsets.UTF_8)
          && String.valueOf(e.getMessage()).contains("entry name")) {
        return open(path, StandardCharsets.ISO_8859_1);
      }
      throw e;
    }
  }

  private static List<String> list(Path path, ZipFile zip) {
    List<String> found = new ArrayList<>(zip.size());
    Set<String> seen = new HashSet<>();
    for (var entries = zip.entries(); entries.hasMoreElements(); ) {
      ZipEntry entry = entries.nextElement();
      String name = entry.getName();
      if (leadsOutside(name)) {
        throw new AliasFreeException(
            "The data set "
                + path
                + " has an entry whose path leads out of the archive, \""
                + name
                + "\": such an archive is not read. Pack it again with paths inside one folder.");
      }
      if (!entry.isDirectory() && seen.add(name)) {
        found.add(name);
      }
    }
    return found;
  }

  private static boolean leadsOutside(String name) {
    String plain = name.replace('\\', '/');
    return plain.startsWith("/")
        || plain.matches("[A-Za-z]:.*")
        || List.of(plain.split("/", -1)).contains("..");
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public List<String> names() {
    return names;
  }

  @Override
  public String where(String name) {
    return name + " in " + path;
  }

  @Override
  public byte[] read(String name) throws IOException {
    ZipEntry entry = entry(name);
    long size = entry.getSize();
    if (size > LARGEST_FILE) {
      throw Failures.tooLarge(size);
    }
    long compressed = entry.getCompressedSize();
    if (size > SMALL && size / GREATEST_RATIO > compressed) {
      throw new IOException(
          "its " + compressed + " bytes grow to " + size + ", which no image does");
    }
    byte[] content;
    try (InputStream in = stream(entry)) {
      content = in.readNBytes((int) size + 1);
    }
    if (content.length != size) {
      throw new IOException(
          "it has "
              + (content.length < size ? "fewer" : "more")
              + " than the "
              + size
              + " bytes that the archive declares");
    }
    CRC32 crc = new CRC32();
    crc.update(content);
    if (crc.getValue() != entry.getCrc()) {
      throw new IOException("its checksum differs from the archive's, so it is damaged");
    }
    return content;
  }

  @Override
  public InputStream open(String name) throws IOException {
    ZipEntry entry = entry(name);
    return new Bounded(stream(entry), entry.getSize());
  }

  private ZipEntry entry(String name) throws IOException {
    try {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        throw new IOException("it is not in the archive");
      }
      return entry;
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  private InputStream stream(ZipEntry entry) throws IOException {
    try {
      return zip.getInputStream(entry);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  private static IOException closed(IllegalStateException e) {
    return new IOException("the data set has been closed", e);
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      System.getLogger(ZipSource.class.getName())
          .log(System.Logger.Level.WARNING, "The archive {0} could not be closed.", path);
    }
  }

  /** Ends with an error where an entry goes on beyond its declared size. */
  private static final class Bounded extends FilterInputStream {
    private long left;

    Bounded(InputStream in, long size) {
      super(in);
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int now = super.read(bytes, from, count);
      if (now > left) {
        throw new IOException("it has more bytes than the archive declares");
      }
      if (now < 0 && left > 0) {
        throw new EOFException("it has fewer bytes than the archive declares");
      }
      left -= Math.max(now, 0);
      return now;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
