package org.aliasfree.data.tool;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.aliasfree.AliasFreeException;

/**
 * Reads chosen files out of a tar archive packed with gzip (POSIX ustar, names below 100 bytes).
 */
final class TarFile {
  private static final int BLOCK = 512;
  private static final int CHECKSUM = 148;

  private TarFile() {}

  /**
   * The contents of files by name; those that are not there are missing. Reading ends with the last
   * of them.
   *
   * @param largest bytes of the largest of them
   */
  static Map<String, byte[]> read(Path path, Set<String> wanted, long largest) {
    Map<String, byte[]> found = new LinkedHashMap<>();
    try (InputStream in =
        new GZIPInputStream(
            new BufferedInputStream(Files.newInputStream(path), 1 << 16), 1 << 16)) {
      byte[] header = new byte[BLOCK];
      while (found.size() < wanted.size() && in.readNBytes(header, 0, BLOCK) == BLOCK) {
        if (header[0] == 0) {
          break; // the end is marked by blocks of zeros
        }
        checkSum(header);
        String name = text(header, 0, 100);
        long size = octal(header, 124, 12);
        boolean plain = header[156] == '0' || header[156] == 0;
        if (plain && wanted.contains(name)) {
          if (size > largest) {
            throw new IOException(name + " in it has " + size + " bytes, which is too many");
          }
          found.put(name, in.readNBytes((int) size));
          in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        } else {
          in.skipNBytes((size + BLOCK - 1) / BLOCK * BLOCK);
        }
      }
      return found;
    } catch (EOFException e) {
      throw new AliasFreeException(path + " is damaged: it ends too early.", e);
    } catch (IOException e) {
      throw new AliasFreeException(
          path + " cannot be read as a tar.gz archive: " + SourceFiles.reason(e) + ".", e);
    }
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private static long octal(byte[] header, int from, int length) throws IOException {
    String digits = text(header, from, length).strip();
    if (!digits.matches("[0-7]{1,12}")) {
      throw new IOException("a number in it is none");
    }
    return Long.parseLong(digits, 8);
  }

  /** The sum of the header's bytes, the sum itself counted as blanks. */
  private static void checkSum(byte[] header) throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= CHECKSUM && i < CHECKSUM + 8 ? ' ' : header[i] & 0xff;
    }
    if (sum != octal(header, CHECKSUM, 8)) {
      throw new IOException("a checksum is wrong");
    }
  }
}
