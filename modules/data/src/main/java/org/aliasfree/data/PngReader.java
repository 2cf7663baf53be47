package org.aliasfree.data;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.aliasfree.AliasFreeException;

/**
 * Reads PNG files (PNG specification, third edition), all kinds of them. Checksums are checked,
 * which the JDK's reader does not do, and the desktop module is not started. Transparent colours
 * count in palettes only, gamma and profiles not at all.
 */
final class PngReader {
  private static final long SIGNATURE = 0x89504e470d0a1a0aL;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int TRNS = 0x74524e53;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;

  /** The first pixel and the steps of Adam7's passes: x, y, step of x, step of y. */
  private static final int[][] ADAM7 = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final ByteBuffer file;
  private final ImageDecoder.SizeCheck sizes;
  private PngFormat format = PngFormat.NONE;
  private byte[] palette = {};
  private byte[] paletteAlpha = {};

  private PngReader(byte[] file, ImageDecoder.SizeCheck sizes) {
    this.file = ByteBuffer.wrap(file);
    this.sizes = sizes;
  }

  static boolean isPng(byte[] file) {
    return file.length >= Long.BYTES && ByteBuffer.wrap(file).getLong() == SIGNATURE;
  }

  /** Reads a file that {@link #isPng}. Fails as {@link ImageDecoder#decode} does. */
  static RasterImage read(byte[] file, ImageDecoder.SizeCheck sizes) {
    return new PngReader(file, sizes).read();
  }

  private RasterImage read() {
    file.position(Long.BYTES);
    while (true) {
      ByteBuffer chunk = chunk(file);
      int type = chunk.getInt();
      switch (type) {
        case IHDR -> {
          format = PngFormat.of(chunk);
          sizes.check(format.width(), format.height());
        }
        case PLTE -> palette = bytes(chunk);
        case TRNS -> paletteAlpha = bytes(chunk);
        case IDAT -> {
          return pixels(chunk);
        }
        case IEND -> throw ImageDecoder.damaged("it has no pixels");
        default -> {}
      }
    }
  }

  private static byte[] bytes(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    return bytes;
  }

  /** The type and data of the next chunk, whose checksum is right. */
  static ByteBuffer chunk(ByteBuffer file) {
    if (file.remaining() < 12) {
      throw ImageDecoder.cutShort();
    }
    int size = file.getInt();
    if (size < 0) {
      throw ImageDecoder.damaged("a chunk has an impossible size");
    }
    if (size > file.remaining() - 8) {
      throw ImageDecoder.cutShort();
    }
    ByteBuffer chunk = file.slice(file.position(), size + 4);
    CRC32 crc = new CRC32();
    crc.update(chunk.duplicate());
    file.position(file.position() + size + 4);
    if ((int) crc.getValue() != file.getInt()) {
      throw ImageDecoder.damaged("a checksum is wrong");
    }
    return chunk;
  }

  private RasterImage pixels(ByteBuffer first) {
    if (format.width() == 0) {
      throw ImageDecoder.damaged("it has no header");
    }
    int[][] passes = format.interlaced() ? ADAM7 : ONE_PASS;
    format.checkData(file.limit());
    PngColors colors = PngColors.of(format, palette, paletteAlpha);
    byte[] samples =
        new byte
            [Math.multiplyExact(
                Math.multiplyExact(format.width(), format.height()), colors.channels())];
    try (PngData data = new PngData(first, file)) {
      for (int[] pass : passes) {
        int width = (format.width() - pass[0] + pass[2] - 1) / pass[2];
        int height = (format.height() - pass[1] + pass[3] - 1) / pass[3];
        if (width > 0 && height > 0) {
          pass(data, colors, samples, pass, width, height);
        }
      }
      data.finish();
    }
    return new RasterImage(format.width(), format.height(), colors.channels(), samples);
  }

  private void pass(
      PngData data, PngColors colors, byte[] samples, int[] pass, int width, int height) {
    int stride = format.stride(width);
    byte[] row = new byte[stride + 1];
    byte[] above = new byte[stride + 1];
    int step = pass[2] * colors.channels();
    for (int y = 0; y < height; y++) {
      data.read(row);
      restore(row, above, format.pixelBytes());
      int at = ((pass[1] + y * pass[3]) * format.width() + pass[0]) * colors.channels();
      colors.put(row, width, samples, at, step);
      byte[] swapped = above;
      above = row;
      row = swapped;
    }
  }

  /** Undoes the prediction (section 9); byte 0 of both rows is the filter. */
  private static void restore(byte[] row, byte[] above, int pixel) {
    int filter = row[0];
    int first = Math.min(pixel + 1, row.length);
    switch (filter) {
      case 0 -> {}
      case 1 -> {
        for (int i = pixel + 1; i < row.length; i++) {
          row[i] += row[i - pixel];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < first; i++) {
          row[i] += (byte) ((above[i] & 0xff) >> 1);
        }
        for (int i = first; i < row.length; i++) {
          row[i] += (byte) (((row[i - pixel] & 0xff) + (above[i] & 0xff)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i < first; i++) {
          row[i] += above[i];
        }
        for (int i = first; i < row.length; i++) {
          row[i] +=
              (byte)
                  PngWriter.paeth(row[i - pixel] & 0xff, above[i] & 0xff, above[i - pixel] & 0xff);
        }
      }
      default -> throw ImageDecoder.damaged("a row has the unknown filter " + filter);
    }
  }

  /** Where the compressed data of a picture comes from: its IDAT chunks, one after another. */
  private static final class PngData implements AutoCloseable {
    private final Inflater inflater = new Inflater();
    private final ByteBuffer file;

    PngData(ByteBuffer first, ByteBuffer file) {
      this.file = file;
      inflater.setInput(first);
    }

    void read(byte[] row) {
      int at = 0;
      while (at < row.length) {
        int count = inflate(row, at);
        if (count == 0 && inflater.finished()) {
          throw ImageDecoder.cutShort();
        }
        at += count;
      }
    }

    /** Looks at the end, where the checksum of all pixels is; more pixels than needed are fine. */
    void finish() {
      byte[] rest = new byte[256];
      while (!inflater.finished() && inflate(rest, 0) == 0) {}
    }

    private int inflate(byte[] to, int at) {
      try {
        int count = inflater.inflate(to, at, to.length - at);
        if (count == 0 && !inflater.finished()) {
          if (inflater.needsDictionary()) {
            throw ImageDecoder.damaged("its pixels need a dictionary");
          }
          ByteBuffer next = chunk(file);
          if (next.getInt() != IDAT) {
            throw ImageDecoder.cutShort();
          }
          inflater.setInput(next);
        }
        return count;
      } catch (DataFormatException e) {
        throw new AliasFreeException(
            "is damaged: its pixels cannot be unpacked (" + e.getMessage() + ").", e);
      }
    }

    @Override
    public void close() {
      inflater.end();
    }
  }
}
