package org.aliasfree.data;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.aliasfree.AliasFreeException;
import org.aliasfree.tensor.DType;
import org.aliasfree.tensor.HostTensor;
import org.aliasfree.tensor.TensorType;

/** Many pictures of one size in one, row by row. */
public final class ImageGrid {
  private final Layout layout;
  private final int columns;
  private final int rows;
  private final TensorType picture;
  private final HostTensor pixels;

  /**
   * How pictures lie.
   *
   * @param scale each pixel becomes a square of so many, 1 or more
   * @param gap pixels between pictures, 0 or more
   */
  public record Layout(int scale, int gap) {
    /** Pictures as they are, side by side. */
    public static final Layout PLAIN = new Layout(1, 0);

    /** Checks the numbers. */
    public Layout {
      if (scale < 1 || gap < 0) {
        throw new AliasFreeException(
            "A grid needs a scale of 1 or more and a gap of 0 or more, not "
                + scale
                + " and "
                + gap
                + ".");
      }
    }

    /** Pixels of so many pictures in a line, each so long. */
    public long length(int pictures, int length) {
      return (long) pictures * length * scale + (long) (pictures - 1) * gap;
    }
  }

  /** An empty grid, black, of pictures side by side. */
  public ImageGrid(int columns, int rows, int height, int width, int channels) {
    this(columns, rows, height, width, channels, Layout.PLAIN);
  }

  /**
   * An empty grid, black (transparent where there is a channel for that).
   *
   * @param columns pictures in a row
   * @param rows of pictures
   * @param height of each picture
   * @param width of each picture
   * @param channels of each picture
   * @param layout how they lie
   */
  public ImageGrid(int columns, int rows, int height, int width, int channels, Layout layout) {
    this.columns = columns;
    this.rows = rows;
    this.layout = layout;
    picture = TensorType.of(DType.U8, height, width, channels);
    pixels =
        HostTensor.allocate(
            TensorType.of(
                DType.U8, layout.length(rows, height), layout.length(columns, width), channels));
  }

  /** Puts a picture, u8 [height, width, channels], at a place counted along the rows. */
  public void put(int index, HostTensor image) {
    if (!image.type().equals(picture)) {
      throw new AliasFreeException(
          "A picture of this grid must be " + picture + ", not " + image.type() + ".");
    }
    int height = picture.shape().intDim(0);
    for (int y = 0; y < height * layout.scale(); y++) {
      MemorySegment row = scaledRow(image, y / layout.scale());
      pixels.data().asSlice(offset(index, y), row.byteSize()).copyFrom(row);
    }
  }

  private MemorySegment scaledRow(HostTensor image, int y) {
    int width = picture.shape().intDim(1);
    int channels = picture.shape().intDim(2);
    int scale = layout.scale();
    MemorySegment row = image.data().asSlice((long) y * width * channels, (long) width * channels);
    if (scale == 1) {
      return row;
    }
    byte[] scaled = new byte[Math.multiplyExact(width * channels, scale)];
    for (int i = 0; i < scaled.length; i++) {
      int x = i / channels / scale;
      scaled[i] = row.get(ValueLayout.JAVA_BYTE, (long) x * channels + i % channels);
    }
    return MemorySegment.ofArray(scaled);
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
    int height = picture.shape().intDim(0);
    int width = picture.shape().intDim(1);
    int channels = picture.shape().intDim(2);
    TensorType expected = TensorType.of(image.dtype(), channels, height, width);
    if (!image.type().equals(expected)) {
      throw new AliasFreeException(
          "An image of this grid must be " + expected + ", not " + image.type() + ".");
    }
    float scale = (float) (255 / ((double) high - low));
    HostTensor bytes = HostTensor.allocate(picture);
    long plane = (long) height * width;
    for (int c = 0; c < channels; c++) {
      for (long p = 0; p < plane; p++) {
        float value = ((float) image.get(c * plane + p) - low) * scale;
        byte level = (byte) (int) Math.clamp(Math.rint(value), 0, 255);
        bytes.data().set(ValueLayout.JAVA_BYTE, p * channels + c, level);
      }
    }
    put(index, bytes);
  }

  /** Where row {@code y} of a picture, scaled, begins. */
  private long offset(int index, int y) {
    if (index < 0 || index >= columns * rows) {
      throw new AliasFreeException(
          "Picture " + index + " has no place in a grid of " + columns + "x" + rows + ".");
    }
    int height = picture.shape().intDim(0);
    int width = picture.shape().intDim(1);
    long top = index / columns * (layout.length(1, height) + layout.gap());
    long left = index % columns * (layout.length(1, width) + layout.gap());
    return ((top + y) * pixels.shape().dim(1) + left) * pixels.shape().dim(2);
  }

  /** All of it, u8 [height, width, channels], the gaps included. */
  public HostTensor pixels() {
    return pixels;
  }
}
