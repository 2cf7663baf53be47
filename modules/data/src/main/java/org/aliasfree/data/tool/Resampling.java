package org.aliasfree.data.tool;

import org.aliasfree.data.RasterImage;

/**
 * Resizes pictures to the bits that Pillow gives: the weights of each output pixel are the kernel
 * about its centre, stretched by the factor when the picture becomes smaller, made to sum to 1 and
 * rounded to {@value #PRECISION} bits; rows are resized first, then columns, rounded to bytes in
 * between (slender pictures the other way round); a direction in which the size stays is left
 * alone. With alpha, colours are multiplied by it before and divided by it after.
 */
final class Resampling {
  /** A byte's 8 bits, a sign and one bit for overshoot leave so many of an int. */
  private static final int PRECISION = 32 - 8 - 2;

  private static final int HALF = 1 << (PRECISION - 1);
  private static final int MAX = 255;

  /** Pictures higher than so many widths become less high before anything else. */
  private static final int SLENDER = 100;

  private Resampling() {}

  /** The picture in another size; the same picture when that is the size it has. */
  static RasterImage resize(RasterImage image, int width, int height, ResampleFilter filter) {
    if (image.width() == width && image.height() == height) {
      return image;
    }
    int channels = image.channels();
    boolean alpha = channels == 2 || channels == 4;
    byte[] samples = alpha ? premultiplied(image) : image.samples();
    int rows = image.height();
    if (rows > (long) SLENDER * image.width() && height < rows) {
      samples = columns(samples, rows, height, image.width() * channels, filter);
      rows = height;
    }
    if (width != image.width()) {
      samples = rows(samples, rows, image.width(), width, channels, filter);
    }
    if (height != rows) {
      samples = columns(samples, rows, height, width * channels, filter);
    }
    if (alpha) {
      divide(samples, channels);
    }
    return new RasterImage(width, height, channels, samples);
  }

  /** For each output position the first input position and the weights from there on. */
  private static final class Taps {
    private final int[] first;
    private final int[][] weights;

    private Taps(int[] first, int[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    static Taps of(int in, int out, ResampleFilter filter) {
      double scale = (double) in / out;
      double stretch = Math.max(scale, 1);
      double support = filter.support() * stretch;
      int[] first = new int[out];
      int[][] weights = new int[out][];
      for (int i = 0; i < out; i++) {
        double center = (i + 0.5) * scale;
        first[i] = Math.max((int) (center - support + 0.5), 0);
        int count = Math.min((int) (center + support + 0.5), in) - first[i];
        weights[i] = rounded(exact(first[i], center, count, 1 / stretch, filter));
      }
      return new Taps(first, weights);
    }

    /** In the order in which Pillow computes, so that no rounding differs. */
    private static double[] exact(
        int first, double center, int count, double step, ResampleFilter filter) {
      double[] weights = new double[count];
      double sum = 0;
      for (int i = 0; i < count; i++) {
        weights[i] = filter.at((i + first - center + 0.5) * step);
        sum += weights[i];
      }
      for (int i = 0; i < count && sum != 0; i++) {
        weights[i] /= sum;
      }
      return weights;
    }

    private static int[] rounded(double[] weights) {
      int[] rounded = new int[weights.length];
      for (int i = 0; i < weights.length; i++) {
        double scaled = weights[i] * (1 << PRECISION);
        rounded[i] = (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
      }
      return rounded;
    }
  }

  private static byte[] rows(
      byte[] from, int height, int in, int out, int channels, ResampleFilter filter) {
    Taps taps = Taps.of(in, out, filter);
    byte[] to = new byte[Math.multiplyExact(Math.multiplyExact(height, out), channels)];
    for (int y = 0; y < height; y++) {
      int start = y * in * channels;
      int at = y * out * channels;
      for (int x = 0; x < out; x++) {
        int first = start + taps.first[x] * channels;
        if (channels == 3) {
          rgb(from, first, taps.weights[x], to, at);
        } else {
          for (int c = 0; c < channels; c++) {
            to[at + c] = sum(from, first + c, channels, taps.weights[x]);
          }
        }
        at += channels;
      }
    }
    return to;
  }

  private static byte sum(byte[] from, int first, int step, int[] weights) {
    int sum = HALF;
    int at = first;
    for (int weight : weights) {
      sum += (from[at] & MAX) * weight;
      at += step;
    }
    return clamp(sum);
  }

  private static void rgb(byte[] from, int first, int[] weights, byte[] to, int at) {
    int red = HALF;
    int green = HALF;
    int blue = HALF;
    int in = first;
    for (int weight : weights) {
      red += (from[in] & MAX) * weight;
      green += (from[in + 1] & MAX) * weight;
      blue += (from[in + 2] & MAX) * weight;
      in += 3;
    }
    to[at] = clamp(red);
    to[at + 1] = clamp(green);
    to[at + 2] = clamp(blue);
  }

  private static byte clamp(int sum) {
    return (byte) Math.max(Math.min(sum >> PRECISION, MAX), 0);
  }

  private static byte[] columns(byte[] from, int in, int out, int stride, ResampleFilter filter) {
    Taps taps = Taps.of(in, out, filter);
    byte[] to = new byte[Math.multiplyExact(out, stride)];
    int[] sums = new int[stride];
    for (int y = 0; y < out; y++) {
      java.util.Arrays.fill(sums, HALF);
      int row = taps.first[y] * stride;
      for (int weight : taps.weights[y]) {
        accumulate(from, row, weight, sums);
        row += stride;
      }
      int at = y * stride;
      for (int i = 0; i < stride; i++) {
        to[at + i] = clamp(sums[i]);
      }
    }
    return to;
  }

  /** Apart from the loop around it, so that it is compiled to vector instructions. */
  private static void accumulate(byte[] from, int row, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (from[row + i] & MAX) * weight;
    }
  }

  private static byte[] premultiplied(RasterImage image) {
    byte[] samples = image.samples().clone();
    int channels = image.channels();
    for (int i = 0; i < samples.length; i += channels) {
      int alpha = samples[i + channels - 1] & MAX;
      for (int c = 0; c < channels - 1; c++) {
        int product = (samples[i + c] & MAX) * alpha + 128;
        samples[i + c] = (byte) (((product >> 8) + product) >> 8);
      }
    }
    return samples;
  }

  private static void divide(byte[] samples, int channels) {
    for (int i = 0; i < samples.length; i += channels) {
      int alpha = samples[i + channels - 1] & MAX;
      for (int c = 0; c < channels - 1 && alpha != 0 && alpha != MAX; c++) {
        samples[i + c] = (byte) Math.min((samples[i + c] & MAX) * MAX / alpha, MAX);
      }
    }
  }
}
