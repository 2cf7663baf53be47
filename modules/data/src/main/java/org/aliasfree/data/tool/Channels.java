package org.aliasfree.data.tool;

import org.aliasfree.data.RasterImage;

/** Conversion between gray, RGB and RGBA, by Pillow's formulas. */
final class Channels {
  private Channels() {}

  /**
   * The picture with other channels: gray is weighed by ITU-R 601 (0.299, 0.587, 0.114 with 16
   * bits), gray becomes three equal colours, alpha is dropped, or added as opaque.
   *
   * @param channels 1, 3 or 4
   */
  static RasterImage convert(RasterImage image, int channels) {
    int from = image.channels();
    if (from == channels) {
      return image;
    }
    byte[] in = image.samples();
    int pixels = image.width() * image.height();
    byte[] out = new byte[Math.multiplyExact(pixels, channels)];
    boolean gray = from <= 2;
    boolean alpha = from == 2 || from == 4;
    for (int p = 0; p < pixels; p++) {
      int at = p * from;
      int to = p * channels;
      if (channels == 1) {
        out[to] = gray ? in[at] : luminance(in, at);
        continue;
      }
      for (int c = 0; c < 3; c++) {
        out[to + c] = in[gray ? at : at + c];
      }
      if (channels == 4) {
        out[to + 3] = alpha ? in[at + from - 1] : (byte) 255;
      }
    }
    return new RasterImage(image.width(), image.height(), channels, out);
  }

  private static byte luminance(byte[] in, int at) {
    int red = in[at] & 0xff;
    int green = in[at + 1] & 0xff;
    int blue = in[at + 2] & 0xff;
    return (byte) ((red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16);
  }
}
