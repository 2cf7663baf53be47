package org.aliasfree.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Writes a folder as POSIX's tar (ustar, IEEE 1003.1-1988): folders, files and symbolic links, with
 * the right to run, owned by root.
 */
final class TarWriter {
  private static final int BLOCK = 512;
  private static final int NAME = 100;
  private static final int PREFIX = 155;

  private final OutputStream out;

  private TarWriter(OutputStream out) {
    this.out = out;
  }

  /** Writes all that is in a folder, by name. */
  static void write(Path folder, OutputStream out) throws IOException {
    TarWriter writer = new TarWriter(out);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(p -> !p.equals(folder)).sorted().toList()) {
        writer.add(path, folder.relativize(path).toString());
      }
    }
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  private void add(Path path, String name) throws IOException {
    if (Files.isSymbolicLink(path)) {
      header(path, name, '2', 0777, 0, Files.readSymbolicLink(path).toString());
    } else if (Files.isDirectory(path)) {
      header(path, name + "/", '5', 0755, 0, "");
    } else {
      long size = Files.size(path);
      header(path, name, '0', Files.isExecutable(path) ? 0755 : 0644, size, "");
      Files.copy(path, out);
      out.write(new byte[(int) Math.floorMod(-size, (long) BLOCK)]);
    }
  }

  private void header(Path path, String name, char kind, int mode, long size, String link)
      throws IOException {
    byte[] header = new byte[BLOCK];
    int cut = cut(name);
    text(header, 0, NAME, name.substring(cut == 0 ? 0 : cut + 1));
    octal(header, 100, 8, mode);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, size);
    octal(
        header,
        136,
        12,
        Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis() / 1000);
    text(header, 148, 8, "        "); // the sum is taken with blanks in its place
    header[156] = (byte) kind;
    text(header, 157, NAME, link);
    text(header, 257, 8, "ustar\00000");
    text(header, 265, 32, "root");
    text(header, 297, 32, "root");
    text(header, 345, PREFIX, name.substring(0, cut));
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    octal(header, 148, 7, sum);
    out.write(header);
  }

  /** Where a long name is divided: at a slash. */
  private static int cut(String name) throws IOException {
    if (bytes(name).length <= NAME) {
      return 0;
    }
    for (int i = name.indexOf('/'); i > 0; i = name.indexOf('/', i + 1)) {
      int rest = bytes(name.substring(i + 1)).length;
      if (rest <= NAME && rest > 0 && bytes(name.substring(0, i)).length <= PREFIX) {
        return i;
      }
    }
    throw new IOException("the name " + name + " is too long for a tar file");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void text(byte[] header, int at, int room, String text) throws IOException {
    byte[] bytes = bytes(text);
    if (bytes.length > room) {
      throw new IOException("the name " + text + " is too long for a tar file");
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static void octal(byte[] header, int at, int room, long value) throws IOException {
    text(header, at, room, ("%0" + (room - 1) + "o").formatted(value));
  }
}
