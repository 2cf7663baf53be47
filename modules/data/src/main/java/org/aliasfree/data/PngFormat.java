package org.aliasfree.data;

import java.nio.ByteBuffer;
import org.aliasfree.AliasFreeException;

/**
 * The header of a PNG file.
 *
 * @param width in pixels
 * @param height in pixels
 * @param bits of a sample: 1, 2, 4, 8 or 16
 * @param color 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGBA
 * @param interlaced whether the pixels come in the seven passes of Adam7
 */
record PngFormat(int width, int height, int bits, int color, boolean interlaced) {
  static final int GRAY = 0;
  static final int PALETTE = 3;

  static final PngFormat NONE = new PngFormat(0, 0, 0, 0, false);

  /** Deflate packs at most 1032 bytes into one. */
  private static final int BEST_RATIO = 1032;

  private static final int[] CHANNELS = {1, 0, 3, 1, 2, 0, 4};

  static PngFormat of(ByteBuffer chunk) {
    if (chunk.remaining() < 13) {
      throw ImageDecoder.damaged("its header is short");
    }
    int width = chunk.getInt();
    int height = chunk.getInt();
    int bits = chunk.get();
    int color = chunk.get();
    int compression = chunk.get();
    int filter = chunk.get();
    int interlace = chunk.get();
    boolean known =
        switch (color) {
          case GRAY -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
          case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case 2, 4, 6 -> bits == 8 || bits == 16;
          default -> false;
        };
    if (!known || compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
      throw ImageDecoder.damaged("its header names a kind of PNG that there is not");
    }
    ImageDecoder.checkSize(width, height);
    return new PngFormat(width, height, bits, color, interlace == 1);
  }

  /** Samples of a pixel in the file; an index into a palette is one. */
  int samples() {
    return CHANNELS[color];
  }

  /** Bytes of a row of so many pixels. */
  int stride(int pixels) {
    long stride = ((long) pixels * samples() * bits + 7) / 8;
    if (stride > Integer.MAX_VALUE - 8) {
      throw new AliasFreeException("has rows of " + stride + " bytes, which is too long.");
    }
    return (int) stride;
  }

  /** Distance in bytes between what the filters take for neighbours. */
  int pixelBytes() {
    return Math.max(samples() * bits / 8, 1);
  }

  /** Refuses a size that so many bytes cannot hold, before memory is taken for it. */
  void checkData(long fileBytes) {
    if ((long) stride(width) * height / BEST_RATIO > fileBytes) {
      throw ImageDecoder.damaged(
          fileBytes + " bytes cannot hold its " + width + "x" + height + " pixels");
    }
  }
}
