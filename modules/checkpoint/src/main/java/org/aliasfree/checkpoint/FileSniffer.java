package org.aliasfree.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.aliasfree.tensor.HostTensor;

/**
 * Tells from a file's first bytes what it is, for choosing a reader and for saying what it is
 * instead.
 */
final class FileSniffer {
  private static final int PROTO = 0x80;
  private static final int LOOKED_AT = 512;

  private FileSniffer() {}

  /** A length that fits, then a JSON object. */
  static boolean isSafetensors(MemorySegment file) {
    if (file.byteSize() < 10) {
      return false;
    }
    long header = file.get(HostTensor.I64, 0);
    return header >= 2
        && header <= file.byteSize() - 8
        && file.get(ValueLayout.JAVA_BYTE, 8) == '{';
  }

  /**
   * Fails, saying what the file looks like, unless it starts as a pickle of protocol 2 or newer
   * does.
   */
  static void checkPickle(MemorySegment file) {
    if ((file.get(ValueLayout.JAVA_BYTE, 0) & 0xff) != PROTO) {
      throw new Malformed(
          0, "this is not a network pickle; it looks like " + appearance(file) + ".");
    }
  }

  private static String appearance(MemorySegment file) {
    int size = (int) Math.min(file.byteSize(), LOOKED_AT);
    String start =
        new String(
            file.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    String lower = start.toLowerCase(Locale.ROOT).strip();
    if (start.startsWith("PK\003\004")) {
      return "a zip archive (a dataset, or a checkpoint of torch.save)";
    }
    if (start.startsWith("version https://git-lfs")) {
      return "a pointer of Git LFS; fetch the file itself with \"git lfs pull\"";
    }
    if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
      return "a web page; the download gave an error page or a login form";
    }
    if (lower.startsWith("<?xml")) {
      return "an XML document; the download may have given an error message";
    }
    if (start.startsWith("\u0089PNG") || start.startsWith("\u00ff\u00d8\u00ff")) {
      return "a picture";
    }
    if (start.startsWith("\u001f\u008b")) {
      return "a gzip archive; unpack it first";
    }
    if (start.startsWith("\u0089HDF")) {
      return "an HDF5 file";
    }
    if (isSafetensors(file)) {
      return "a safetensors file";
    }
    boolean text =
        start.chars().allMatch(c -> c == '\t' || c == '\n' || c == '\r' || (c >= ' ' && c < 0x7f));
    return text ? "a text file" : "data of another kind";
  }
}
