package org.aliasfree.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;

/**
 * PNG files whose pixels are filtered but not compressed, which are read fast, as archives of
 * training data hold them. They are byte for byte what Pillow writes at compression level 0, as
 * long as the JDK's zlib cuts its blocks as Pillow's does.
 */
public final class UncompressedPng {
  private static final int SMALLEST_CHUNK = 1 << 16;

  /** In the order in which Pillow tries them: none, up, left, Paeth; the first best wins. */
  private static final int[] FILTERS = {0, 2, 1, 4};

  private UncompressedPng() {}

  /** The bytes of the file of a picture. */
  public static byte[] of(RasterImage image) {
    ByteArrayOutputStream file =
        new ByteArrayOutputStream(image.samples().length + image.height() + (1 << 10));
    try {
      PngWriter.writeHeader(file, image.width(), image.height(), image.channels());
      Deflater deflater = new Deflater(Deflater.NO_COMPRESSION);
      try {
        writePixels(image, deflater, file);
      } finally {
        deflater.end();
      }
      PngWriter.chunk(file, "IEND", new byte[0], 0);
    } catch (IOException e) {
      throw new UncheckedIOException("A buffer in memory cannot fail.", e);
    }
    return file.toByteArray();
  }

  private static void writePixels(RasterImage image, Deflater deflater, ByteArrayOutputStream file)
      throws IOException {
    int stride = image.width() * image.channels();
    byte[] chunk = new byte[Math.max(SMALLEST_CHUNK, 4 * image.width())];
    int filled = 0;
    byte[] above = new byte[stride];
    byte[] row = new byte[stride];
    byte[] filtered = new byte[stride + 1];
    byte[] best = new byte[stride + 1];
    for (int y = 0; y <= image.height(); y++) {
      if (y == image.height()) {
        deflater.finish();
      } else {
        System.arraycopy(image.samples(), y * stride, row, 0, stride);
        long least = Long.MAX_VALUE;
        for (int filter : FILTERS) {
          long cost =
              least == 0 ? 0 : PngWriter.filter(filter, row, above, image.channels(), filtered);
          if (cost < least) {
            least = cost;
            byte[] swapped = best;
            best = filtered;
            filtered = swapped;
          }
        }
        byte[] swapped = above;
        above = row;
        row = swapped;
        deflater.setInput(best);
      }
      while (y == image.height() ? !deflater.finished() : !deflater.needsInput()) {
        filled += deflater.deflate(chunk, filled, chunk.length - filled);
        if (filled == chunk.length) {
          PngWriter.chunk(file, "IDAT", chunk, filled);
          filled = 0;
        }
      }
    }
    if (filled > 0) {
      PngWriter.chunk(file, "IDAT", chunk, filled);
    }
  }
}
