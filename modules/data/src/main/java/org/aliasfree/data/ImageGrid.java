package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Many pictures of one size in one: row by row, without gaps. */
public final class ImageGrid {
  private final int columns;
  private final int rows;
  private final int height;
  private final int width;
  private final int channels;
  private final HostTensor pixels;

  /**
   * An empty grid, black.
   *
   * @param columns pictures in a row
   * @param rows of pictures
   * @param height of each picture
   * @param width of each picture
   * @param channels of each picture
   */
  public ImageGrid(int columns, int rows, int height, int width, int channels) {
    this.columns = columns;
    this.rows = rows;
    this.height = height;
    this.width = width;
    this.channels = channels;
    pixels =
        HostTensor.allocate(
            TensorType.of(DType.U8, (long) rows * height, (long) columns * width, channels));
  }

  /** Puts a picture, u8 [height, width, channels], at a place counted along the rows. */
  public void put(int index, HostTensor picture) {
    TensorType expected = TensorType.of(DType.U8, height, width, channels);
    if (!picture.type().equals(expected)) {
      throw new AliasFreeException(
          "A picture of this grid must be " + expected + ", not " + picture.type() + ".");
    }
    long rowBytes = (long) width * channels;
    for (int y = 0; y < height; y++) {
      MemorySegment.copy(picture.data(), y * rowBytes, pixels.data(), offset(index, y), rowBytes);
    }
  }

  /**
   * Puts an image as networks and data sets have it, of any element type: (v − low) · 255 / (high −
   * low) in f32, rounded half to even and kept within 0 to 255, as the original draws the grids of
   * a training run.
   *
   * @param index a place counted along the rows
   * @param image [channels, height, width]
   * @param low the value that becomes 0
   * @param high the value that becomes 255
   */
  public void put(int index, HostTensor image, float low, float high) {
    TensorType expected = TensorType.of(image.dtype(), channels, height, width);
    if (!image.type().equals(expected)) {
      throw new AliasFreeException(
          "An image of this grid must be " + expected + ", not " + image.type() + ".");
    }
    float scale = (float) (255 / ((double) high - low));
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height; y++) {
        long from = ((long) c * height + y) * width;
        long to = offset(index, y) + c;
        for (int x = 0; x < width; x++) {
          float value = ((float) image.get(from + x) - low) * scale;
          byte level = (byte) (int) Math.clamp(Math.rint(value), 0, 255);
          pixels.data().set(ValueLayout.JAVA_BYTE, to + (long) x * channels, level);
        }
      }
    }
  }

  private long offset(int index, int y) {
    if (index < 0 || index >= columns * rows) {
      throw new AliasFreeException(
          "Picture " + index + " has no place in a grid of " + columns + "x" + rows + ".");
    }
    long row = (long) (index / columns) * height + y;
    return (row * columns + index % columns) * width * channels;
  }

  /** All of it, u8 [rows · height, columns · width, channels]. */
  public HostTensor pixels() {
    return pixels;
  }
}
