package org.aliasfree.data;

/** Turns rows of a PNG file, whose prediction is undone, into samples of 8 bits. */
final class PngColors {
  private final PngFormat format;
  private final byte[] palette;
  private final byte[] alpha;
  private final int channels;

  private PngColors(PngFormat format, byte[] palette, byte[] alpha, int channels) {
    this.format = format;
    this.palette = palette;
    this.alpha = alpha;
    this.channels = channels;
  }

  /**
   * @param palette red, green and blue of each colour
   * @param alpha of the first colours of the palette, the others being opaque
   */
  static PngColors of(PngFormat format, byte[] palette, byte[] alpha) {
    if (format.color() != PngFormat.PALETTE) {
      return new PngColors(format, palette, alpha, format.samples());
    }
    if (palette.length < 3) {
      throw ImageDecoder.damaged("it has no palette");
    }
    boolean opaque = true;
    for (byte a : alpha) {
      opaque &= a == -1;
    }
    return new PngColors(format, palette, alpha, opaque ? 3 : 4);
  }

  /** Samples of a pixel of the picture. */
  int channels() {
    return channels;
  }

  /**
   * Sets a row of pixels.
   *
   * @param row the filter and then the bytes of the file
   * @param at where the first pixel goes
   * @param step from one pixel to the next
   */
  void put(byte[] row, int width, byte[] samples, int at, int step) {
    boolean indexed = format.color() == PngFormat.PALETTE;
    if (!indexed && format.bits() == Byte.SIZE && step == channels) {
      System.arraycopy(row, 1, samples, at, width * channels);
      return;
    }
    int to = at;
    for (int x = 0; x < width; x++) {
      if (indexed) {
        color(sample(row, x), samples, to);
      } else {
        for (int c = 0; c < channels; c++) {
          samples[to + c] = (byte) widened(sample(row, x * channels + c));
        }
      }
      to += step;
    }
  }

  /** The sample as it is; of 16 bits the upper 8. */
  private int sample(byte[] row, int index) {
    int bits = format.bits();
    if (bits >= Byte.SIZE) {
      return row[1 + index * (bits / Byte.SIZE)] & 0xff;
    }
    int bit = index * bits;
    return ((row[1 + bit / Byte.SIZE] & 0xff) >> (Byte.SIZE - bits - bit % Byte.SIZE))
        & ((1 << bits) - 1);
  }

  /** Gray of 1, 2 or 4 bits spread over 0 to 255. */
  private int widened(int sample) {
    return format.bits() < Byte.SIZE ? sample * (255 / ((1 << format.bits()) - 1)) : sample;
  }

  private void color(int index, byte[] samples, int to) {
    if (index * 3 + 2 >= palette.length) {
      throw ImageDecoder.damaged(
          "it uses colour " + index + " of a palette of " + palette.length / 3);
    }
    System.arraycopy(palette, index * 3, samples, to, 3);
    if (channels == 4) {
      samples[to + 3] = index < alpha.length ? alpha[index] : -1;
    }
  }
}
