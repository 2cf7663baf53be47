package org.aliasfree.data.tool;

import org.aliasfree.data.RasterImage;
import org.jspecify.annotations.Nullable;

/**
 * How a picture is cropped and resized; W×H below is the resolution asked for. All but {@link
 * #RESIZE} need one.
 */
public enum Transform {
  /** Nothing is cropped; the picture is resized to W×H where that is given. */
  RESIZE("none") {
    @Override
    RasterImage apply(RasterImage image, int width, int height, ResampleFilter filter) {
      return width == 0 ? image : Resampling.resize(image, width, height, filter);
    }
  },
  /** The largest square in the middle, resized to W×H. */
  CENTER_CROP("center-crop") {
    @Override
    RasterImage apply(RasterImage image, int width, int height, ResampleFilter filter) {
      int size = Math.min(image.width(), image.height());
      return Resampling.resize(middle(image, size, size), width, height, filter);
    }
  },
  /**
   * The middle ch = round(W·h/w) rows of a picture of w×h, resized to W×H and set in the middle of
   * a black square of W×W. Pictures with w &lt; W or ch &lt; H are left out. As in the official
   * tool ch counts rows of the picture before it is resized, so shapes are kept where w = W only.
   */
  CENTER_CROP_WIDE("center-crop-wide") {
    @Override
    @Nullable RasterImage apply(RasterImage image, int width, int height, ResampleFilter filter) {
      int rows = scaled(width, image.height(), image.width());
      if (image.width() < width || rows < height) {
        return null;
      }
      RasterImage cropped = middle(image, image.width(), rows);
      return onSquare(Resampling.resize(cropped, width, height, filter), width);
    }
  },
  /**
   * {@link #CENTER_CROP_WIDE} with rows and columns swapped: the middle cw = round(H·w/h) columns
   * of a picture of w×h, resized to W×H and set in the middle of a black square of H×H. Pictures
   * with h &lt; H or cw &lt; W are left out.
   */
  CENTER_CROP_TALL("center-crop-tall") {
    @Override
    @Nullable RasterImage apply(RasterImage image, int width, int height, ResampleFilter filter) {
      int columns = scaled(height, image.width(), image.height());
      if (image.height() < height || columns < width) {
        return null;
      }
      RasterImage cropped = middle(image, columns, image.height());
      return onSquare(Resampling.resize(cropped, width, height, filter), height);
    }
  };

  private final String label;

  Transform(String label) {
    this.label = label;
  }

  /** What it is called on the command line. */
  public String label() {
    return label;
  }

  /**
   * The cropped and resized picture; null when the picture is to be left out.
   *
   * @param width of the resolution, 0 where none is given
   * @param height of the resolution, 0 where none is given
   */
  abstract @Nullable RasterImage apply(
      RasterImage image, int width, int height, ResampleFilter filter);

  /** size·other/own, a half to the even neighbour as NumPy rounds. */
  private static int scaled(int size, int other, int own) {
    return (int) Math.min(Math.rint((double) ((long) size * other) / own), Integer.MAX_VALUE);
  }

  private static RasterImage middle(RasterImage image, int width, int height) {
    if (width == image.width() && height == image.height()) {
      return image;
    }
    int channels = image.channels();
    byte[] samples = new byte[width * height * channels];
    int left = (image.width() - width) / 2;
    int top = (image.height() - height) / 2;
    int stride = width * channels;
    for (int y = 0; y < height; y++) {
      int from = ((top + y) * image.width() + left) * channels;
      System.arraycopy(image.samples(), from, samples, y * stride, stride);
    }
    return new RasterImage(width, height, channels, samples);
  }

  private static RasterImage onSquare(RasterImage image, int size) {
    int channels = image.channels();
    byte[] samples = new byte[Math.multiplyExact(Math.multiplyExact(size, size), channels)];
    int left = (size - image.width()) / 2;
    int top = (size - image.height()) / 2;
    int stride = image.width() * channels;
    for (int y = 0; y < image.height(); y++) {
      int to = ((top + y) * size + left) * channels;
      System.arraycopy(image.samples(), y * stride, samples, to, stride);
    }
    return new RasterImage(size, size, channels, samples);
  }
}
